"""What the page at an address loads and asks for first, so that its shell can say so at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

_EXECUTION = re.compile(r"/executions/(?P<machine>[^/]+)/(?P<name>[^/]+)/?")
FIRST_EVENTS: Final = 200
"""As many as fill a screen: they are there long before the rest of a long history. The shell tells
the page, which would ask twice under another address.
"""
_LISTS = {
    "timeline": "src/features/executions/what-ran/timeline.tsx",
    "table": "src/features/executions/what-ran/table.tsx",
}
"""What ``?below=`` has in place of the list of events; ``BelowTabs`` of the front end sets it."""
_UNQUOTED = "-_.!~*'()"
"""What JavaScript's ``encodeURIComponent`` leaves as it is, beside letters and digits."""


@dataclass(frozen=True)
class OpenedPage:
    """Modules of the bundle, by their sources, and addresses of the REST API."""

    parts: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def opened_page(path: str, below: str = "") -> OpenedPage:
    """What is needed at this path; nothing where no page is in such a hurry.

    ``path`` is decoded, as Django has it; ``below`` is that parameter of the address.
    """
    found = _EXECUTION.fullmatch(path)
    if found is None:
        return OpenedPage()
    machine, name = (quote(each, safe=_UNQUOTED) for each in found.groups())
    execution = f"/api/executions/{machine}/{name}/"
    return OpenedPage(
        parts=(
            "src/features/executions/execution-page.tsx",
            _LISTS.get(below, "src/features/executions/event-list.tsx"),
        ),
        answers=(execution, f"{execution}events/?after=0&limit={FIRST_EVENTS}"),
    )
