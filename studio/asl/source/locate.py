"""From a diagnostic's location to the lines and columns of the text."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from studio.asl import json_text
from studio.asl.source.json_nodes import json_nodes
from studio.asl.source.nodes import find_node
from studio.asl.source.positions import Lines
from studio.asl.source.yaml_text import InvalidYaml, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.source.nodes import Node
    from studio.asl.source.positions import Range

Format = Literal["JSON", "YAML"]


class Locator:
    """Finds many locations in one text; reads it once, when the first is asked for."""

    def __init__(self, text: str, source_format: Format = "JSON") -> None:
        self._text = text
        self._format = source_format

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text)

    @cached_property
    def _root(self) -> Node | None:
        return _read(self._text, self._format)

    def locate(self, location: str) -> Range | None:
        """Give the part of the text to underline for a location such as ``/States/Pay/Next``.

        A plain value itself; the name of an object or array that has one, for to underline fifty
        lines helps nobody; else its first character. None where the text has no such place, or is
        no text of its format.
        """
        node = None if self._root is None else find_node(self._root, location)
        if node is None:
            return None
        if not node.is_container:
            return self._lines.range(node.start, node.end)
        start, end = node.name or (node.start, node.start + 1)
        return self._lines.range(start, end)

    def locate_name(self, location: str) -> Range | None:
        """Give the part of the text that names the member at a location, quotes and all.

        None where the location is no member's: the whole document, an element of an array.
        """
        node = None if self._root is None else find_node(self._root, location)
        return None if node is None or node.name is None else self._lines.range(*node.name)

    def repeated_names(self) -> Iterator[tuple[str, str, Range]]:
        """Give each name that an object of a JSON text has more than once.

        With the location of the object, and the part of the text where one stands that does not
        count. YAML texts have none: they are refused.
        """
        waiting = [("", self._root)] if self._root is not None else []
        while waiting:
            location, node = waiting.pop()
            for name, place in node.repeated:
                yield location, name, self._lines.range(*place)
            waiting += [(f"{location}/{name}", each) for name, each in (node.members or {}).items()]
            waiting += [
                (f"{location}[{index}]", each) for index, each in enumerate(node.elements or [])
            ]


def locate(text: str, location: str, source_format: Format = "JSON") -> Range | None:
    """Give the part of a text to underline for one location; see ``Locator.locate``."""
    return Locator(text, source_format).locate(location)


def _read(text: str, source_format: Format) -> Node | None:
    try:
        if source_format == "YAML":
            return read_yaml(text)[1]
        json_text.loads(text)
        return json_nodes(text)
    except (InvalidYaml, json_text.InvalidJson):
        return None
