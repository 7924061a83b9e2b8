"""Which state and which scope of the newer definition was which of the older one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.asl.outline import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.changes.assembly import Machine, ScopeNode, StateNode
    from studio.asl.definition import Json

RENAMED: Final = 0.6
"""From this likeness on, a state that is gone and one that is new are one state, renamed."""
MOST_COMPARED: Final = 20_000
"""States of one scope that are held against each other, about: the time goes with their number."""
_TRANSITIONS: Final = frozenset({"Next", "Default", "End"})


class Matching:
    """From the newer definition's states and scopes to those of the older one."""

    def __init__(self, old: Machine, new: Machine) -> None:
        self._old = old
        self._new = new
        self.old_states: dict[StateNode, StateNode] = {
            state: old.states[name] for name, state in new.states.items() if name in old.states
        }
        self.old_scopes: dict[ScopeNode, ScopeNode] = {new.root: old.root}
        self._walk(new.root)

    def renamed(self) -> Iterator[tuple[StateNode, StateNode]]:
        """Give the states that have another name: the new one and the old one."""
        return (pair for pair in self.old_states.items() if pair[0].name != pair[1].name)

    def _walk(self, scope: ScopeNode) -> None:
        before = self.old_scopes.get(scope)
        if before is not None:
            self._find_renamed(before, scope)
        for state in tuple(scope.states):
            if state in self.old_states:
                self._pair_scopes(self.old_states[state].scopes, state.scopes)
            for inner in state.scopes:
                self._walk(inner)

    def _pair_scopes(self, before: list[ScopeNode], after: list[ScopeNode]) -> None:
        """Branches that share the most states belong together; the others, as they stand."""
        left, right = list(before), list(after)
        shared: Counter[tuple[ScopeNode, ScopeNode]] = Counter()
        for scope in right:
            for state in scope.states:
                was = self.old_states.get(state)
                if was is not None and was.scope in left:
                    shared[was.scope, scope] += 1
        for (was_scope, scope), _ in shared.most_common():
            if was_scope in left and scope in right:
                self.old_scopes[scope] = was_scope
                left.remove(was_scope)
                right.remove(scope)
        self.old_scopes.update(zip(right, left, strict=False))

    def _find_renamed(self, before: ScopeNode, after: ScopeNode) -> None:
        kept = set(self.old_states.values())
        gone = _looks(before, [state for state in before.states if state not in kept])
        come = _looks(after, [state for state in after.states if state not in self.old_states])
        # Where there are very many, only those that stand about where the other stood.
        reach = max(MOST_COMPARED // (len(gone) + len(come) + 1), 1)
        alike = [
            (likeness, -place, was.state, looks.state)
            for place, was in enumerate(gone)
            for looks in come[max(place - reach, 0) : place + reach]
            if (likeness := was.likeness(looks)) >= RENAMED
        ]
        left, right = {looks.state for looks in gone}, {looks.state for looks in come}
        for _, _, was_state, state in sorted(alike, key=lambda pair: pair[:2], reverse=True):
            if was_state in left and state in right:
                self.old_states[state] = was_state
                left.remove(was_state)
                right.remove(state)


@dataclass(frozen=True, slots=True)
class _Looks:
    """What a state looks like: its type, what it does, and what is around it."""

    state: StateNode
    content: Counter[str]
    sources: set[str]
    targets: set[str]

    def likeness(self, other: _Looks) -> float:
        """From 0, nothing alike, to 1: what they do counts most."""
        if self.state.fields.get("Type") != other.state.fields.get("Type"):
            return 0.0
        content = 0.5  # Where one says nothing, it says nothing against the other.
        if self.content and other.content:
            count = self.content.total() + other.content.total()
            content = 2 * (self.content & other.content).total() / count
        return (
            0.6 * content
            + 0.2 * (self.sources == other.sources)
            + 0.2 * (self.targets == other.targets)
        )


def _looks(scope: ScopeNode, states: list[StateNode]) -> list[_Looks]:
    """What some states of a scope look like, in their order."""
    if not states:
        return []
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for other in scope.states:
        for name in targets(other):
            sources[name].add(other.name)
    if isinstance(start := scope.fields.get("StartAt"), str):
        sources[start].add("")
    return [
        _Looks(state, Counter(_leaves(state)), sources[state.name], set(targets(state)))
        for state in states
    ]


def _leaves(state: StateNode) -> Iterator[str]:
    for name, value in state.fields.items():
        if name not in _TRANSITIONS and name != "Type":
            yield from _leaves_of(name, value)
    for scope in state.scopes:
        for inner in scope.states:
            yield f"{inner.name}={inner.fields!r}"


def _leaves_of(path: str, value: Json) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves_of(f"{path}/{name}", inner)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _leaves_of(f"{path}/", inner)
    else:
        yield f"{path}={value!r}"


def targets(state: StateNode) -> Iterator[str]:
    """Give the names of the states that a state may go to."""
    for name in ("Next", "Default"):
        if isinstance(target := state.fields.get(name), str):
            yield target
    for name in ("Choices", "Catch"):
        for _, entry in objects(state.fields.get(name)):
            if isinstance(target := entry.get("Next"), str):
                yield target
