"""A text's values with their offsets: what a location such as ``/States/Pay/Next`` is looked up in.

The same for JSON and YAML, so that everything behind it is, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_INDEX = re.compile(r"\[(\d{1,9})\]")
_NAME_END = re.compile(r"[/\[]|$")


@dataclass(slots=True)
class Node:
    """One value. Offsets are in characters, from 0; ends are exclusive.

    ``name`` is where the member's name stands, for a member of an object. ``repeated`` are the
    names that this object gives more than once, each with the place of one that does not count.
    """

    start: int
    end: int = 0
    name: tuple[int, int] | None = None
    members: dict[str, Node] | None = None
    elements: list[Node] | None = None
    repeated: list[tuple[str, tuple[int, int]]] = field(default_factory=list)

    @property
    def is_container(self) -> bool:
        """Whether the value is an object or an array."""
        return self.members is not None or self.elements is not None


def find_node(node: Node, location: str) -> Node | None:
    """Give the value at a location below ``node``, or None where there is none.

    Locations are AWS's, in which names stand as they are: where a state is called ``A/Next`` the
    text itself decides how the location is to be read. Each node is tried once at most.
    """
    if location in ("", "/"):
        return node if location == "" or node.members is None else node.members.get("", node)
    if node.elements is not None:
        index = _INDEX.match(location)
        if index is None or int(index.group(1)) >= len(node.elements):
            return None
        return find_node(node.elements[int(index.group(1))], location[index.end() :])
    if node.members is None or location[0] != "/":
        return None
    for end in _NAME_END.finditer(location, 1):
        member = node.members.get(location[1 : end.start()])
        if member is not None:
            found = find_node(member, location[end.start() :])
            if found is not None:
                return found
    return None
