"""Policies: the part of IAM's JSON that says which actions on which resources are allowed.

Effect, Action and Resource with ``*`` and ``?``. What is not understood (Condition, NotAction,
Principal …) is refused when a policy is read: a clause that was passed over might be the one that
forbids something.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from studio.asl import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json

MAX_LENGTH: Final = 10_240
"""Characters of a policy, as many as IAM takes in a role's own."""

_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_ACTION: Final = re.compile(r"\*|[A-Za-z0-9_-]+:[A-Za-z0-9_*?-]+")
_MEMBERS: Final = frozenset({"Version", "Id", "Statement"})
_CLAUSES: Final = frozenset({"Sid", "Effect", "Action", "Resource"})


class Decision(Enum):
    """What a policy says of an action on a resource."""

    ALLOWED = "allowed"
    DENIED = "denied"
    """A statement forbids it, whatever others allow."""
    NOT_ALLOWED = "not allowed"
    """No statement allows it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: it ``allows`` or denies actions on resources, both given as patterns."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def covers(self, action: str, resource: str) -> bool:
        """Tell whether the statement is about this action on this resource."""
        return self.covers_action(action) and any(
            matches(each, resource) for each in self.resources
        )

    def covers_action(self, action: str) -> bool:
        """Tell whether the statement is about this action on any resource."""
        return any(matches(each, action.lower()) for each in self.actions)


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. Actions in it are in lower case: IAM does not tell cases apart there."""

    statements: tuple[Statement, ...]

    def decide(self, action: str, resource: str) -> Decision:
        """Decide: an explicit deny wins; what nothing allows is not allowed.

        ``resource`` is an ARN, or ``*`` where the action is on none in particular.
        """
        covering = [each for each in self.statements if each.covers(action, resource)]
        if any(not each.allows for each in covering):
            return Decision.DENIED
        return Decision.ALLOWED if covering else Decision.NOT_ALLOWED


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a policy, and where: ``/Statement/0/Action``."""

    location: str
    message: str


class InvalidPolicy(Exception):
    """The text is no policy of this kind. Carries every problem, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{each.message} at {each.location}" for each in problems))
        self.problems = problems


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text is what a pattern says: ``*`` any characters, ``?`` any one.

    Time grows with the product of both lengths at most, whatever the pattern.
    """
    at = place = 0
    star, resumed = -1, 0
    while at < len(text):
        # "*" first: the text may hold one, too.
        if place < len(pattern) and pattern[place] == "*":
            star, resumed = place, at
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at += 1
            place += 1
        elif star >= 0:
            resumed += 1
            at, place = resumed, star + 1
        else:
            return False
    return all(rest == "*" for rest in pattern[place:])


def read_policy(text: str) -> Policy:
    """Read a policy's JSON text. Raises InvalidPolicy with everything that is wrong."""
    if len(text) > MAX_LENGTH:
        raise InvalidPolicy([Problem("/", f"A policy has {MAX_LENGTH} characters at most")])
    try:
        document = json_text.loads(text)
    except json_text.InvalidJson as error:
        raise InvalidPolicy([Problem("/", f"This is no JSON: {error}")]) from None
    problems = list(_problems(document))
    if problems:
        raise InvalidPolicy(problems)
    assert isinstance(document, dict)
    return Policy(tuple(_statement(each) for each in _listed(document["Statement"])))


def _statement(clauses: Any) -> Statement:
    return Statement(
        clauses["Effect"] == "Allow",
        tuple(each.lower() for each in _listed(clauses["Action"])),
        tuple(_listed(clauses["Resource"])),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _problems(document: Json) -> Iterator[Problem]:
    if not isinstance(document, dict):
        yield Problem("/", 'A policy is a JSON object: {"Version": "2012-10-17", "Statement": []}')
        return
    for name in document.keys() - _MEMBERS:
        yield Problem(f"/{name}", f"'{name}' is no member of a policy")
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        yield Problem("/Version", f"Version must be one of {', '.join(_VERSIONS)}")
    if "Statement" not in document:
        yield Problem("/", "Statement is missing")
        return
    for index, clauses in enumerate(_listed(document["Statement"])):
        yield from _statement_problems(clauses, f"/Statement/{index}")


def _statement_problems(clauses: Any, place: str) -> Iterator[Problem]:
    if not isinstance(clauses, dict):
        yield Problem(place, "A statement is a JSON object with Effect, Action and Resource")
        return
    for name in clauses.keys() - _CLAUSES:
        yield Problem(
            f"{place}/{name}",
            f"'{name}' is not understood here: a statement has Sid, Effect, Action and Resource",
        )
    if clauses.get("Effect") not in ("Allow", "Deny"):
        yield Problem(f"{place}/Effect", "Effect must be Allow or Deny")
    for name, what in (("Action", "an action such as lambda:InvokeFunction"), ("Resource", "ARN")):
        values = _listed(clauses.get(name, []))
        if not values:
            yield Problem(f"{place}/{name}", f"{name} is missing")
        for value in values:
            if not isinstance(value, str) or not value:
                yield Problem(f"{place}/{name}", f"{name} must be a text, or a list of texts")
            elif name == "Action" and _ACTION.fullmatch(value) is None:
                yield Problem(f"{place}/{name}", f"'{value}' is not {what}")
            elif name == "Resource" and value != "*" and not value.startswith("arn:"):
                yield Problem(f"{place}/{name}", f"'{value}' is neither an {what} nor *")
