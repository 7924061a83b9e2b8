"""YAML texts, read as the JSON they stand for.

The core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema): ``true`` is a boolean,
``yes`` and dates are texts. Anchors, aliases and ``<<`` work; tags beyond the core ones do not.
Texts come from strangers: libyaml gives events, no object is ever made of what a tag names, and an
alias counts as all that it stands for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import yaml

from studio.asl.json_text import MAX_DEPTH, MAX_DIGITS
from studio.asl.source.nodes import Node
from studio.asl.source.positions import Lines

if TYPE_CHECKING:
    from studio.asl.definition import Json

MAX_VALUES: Final = 250_000
"""Values of one document, each alias counted with all it stands for: as many as 1 MB can hold."""

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?\d+", re.ASCII)
_OTHER_INTEGER = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?", re.ASCII)
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_CORE: Final = "tag:yaml.org,2002:"
_MERGE: Final = "<<"


class InvalidYaml(Exception):
    """The text is not YAML, or not what JSON can say. ``offset`` is in characters, from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(slots=True)
class _Read:
    """A value as read. ``size`` and ``depth`` count what aliases stand for."""

    value: Json
    node: Node
    size: int = 1
    depth: int = 0


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is not closed yet."""

    read: _Read
    anchor: str | None
    key: tuple[str, int, int] | None = None
    is_merge: bool = False
    merged: list[_Read] = field(default_factory=list)


def read_yaml(text: str) -> tuple[Json, Node]:
    """Read a YAML text of one document: its value, and where everything in it stands.

    Raises InvalidYaml. Nothing recurses; time is bounded by the text's length and MAX_VALUES.
    """
    if not text.isascii():
        for offset, character in enumerate(text):
            if "\ud800" <= character <= "\udfff":
                raise InvalidYaml(f"Lone surrogate U+{ord(character):04X}", offset)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise InvalidYaml(said, mark.index if mark else 0) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes here.
        before = text.encode()[: error.position].decode(errors="ignore")
        raise InvalidYaml(f"{error.reason}: U+{_code(error):04X}", len(before)) from None
    if builder.root is None:
        raise InvalidYaml("The text holds no document", 0)
    return builder.root.value, builder.root.node


def yaml_problem(text: str, error: InvalidYaml) -> str:
    """Say what is wrong and where, in one line."""
    place = Lines(text).position(error.offset)
    return f"{error.message} at line {place.line}, column {place.column}"


def _code(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(str(error.character)[:1])


class _Builder:
    """Takes libyaml's events, one after the other."""

    def __init__(self) -> None:
        self.root: _Read | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, _Read] = {}

    def take(self, event: yaml.Event) -> None:
        start = event.start_mark.index if event.start_mark else 0
        end = event.end_mark.index if event.end_mark else start
        match event:
            case yaml.DocumentStartEvent():
                if self.root is not None:
                    raise InvalidYaml(
                        "A definition is one YAML document, and here begins another", start
                    )
            case yaml.AliasEvent():
                self.take_alias(event.anchor or "", start, end)
            case yaml.ScalarEvent():
                self.take_scalar(event, start, end)
            case yaml.MappingStartEvent():
                _check_tag(event.tag, "map", start)
                self.begin(_Read({}, Node(start, members={})), event.anchor, start)
            case yaml.SequenceStartEvent():
                _check_tag(event.tag, "seq", start)
                self.begin(_Read([], Node(start, elements=[])), event.anchor, start)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.end(end)

    def begin(self, read: _Read, anchor: str | None, start: int) -> None:
        if self.open and self.open[-1].read.node.members is not None and not self.has_key():
            raise InvalidYaml("A name must be a text", start)
        if len(self.open) >= MAX_DEPTH:
            raise InvalidYaml(f"Values may be nested {MAX_DEPTH} levels deep", start)
        if anchor is not None:
            # Not complete yet: an alias within it would stand for itself.
            self.anchors.pop(anchor, None)
        self.open.append(_Open(read, anchor))

    def end(self, end: int) -> None:
        closed = self.open.pop()
        read = closed.read
        for merged in closed.merged:
            for name, value in merged.value.items():
                if name not in read.value and merged.node.members is not None:
                    read.value[name] = value
                    if read.node.members is not None:
                        read.node.members[name] = merged.node.members[name]
        read.node.end = end
        self.complete(read, closed.anchor)

    def take_alias(self, anchor: str, start: int, end: int) -> None:
        known = self.anchors.get(anchor)
        if known is None:
            raise InvalidYaml(f"No value with the anchor '{anchor}' ends before here", start)
        node = Node(start, end, members=known.node.members, elements=known.node.elements)
        if not self.has_key_to_come():
            self.complete(_Read(known.value, node, known.size, known.depth), None)
            return
        raise InvalidYaml("A name must be a text, not an alias", start)

    def take_scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> None:
        if self.has_key_to_come():
            self.take_key(event, start, end)
            return
        value = _scalar(event, start)
        self.complete(_Read(value, Node(start, end)), event.anchor)

    def take_key(self, event: yaml.ScalarEvent, start: int, end: int) -> None:
        mapping = self.open[-1]
        if event.value == _MERGE and event.implicit[0]:
            mapping.is_merge = True
            return
        if event.value in mapping.read.value:
            raise InvalidYaml(f"The name '{event.value}' is here a second time", start)
        mapping.key = (event.value, start, end)

    def complete(self, read: _Read, anchor: str | None) -> None:
        if read.size > MAX_VALUES or len(self.open) + read.depth > MAX_DEPTH:
            raise InvalidYaml("The aliases stand for more values than a definition can hold",
                              read.node.start)  # fmt: skip
        if anchor is not None:
            self.anchors[anchor] = read
        if not self.open:
            self.root = read
            return
        container = self.open[-1]
        container.read.size += read.size
        container.read.depth = max(container.read.depth, read.depth + 1)
        if container.is_merge:
            container.is_merge = False
            container.merged += _mergeable(read)
        elif container.key is not None:
            name, start, end = container.key
            container.key = None
            read.node.name = (start, end)
            container.read.value[name] = read.value
            if container.read.node.members is not None:
                container.read.node.members[name] = read.node
        else:
            container.read.value.append(read.value)
            if container.read.node.elements is not None:
                container.read.node.elements.append(read.node)

    def has_key(self) -> bool:
        return self.open[-1].key is not None or self.open[-1].is_merge

    def has_key_to_come(self) -> bool:
        return (
            bool(self.open) and self.open[-1].read.node.members is not None and not self.has_key()
        )


