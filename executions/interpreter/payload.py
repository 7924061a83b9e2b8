"""A payload: a JSON value together with its text, each made at most once.

Between two states a payload is handed on as the same object, so a text is parsed when somebody
looks into it, and written when it is recorded, however many events carry it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.asl.definition import Json

SIZE_LIMIT: Final = 262_144
"""Bytes of UTF-8 a state's input or output may have: 256 KiB."""

_UNKNOWN: Final = object()


def clean(text: str) -> str:
    """Replace lone surrogates, which neither UTF-8 nor a database can hold, by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def quote(text: str) -> str:
    """Write ``text`` as a JSON string."""
    try:
        return orjson.dumps(text).decode()
    except TypeError:
        return orjson.dumps(clean(text)).decode()


class Payload:
    """An immutable JSON value and its text.

    ``Payload(value)`` or ``Payload.of_text(text)``, whose text is kept verbatim. Two payloads are
    equal when their texts are. The value is shared with whoever asks: never change it.
    """

    __slots__ = ("_quoted", "_size", "_text", "_value")

    _value: Json
    _text: str | None
    _quoted: str | None
    _size: int | None

    def __init__(self, value: Json) -> None:
        self._value = value
        self._text = None
        self._quoted = None
        self._size = None

    @classmethod
    def of_text(cls, text: str) -> Payload:
        """Make a payload of valid JSON text."""
        payload = cls(_UNKNOWN)
        payload._text = text
        return payload

    @classmethod
    def of_array(cls, texts: Sequence[str]) -> Payload:
        """Make an array of what ``texts``, compact JSON, hold; their values are not parsed.

        Raises StatesError States.Runtime where it would be nested too deeply.
        """
        text = f"[{','.join(texts)}]"
        if text.count("[") + text.count("{") > json_text.MAX_WRITTEN_DEPTH:
            # Perhaps as deep as that: writing the value is what tells.
            return cls(json_text.loads(text, max_depth=json_text.MAX_WRITTEN_DEPTH + 100)).written()
        return cls.of_text(text)

    def written(self) -> Payload:
        """Make the text now. Raises StatesError where the value is nested too deeply."""
        _ = self.text
        return self

    @property
    def value(self) -> Json:
        """The parsed value."""
        value = self._value
        if value is _UNKNOWN:
            assert self._text is not None
            value = self._value = json_text.loads(self._text, max_depth=json_text.MAX_WRITTEN_DEPTH)
        return value

    @property
    def text(self) -> str:
        """The JSON text: as it came, or compact."""
        text = self._text
        if text is None:
            value = self._value
            data = json_text.dump_bytes(value)
            self._size = len(data)
            text = self._text = data.decode()
            if value.__class__ is int:
                self._quoted = f'"{text}"'  # Digits need no escapes.
        return text

    @property
    def quoted(self) -> str:
        """The text as a JSON string, as events carry it."""
        quoted = self._quoted
        if quoted is None:
            quoted = self._quoted = quote(self._text or self.text)
        return quoted

    @property
    def compact(self) -> Payload:
        """The same value with compact text, whatever spacing it came with."""
        return self if self._value is not _UNKNOWN and self._text is None else Payload(self.value)

    @property
    def size(self) -> int:
        """Bytes of UTF-8 that the text has."""
        size = self._size
        if size is None:
            text = self._text or self.text
            size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
            self._size = size
        return size

    def exceeds_limit(self) -> bool:
        """Tell whether the text has more than ``SIZE_LIMIT`` bytes."""
        text = self._text or self.text
        # Nothing takes more than 4 bytes a character: most payloads need no counting.
        return len(text) * 4 > SIZE_LIMIT and self.size > SIZE_LIMIT

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Payload) and (self is other or self.text == other.text)

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Payload({self.text})"
