"""Values that not everybody may see, hidden where data leaves: by the names of their keys.

What is stored stays as it is, since the workflow needs it; ``STEPWELL_SENSITIVE`` names the keys.
Whoever has the permission ``reveal`` sees the values; logs never have them.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings

from studio.asl import json_text

HIDDEN: Final = "********"
MOST_LEVELS: Final = 8
"""Texts within texts that are looked into; what lies deeper is hidden whole."""


def is_asked_for() -> bool:
    """Whether anything is to be hidden at all."""
    return bool(settings.SENSITIVE)


def hide_text(text: str) -> str:
    """A JSON text with every value below a sensitive key hidden; a text that is none, as it is.

    Payloads in histories are JSON texts within JSON texts: these are looked into.
    """
    if not settings.SENSITIVE:
        return text
    try:
        value = json_text.loads(text)
    except json_text.InvalidJson:
        return text
    hidden = hide(value)
    return text if hidden == value else json_text.dumps(hidden)


def hide(value: Any, level: int = 0) -> Any:
    """The same value with what stands below a sensitive key replaced."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if name.lower() in settings.SENSITIVE else hide(inner, level)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [hide(inner, level) for inner in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"'):
        return _hide_within(value, level)
    return value


def _hide_within(text: str, level: int) -> str:
    try:
        value = json_text.loads(text)
    except json_text.InvalidJson:
        return text
    if level >= MOST_LEVELS:
        return HIDDEN
    hidden = hide(value, level + 1)
    return text if hidden == value else json_text.dumps(hidden)
