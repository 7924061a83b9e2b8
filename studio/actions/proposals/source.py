"""A value put into a definition as it is written, so that its layout and comments stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl import json_text
from studio.asl.source.json_nodes import json_nodes
from studio.asl.source.yaml_text import InvalidYaml, read_yaml

if TYPE_CHECKING:
    from studio.actions.proposals.content import Content
    from studio.asl.definition import Json
    from studio.asl.source.nodes import Node


def with_value(content: Content, pointer: str, value: Json, changed: Json) -> tuple[str, str]:
    """The definition (JSON text) and the YAML it is written in, with ``value`` at the pointer.

    ``changed`` is what it is to say. Where a value cannot be put into the text so that it says
    just that, the definition is written anew, as JSON.
    """
    if content.source:
        source = _spliced(content.source, read_yaml(content.source)[1], pointer, value)
        try:
            if source is not None and _same(read_yaml(source)[0], changed):
                return json_text.dumps(changed), source
        except InvalidYaml:
            pass
        return json_text.dumps(changed), ""
    text = _spliced(content.definition, json_nodes(content.definition), pointer, value)
    if text is not None and _same(json_text.loads(text), changed):
        return text, ""
    return json_text.dumps(changed), ""


def _spliced(text: str, root: Node, pointer: str, value: Json) -> str | None:
    node: Node | None = root
    for step in pointer.split("/")[1:]:
        if node is None:
            return None
        if node.elements is not None:
            node = node.elements[int(step)] if int(step) < len(node.elements) else None
        else:
            node = (node.members or {}).get(step.replace("~1", "/").replace("~0", "~"))
    if node is None:
        return None
    # JSON is YAML, too, as long as it stands on one line.
    return text[: node.start] + json_text.dumps(value) + text[node.end :]


def _same(one: Json, other: Json) -> bool:
    return json_text.canonical(one) == json_text.canonical(other)
