"""Where each value of a JSON text stands.

Made only when there is something to report, so reading a definition pays nothing for it.
"""

from __future__ import annotations

import json
import re
from typing import Final

from studio.asl.source.nodes import Node

_TOKEN = re.compile(r'[{}\[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}\[\]:,"]+')
_CLOSERS: Final = frozenset("}]")


def json_nodes(text: str) -> Node:
    """Give the nodes of a text that ``json_text.loads`` takes. Linear in time; never recurses."""
    outside = Node(0, elements=[])
    open_nodes = [outside]
    name: tuple[str, int, int] | None = None
    for match in _TOKEN.finditer(text):
        written, start, end = match.group(), match.start(), match.end()
        container = open_nodes[-1]
        if written in _CLOSERS:
            open_nodes.pop().end = end
            continue
        if written in ":,":
            continue
        if container.members is not None and name is None:
            name = (json.loads(written), start, end)
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
