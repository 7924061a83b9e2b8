"""How large what is read at once may be: this bounds a reader's memory."""

from __future__ import annotations

from typing import Final

from executions.items.problems import ItemReaderFailed

LARGEST_ITEM: Final = 262_144
"""Bytes of one item: what a state's input may have."""
LARGEST_HEADER: Final = 10_240
"""Bytes of a CSV file's header, as at AWS."""


def too_large(at: str) -> ItemReaderFailed:
    """The failure for an item that is too large; ``at`` says where it begins."""
    return ItemReaderFailed(f"The item at {at} is larger than {LARGEST_ITEM} bytes")
