"""``manage.py check_invariants``: are the stored executions what they must be?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from executions.runtime.invariants import INVARIANTS, check_invariants


class Command(BaseCommand):
    """Names every offender; exits with 1 when there is one."""

    help = "Check what must always be true of stored executions."

    def handle(self, *_: Any, **__: Any) -> None:
        """Run every check and print what was found."""
        violations = check_invariants()
        for violation in violations:
            self.stdout.write(str(violation))
        if violations:
            raise CommandError(f"{len(violations)} violations")
        self.stdout.write(f"{len(INVARIANTS)} invariants hold")
