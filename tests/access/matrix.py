"""Who may call what: the table that the tests hold the server against, and the page made of it.

python -m tests.access.matrix     writes docs/reference/permissions.md
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

ANONYMOUS: Final = "anonymous"
ROLES: Final = ("viewer", "editor", "reviewer", "operator", "admin")
EVERYBODY: Final = (ANONYMOUS, *ROLES)
TABLE: Final = Path(__file__).parent / "matrix.json"
PAGE: Final = Path(__file__).parents[2] / "docs/reference/permissions.md"

OTHERS: Final = "From another workspace"
"""The half of the table about those who belong to another workspace."""
OUTCOMES: Final = {
    "hidden": "it does not exist",
    "own": "that workspace's own",
    "account": "one's own account",
    "public": "open to anybody",
}
"""What they get whose role allows the call in their own workspace; the others are refused there,
too.
"""

_HEAD = """\
# Who may call what

Every route, operation and message, and which [role](../how-to/manage-who-may-do-what.md) may call
it in its own workspace. What is not here is refused to everybody. The last column says what
somebody of another [workspace](../how-to/run-several-teams.md) gets who has a role there that would
do, and asks for what this one has. What no role may is for superusers, who keep the installation.
This page is made from the table that the tests hold the server against
(`tests/access/matrix.json`): each cell is requested.
"""


def read_matrix() -> dict[str, dict[str, frozenset[str]]]:
    """By surface and call (``GET /api/…``, ``StartExecution``, ``watch``): who may call it."""
    table: dict[str, dict[str, str]] = json.loads(TABLE.read_text())
    return {
        surface: {call: _allowed(who) for call, who in calls.items()}
        for surface, calls in table.items()
        if surface != OTHERS
    }


def read_others() -> dict[str, dict[str, str]]:
    """By surface and call: what those of another workspace get, one of ``OUTCOMES``."""
    table: dict[str, dict[str, str]] = json.loads(TABLE.read_text())[OTHERS]
    unknown = {each for calls in table.values() for each in calls.values()} - set(OUTCOMES)
    assert not unknown, unknown
    return table


def _allowed(who: str) -> frozenset[str]:
    """``all`` is everybody who is signed in, ``anybody`` also who is not."""
    if who == "anybody":
        return frozenset(EVERYBODY)
    if who == "all":
        return frozenset(EVERYBODY[1:])
    names = frozenset(who.split())
    assert names <= set(EVERYBODY), names - set(EVERYBODY)
    return names


def page() -> str:
    """The reference page."""
    parts = [_HEAD]
    others = read_others()
    for surface, calls in read_matrix().items():
        parts.append(f"\n## {surface}\n")
        parts.append(f"| Call | {' | '.join(EVERYBODY)} | from another workspace |")
        parts.append(f"|---|{'|'.join(':-:' for _ in EVERYBODY)}|---|")
        for call, allowed in calls.items():
            marks = " | ".join("✓" if who in allowed else "" for who in EVERYBODY)
            parts.append(f"| `{call}` | {marks} | {OUTCOMES[others[surface][call]]} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