def _mergeable(read: _Read) -> list[_Read]:
    if isinstance(read.value, dict):
        return [read]
    if isinstance(read.value, list) and all(isinstance(each, dict) for each in read.value):
        nodes = read.node.elements or []
        return [_Read(value, node) for value, node in zip(read.value, nodes, strict=True)]
    raise InvalidYaml("'<<' takes a mapping, or a list of them", read.node.start)


def _check_tag(tag: str | None, allowed: str, start: int) -> None:
    if tag not in (None, "!", _CORE + allowed):
        raise InvalidYaml(f"The tag '{str(tag).removeprefix(_CORE)}' is not supported here", start)


def _scalar(event: yaml.ScalarEvent, start: int) -> Json:
    text = event.value
    if event.tag is not None:
        if event.tag in ("!", _CORE + "str"):
            return text
        kind = event.tag.removeprefix(_CORE)
        value = _plain(text, start)
        wanted = {"null": type(None), "bool": bool, "int": int, "float": float}.get(kind)
        if wanted is None or event.tag == kind:
            raise InvalidYaml(f"The tag '{kind}' is not supported here", start)
        if wanted is float and type(value) is int:
            return float(value)
        if type(value) is not wanted:
            raise InvalidYaml(f"'{text}' is no '{kind}'", start)
        return value
    return _plain(text, start) if event.implicit[0] else text


def _plain(text: str, start: int) -> Json:
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if not (text[0].isdecimal() or text[0] in "+-."):
        return text
    if _INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise InvalidYaml(f"A number may have {MAX_DIGITS} digits", start)
        return int(text)
    if _OTHER_INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise InvalidYaml(f"A number may have {MAX_DIGITS} digits", start)
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise InvalidYaml(f"The number '{text[:50]}' is out of range", start)
        return value
    if _NO_NUMBER.fullmatch(text):
        raise InvalidYaml(f"JSON has no number '{text}'", start)
    return text
