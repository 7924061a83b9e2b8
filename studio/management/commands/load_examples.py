"""``manage.py load_examples``: make the shipped examples into state machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from studio.actions.state_machines import create_state_machine, update_state_machine
from studio.models import StateMachine

ROLE = "role/stepwell-examples"


class Command(BaseCommand):
    """Creates what is missing; an example that somebody has edited is left as it is."""

    help = "Create the shipped examples that do not exist yet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--update``."""
        parser.add_argument(
            "--update", action="store_true", help="Also bring existing ones to the shipped text."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Create the examples, in the order of their names."""
        for manifest in sorted((settings.BASE_DIR / "examples").glob("*/example.json")):
            self._load(manifest.parent, json.loads(manifest.read_text()), update=options["update"])

    def _load(self, folder: Path, example: dict[str, str], *, update: bool) -> None:
        name = example["name"]
        definition = (folder / example["definition"]).read_text()
        existing = StateMachine.objects.filter(name=name).select_related("current").first()
        if existing is None:
            create_state_machine(
                name=name,
                definition=definition,
                role_arn=f"arn:aws:iam::{settings.AWS_ACCOUNT_ID}:{ROLE}",
                sample_input=(folder / example["sampleInput"]).read_text(),
            )
            self.stdout.write(f"created {name}")
        elif update and existing.current and existing.current.definition != definition:
            update_state_machine(existing, definition=definition)
            self.stdout.write(f"updated {name}")
