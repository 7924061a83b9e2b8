"""What an execution that a rule starts gets as its input: EventBridge's three ways.

Pure. Nothing given: the whole event. ``InputPath``: a part of it. ``InputTransformer``: a template
with ``<name>`` where values of the event go.
Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.jsonpath import Path, compile_path

MOST_VARIABLES: Final = 100
LONGEST_TEMPLATE: Final = 8192
"""Both as at AWS."""

_VARIABLE = re.compile(r"<([A-Za-z0-9._-]+)>")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")


class InvalidInput(ValueError):
    """The path, the template or what it gives cannot be an execution's input; says why."""


@dataclass(frozen=True, slots=True)
class InputFrom:
    """How a rule makes an input; at most one of the three is given.

    ``constant`` is a JSON text, ``path`` a JSONPath of the event; ``paths`` and ``template`` are
    EventBridge's InputPathsMap and InputTemplate.
    """

    constant: str = ""
    path: str = ""
    template: str = ""
    paths: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse what can give no input, with InvalidInput."""
        if sum(map(bool, (self.constant, self.path, self.template))) > 1:
            raise InvalidInput("Give one of input, inputPath and inputTransformer.")
        if self.constant:
            _json(self.constant, "input")
        if len(self.template) > LONGEST_TEMPLATE:
            raise InvalidInput(f"A template has at most {LONGEST_TEMPLATE} characters.")
        if len(self.paths) > MOST_VARIABLES:
            raise InvalidInput(f"A template has at most {MOST_VARIABLES} variables.")
        for name, path in self.paths.items():
            if not _NAME.fullmatch(name) or name.lower().startswith("aws"):
                raise InvalidInput(
                    f"{name!r} is no variable's name: letters, digits, - and _, not beginning "
                    "with AWS."
                )
            _path(path)
        if self.path:
            _path(self.path)
        for name in _VARIABLE.findall(self.template):
            if name not in self.paths and not name.startswith("aws.events."):
                raise InvalidInput(f"The template has <{name}>, and inputPathsMap has no {name!r}.")

    def make(self, event: dict[str, Any], *, rule: str, rule_arn: str) -> str:
        """The input for an event, as JSON text. Raises InvalidInput where it is none."""
        if self.constant:
            return self.constant
        if self.path:
            return json_text.dumps(_found(self.path, event))
        if not self.template:
            return json_text.dumps(event)
        given = {name: _found(path, event) for name, path in self.paths.items()}
        given |= {
            "aws.events.rule-name": rule,
            "aws.events.rule-arn": rule_arn,
            "aws.events.event.ingestion-time": event.get("time"),
            "aws.events.event": {k: v for k, v in event.items() if k != "detail"},
            "aws.events.event.json": event,
        }
        return _filled(self.template, given)


def _filled(template: str, given: dict[str, Any]) -> str:
    """The template with its variables: as JSON, or as text where they stand in a string.

    A template that is no JSON object or string is taken as a text of its own, as AWS does.
    """
    text = template.strip()
    parts: list[str] = []
    place, quoted = 0, False
    for found in _VARIABLE.finditer(text):
        before = text[place : found.start()]
        quoted ^= len(re.findall(r'(?<!\\)(?:\\\\)*"', before)) % 2 == 1
        value = given.get(found[1])
        parts += [before, _inside(value) if quoted else json_text.dumps(value)]
        place = found.end()
    parts.append(text[place:])
    made = "".join(parts)
    _json(made, "What the template gives")
    return made


def _inside(value: Any) -> str:
    """A value within a string of JSON."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json_text.dumps(value)
    return json_text.dumps(text)[1:-1]


def _found(path: str, event: Any) -> Any:
    """What a path finds; null where there is nothing."""
    try:
        found = _path(path).find(Bindings(event))
    except StatesError:
        return None
    return None if found is ABSENT else found


def _path(path: str) -> Path:
    try:
        return compile_path(path)
    except InvalidExpression as fault:
        raise InvalidInput(f"{path!r} is no JSONPath: {fault}") from None


def _json(text: str, what: str) -> None:
    try:
        json_text.loads(text)
    except json_text.InvalidJson as fault:
        raise InvalidInput(f"{what} is not JSON: {fault}") from None
