"""What makes a long-lived process cheaper and changes nothing that it does."""

from __future__ import annotations

import gc
import sys
from functools import lru_cache

YOUNG_OBJECTS = 10_000
"""New objects between two looks for cycles; Python's 700 is a look at nearly every request."""


def settle_memory() -> None:
    """Call when everything is imported: the collector need never look at any of that again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


def remember_content_types() -> None:
    """Have Twisted, where Daphne runs on it, parse each Content-Type but once.

    For every POST it makes a mail message to see whether a form has come, which costs as much as
    the rest of reading the request. The answer depends on the header alone.
    """
    http = sys.modules.get("twisted.web.http")
    if http is not None:
        http._parseContentType = lru_cache(maxsize=64)(http._parseContentType)  # type: ignore[attr-defined]
