"""Values that not everybody may see, hidden where data leaves.

What is stored stays as it is, since the workflow needs it. ``STEPWELL_SENSITIVE`` names keys for
the whole installation; a state machine's marks (``studio.sensitive_fields``) hide fields of its own
payloads. Whoever has the permission ``reveal`` sees the values; logs and events never have them.

Names of the installation count everywhere in an answer. Marks count in payloads alone, so that
somebody's ``$.name`` does not hide the names of executions: within JSON texts, and below the
members that have payloads as values (``PAYLOADS``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from studio.asl import json_text
from studio.sensitive_fields import NONE

if TYPE_CHECKING:
    from studio.sensitive_fields import Marks

HIDDEN: Final = "********"
MOST_LEVELS: Final = 8
"""Texts within texts that are looked into; what lies deeper is hidden whole."""
PAYLOADS: Final = frozenset(
    {
        "answers",
        "assignedvariables",
        "event",
        "mocks",
        "mockedresponses",
        "response",
        "variables",
    }
)
"""Members of answers and events, in small letters, whose values are payloads and no texts."""
POINTED: Final = frozenset({"expected", "actual", "recorded", "replayed"})
"""Members of a difference with the values that stood at its ``pointer``."""
DEFINITIONS: Final = frozenset({"definition", "definitionsource"})
"""Members of answers that are what somebody wrote, and no data of executions: marks leave them."""


def hide_text(text: str, marks: Marks = NONE) -> str:
    """An answer's or event's JSON text with what is sensitive hidden; another text, as it is.

    Payloads in histories are JSON texts within JSON texts: these are looked into. One that was cut
    off, or cannot be read otherwise, is hidden whole where it has a sensitive key.
    """
    if not (settings.SENSITIVE or marks):
        return text
    return _Hiding(settings.SENSITIVE, marks).text(text, (), False, 0)


def hide_payload(text: str, marks: Marks = NONE) -> str:
    """As ``hide_text`` for a text that is a payload itself."""
    if not (settings.SENSITIVE or marks):
        return text
    return _Hiding(settings.SENSITIVE, marks).text(text, (), True, 0)


def hide(value: Any, marks: Marks = NONE) -> Any:
    """The same for a value that is a payload: what is sensitive in it is replaced."""
    if not (settings.SENSITIVE or marks):
        return value
    return _Hiding(settings.SENSITIVE, marks).value(value, (), True, 0)


@dataclass(frozen=True, slots=True)
class _Hiding:
    """``way`` has the keys above a value, ``inside``: it is within a payload."""

    names: frozenset[str]
    marks: Marks

    def value(self, value: Any, way: tuple[str, ...], inside: bool, level: int) -> Any:
        if isinstance(value, dict):
            if not inside and isinstance(pointer := value.get("pointer"), str):
                return self._difference(value, pointer, level)
            return {key: self._member(key, of, way, inside, level) for key, of in value.items()}
        if isinstance(value, list):
            return [self.value(each, way, inside, level) for each in value]
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"'):
            return self.text(value, way, True, level + 1)
        return value

    def _member(self, key: str, value: Any, way: tuple[str, ...], inside: bool, level: int) -> Any:
        name = key.lower()
        if self._is_sensitive(name, way, inside):
            return HIDDEN
        if not inside and name in DEFINITIONS:
            return _Hiding(self.names, NONE).value(value, (), False, level)
        return self.value(value, (*way, name), inside or name in PAYLOADS, level)

    def _is_sensitive(self, name: str, way: tuple[str, ...], inside: bool) -> bool:
        return name in self.names or (inside and self.marks.hide(name, way))

    def _difference(self, members: dict[str, Any], pointer: str, level: int) -> dict[str, Any]:
        """One of two payloads: its values stand where a JSON pointer says, below keys of these."""
        way: tuple[str, ...] = ()
        is_hidden = False
        for step in pointer.lower().split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            is_hidden = is_hidden or self._is_sensitive(name, way, True)
            way = way if name.isdigit() else (*way, name)
        return {
            key: (
                (value and HIDDEN if is_hidden else self.value(value, way, True, level))
                if key in POINTED
                else self._member(key, value, (), False, level)
            )
            for key, value in members.items()
        }

    def text(self, text: str, way: tuple[str, ...], inside: bool, level: int) -> str:
        try:
            value = json_text.loads(text)
        except json_text.InvalidJson:
            return HIDDEN if self._may_name(text) else text
        if level > MOST_LEVELS:
            return HIDDEN
        hidden = self.value(value, way, inside, level)
        # Of a member that is there twice only the last was read: the text is not shown then.
        if hidden == value and not (inside and self._may_name(text)):
            return text
        return json_text.dumps(hidden)

    def _may_name(self, text: str) -> bool:
        """Whether the text has a sensitive key, as far as that can be seen without reading it."""
        names = {*self.names, *self.marks.above}
        if not names:
            return False
        # In texts within texts, quotation marks have backslashes before them.
        keys = "|".join(re.escape(name.replace("\\", "")) for name in sorted(names))
        plain = text.replace("\\", "")
        return "\\u" in text or re.search(f'"(?:{keys})"', plain, re.IGNORECASE) is not None
