"""Where each value of a JSON text stands.

Made only when there is something to report, so reading a definition pays nothing for it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from studio.asl.source.nodes import Node

if TYPE_CHECKING:
    from studio.asl.definition import Json

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_TOKEN = re.compile(r'[{}\[\]]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}\[\]:,"]+')
_CLOSERS: Final = frozenset("}]")


def json_nodes(text: str) -> Node:
    """Give the nodes of a text that ``json_text.loads`` takes. Linear in time; never recurses."""
    outside = Node(0, elements=[])
    open_nodes = [outside]
    name: tuple[str, int, int] | None = None
    for match in _TOKEN.finditer(text):
        written = match.group()
        start, end = match.span()
        container = open_nodes[-1]
        if written in _CLOSERS:
            open_nodes.pop().end = end
            continue
        if container.members is not None and name is None:
            # Few names hold an escape: to decode each takes longer than to find it.
            plain = written[1:-1] if "\\" not in written else json.loads(written)
            name = (plain, start, end)
            continue
        node = Node(start, end)
        _add(container, name, node)
        name = None
        if written == "{":
            node.members = {}
            open_nodes.append(node)
        elif written == "[":
            node.elements = []
            open_nodes.append(node)
    return outside.elements[0] if outside.elements else outside


def has_repeated_names(text: str, document: Json) -> bool:
    """Tell whether an object of a text that was read into ``document`` names a member twice.

    A fifth of the cost of ``json_nodes``: the text has more colons than the document has members.
    """
    members = 0
    waiting: list[Json] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            members += len(value)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return _STRING.sub("", text).count(":") != members


def _add(container: Node, name: tuple[str, int, int] | None, node: Node) -> None:
    if container.members is not None and name is not None:
        text, start, end = name
        node.name = (start, end)
        earlier = container.members.get(text)
        if earlier is not None and earlier.name is not None:
            # The last one counts: what it replaces is worth a word.
            container.repeated.append((text, earlier.name))
        container.members[text] = node
    elif container.elements is not None:
        container.elements.append(node)
