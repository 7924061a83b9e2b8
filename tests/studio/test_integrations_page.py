"""The page of integrations lists what there is."""

import re
from pathlib import Path

from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.optimized_services import SERVICES

PAGE = Path(__file__).parents[2] / "docs/reference/integrations.md"


def test_the_page_lists_every_optimized_action() -> None:
    rows = dict(
        re.findall(
            r"^\| `arn:aws:states:::([\w-]+):ACTION` \|[^|]*\| (.*) \|$", PAGE.read_text(), re.M
        )
    )
    listed = {service: set(re.findall(r"`(\w+)`", actions)) for service, actions in rows.items()}
    assert listed == {service: set(known.actions) for service, known in SERVICES.items()}


def test_the_page_marks_every_action_that_has_sync() -> None:
    rows = re.findall(r"^\| `arn:aws:states:::([\w-]+):ACTION` \|(.*)\|$", PAGE.read_text(), re.M)
    marked = {(s, action) for s, row in rows for action in re.findall(r"`(\w+)` \(\.sync\)", row)}
    assert marked == set(JOBS)
