"""What stands around a definition, and what changed of it: as data, and in words.

Surroundings are a JSON object. A member that is left out is not known, or stays as it is::

    {"roleArn": "arn:…",
     "logging": {"level": "ALL", "includeExecutionData": false, "logGroupArn": "arn:…"},
     "tracing": {"enabled": true},
     "tags": {"team": "shop"},
     "aliases": {"live": {"3": 90, "4": 10}},
     "tests": {"declined card": {"input": "{}", "mocks": {"Pay": "declined"}, …}},
     "mocks": {"Pay": {"declined": {…}}}}

Aliases have percents by versions. ``tests`` are saved test cases by name, with the members of
``executions.actions.surroundings``; ``mocks`` are mocked responses by states and names.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from studio.asl import json_text
from studio.asl.changes.values import is_same
from studio.asl.definition import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from studio.asl.definition import Absent, Json

LONGEST_KEPT: Final = 2_000
"""Characters of a mock, an input or an output; of a longer one its fingerprint is kept."""
_LEVELS: Final = {
    "roleArn": 1,
    "logging": 2,
    "tracing": 2,
    "tags": 2,
    "aliases": 2,
    "tests": 3,
    "mocks": 3,
}
"""Members that are compared, in the order they are told, and how far down they are told apart."""
_LOGGING: Final = {
    "level": "Log level",
    "includeExecutionData": "Execution data in the log",
    "logGroupArn": "Log group",
}
_OF_TEST: Final = {
    "input": "input",
    "expectedStatus": "expected status",
    "expectedOutput": "expected output",
    "expectedError": "expected error",
    "expectedCause": "expected cause",
    "expectedPath": "expected path",
}
_SAID: Final = frozenset({"expectedStatus", "expectedError"})
"""Members of a test whose values a sentence shows; others are data."""


@dataclass(frozen=True, slots=True)
class SurroundingChanged:
    """A value at ``path`` is another one; ABSENT where there was or is none."""

    path: tuple[str, ...]
    before: Json | Absent
    after: Json | Absent

    @property
    def about(self) -> str:
        """CONFIGURATION, ALIASES or TESTS."""
        kinds = {"aliases": "ALIASES", "tests": "TESTS", "mocks": "TESTS"}
        return kinds.get(self.path[0], "CONFIGURATION")

    @property
    def state(self) -> str | None:
        """The state whose mock it is; None: it is of no one state."""
        if self.path[0] == "mocks":
            return self.path[1]
        of_place = self.path[0] == "tests" and len(self.path) == 4
        return self.path[3].partition("[")[0] if of_place else None


def kept(value: Json, longest: int = LONGEST_KEPT) -> Json:
    """The value, or where it is long what tells it from others: ``sha256`` and ``characters``."""
    text = json_text.canonical(value)
    if len(text) <= longest:
        return value
    return {"sha256": sha256(text.encode()).hexdigest(), "characters": len(text)}


def compare_surroundings(
    before: Mapping[str, Json], after: Mapping[str, Json]
) -> tuple[SurroundingChanged, ...]:
    """Find what changed of the members that are known on both sides."""
    return tuple(
        change
        for name in _LEVELS
        if name in before and name in after
        for change in _differences((name,), before[name], after[name])
    )


def apply_to_surroundings(
    before: Mapping[str, Json], changes: Sequence[SurroundingChanged]
) -> dict[str, Json]:
    """Make the newer surroundings of the older ones and all changes that were found.

    Raises KeyError where a change is of some other surroundings.
    """
    made: Any = deepcopy(dict(before))
    for change in changes:
        *way, last = change.path
        holder = made
        for step in way:
            holder = holder[step]
        if change.after is ABSENT:
            del holder[last]
        else:
            holder[last] = deepcopy(change.after)
    return made  # type: ignore[no-any-return]


def _differences(
    path: tuple[str, ...], before: Json | Absent, after: Json | Absent
) -> Iterator[SurroundingChanged]:
    if is_same(before, after):
        return
    opens = len(path) < _LEVELS[path[0]] or (path[0] == "tests" and path[2:] == ("mocks",))
    if opens and _has_members(before) and _has_members(after):
        for name in before | after:
            yield from _differences(
                (*path, name), before.get(name, ABSENT), after.get(name, ABSENT)
            )
    else:
        yield SurroundingChanged(path, before, after)


def _has_members(value: Json | Absent) -> TypeGuard[dict[str, Json]]:
    return isinstance(value, dict) and value.keys() != {"sha256", "characters"}


def surrounding_sentence(change: SurroundingChanged) -> str:
    """Say a change: ``Log level: ERROR → ALL``, ``Alias live: 100 % v3 → 90 % v3, 10 % v4``."""
    match change.path:
        case ("roleArn",):
            return f"Role: {_values(change)}"
        case ("logging", member):
            return f"{_LOGGING.get(member, member)}: {_values(change)}"
        case ("tracing", _):
            return f"Tracing: {_values(change)}"
        case ("tags", key):
            return f"Tag {key}: {_values(change)}"
        case ("aliases", name):
            return f"Alias {name}: {_values(change, _routes)}"
        case ("tests", name):
            return f"Test case '{name}' {_done(change)}"
        case ("tests", name, "mocks", place):
            return f"Test case '{name}': mock of {place} {_named(change)}"
        case ("tests", name, member):
            what = _OF_TEST.get(member, member)
            said = f": {_values(change)}" if member in _SAID else f" {_done(change)}"
            return f"Test case '{name}': {what}{said}"
        case ("mocks", state):
            held = change.after if change.before is ABSENT else change.before
            names = ", ".join(f"'{name}'" for name in held) if isinstance(held, dict) else ""
            return f"Mocks of {state} {_done(change)}: {names}"
        case ("mocks", state, name):
            return f"Mock '{name}' of {state} {_done(change)}"
        case _:
            return f"{change.path[0].capitalize()} {_done(change)}"


def _values(change: SurroundingChanged, say: Callable[[Json | Absent], str] | None = None) -> str:
    say = say or _value
    if _is_none(change.before):
        return f"{say(change.after)} added"
    if _is_none(change.after):
        return f"{say(change.before)} removed"
    return f"{say(change.before)} → {say(change.after)}"


def _is_none(value: Json | Absent) -> bool:
    return value is ABSENT or value is None


def _value(value: Json | Absent) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else json_text.dumps(value)


def _routes(value: Json | Absent) -> str:
    routes = value if isinstance(value, dict) else {}
    return ", ".join(f"{routes[version]} % v{version}" for version in sorted(routes, key=int))


def _named(change: SurroundingChanged) -> str:
    """A mock that a test names is told by its name, another one only to have changed."""
    if isinstance(change.before, str) and isinstance(change.after, str):
        return f"'{change.before}' → '{change.after}'"
    return _done(change)


def _done(change: SurroundingChanged) -> str:
    if _is_none(change.before):
        return "added"
    return "removed" if _is_none(change.after) else "changed"
