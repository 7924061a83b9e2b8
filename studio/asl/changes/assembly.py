"""A definition taken apart into scopes and states, each with only its own fields, and put together.

Names of states are unique over a whole definition (AWS refuses others), so a state is known by its
name wherever it stands.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.asl.changes.change import SCOPE_FIELDS, ScopePlace

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json


class NotComparable(ValueError):
    """A document whose states cannot be told apart; the text says why."""


@dataclass(eq=False, slots=True)
class ScopeNode:
    """A scope. ``fields`` are its own, without States; ``states`` stand in it, in order."""

    owner: StateNode | None
    fields: dict[str, Json] = field(default_factory=dict)
    states: dict[StateNode, None] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class StateNode:
    """A state. ``fields`` are its own, without the scopes that ``scopes_field`` holds."""

    name: str
    fields: dict[str, Json]
    scope: ScopeNode
    scopes_field: str | None = None
    scopes: list[ScopeNode] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Machine:
    """A whole definition. ``states`` are all there are, by name."""

    root: ScopeNode
    states: dict[str, StateNode]

    def place_of(self, scope: ScopeNode) -> ScopePlace:
        """Say where a scope is."""
        owner = scope.owner
        if owner is None:
            return ScopePlace(None)
        return ScopePlace(owner.name, owner.scopes.index(scope), owner.scopes_field or "")

    def scope_at(self, place: ScopePlace) -> ScopeNode:
        """Find a scope. Raises KeyError or IndexError where there is none."""
        return self.root if place.owner is None else self.states[place.owner].scopes[place.index]

    def add(self, name: str, state: dict[str, Json], scope: ScopeNode) -> None:
        """Take a state apart, and those within it.

        Raises NotComparable: there is one of that name.
        """
        if name in self.states:
            raise NotComparable(f"Two states are called {name!r}.")
        node = StateNode(name, dict(state), scope)
        scope.states[node] = None
        self.states[name] = node
        node.scopes_field = next(
            (name for name in SCOPE_FIELDS if _holds_scopes(state, name)), None
        )
        if node.scopes_field is None:
            return
        held = node.fields.pop(node.scopes_field)
        for inner in held if node.scopes_field == "Branches" else [held]:
            node.scopes.append(self._take(inner, node))

    def move(self, name: str, scope: ScopeNode) -> None:
        """Have a state stand in another scope."""
        state = self.states[name]
        del state.scope.states[state]
        scope.states[state] = None
        state.scope = scope

    def remove(self, name: str) -> None:
        """Take a state away, and those within it."""
        state = self.states.pop(name)
        del state.scope.states[state]
        for scope in state.scopes:
            for inner in tuple(scope.states):
                self.remove(inner.name)

    def write(self) -> dict[str, Json]:
        """Put the definition together."""
        return self._write_scope(self.root, lambda _: True)

    def write_state(
        self, state: StateNode, is_wanted: Callable[[StateNode], bool] = lambda _: True
    ) -> dict[str, Json]:
        """Put a state together, and those within it that are wanted."""
        written = dict(state.fields)
        if state.scopes_field == "Branches":
            written["Branches"] = [self._write_scope(each, is_wanted) for each in state.scopes]
        elif state.scopes_field is not None:
            written[state.scopes_field] = self._write_scope(state.scopes[0], is_wanted)
        return written

    def _take(self, document: dict[str, Json], owner: StateNode | None) -> ScopeNode:
        scope = ScopeNode(owner, {key: each for key, each in document.items() if key != "States"})
        if owner is None:
            self.root = scope
        for name, state in document["States"].items():
            self.add(name, state, scope)
        return scope

    def _write_scope(
        self, scope: ScopeNode, is_wanted: Callable[[StateNode], bool]
    ) -> dict[str, Json]:
        states = {
            state.name: self.write_state(state, is_wanted)
            for state in scope.states
            if is_wanted(state)
        }
        return {**scope.fields, "States": states}


def take_apart(document: Json) -> Machine:
    """Take a definition apart. The document is left alone, whatever becomes of the machine.

    Raises NotComparable: it has no States, or two of one name. Anything else may be wrong with it.
    """
    if not _is_scope(document):
        raise NotComparable("The definition has no States, or one that is no object.")
    machine = Machine(ScopeNode(None), {})
    machine._take(deepcopy(document), None)
    return machine


def _holds_scopes(state: dict[str, Json], name: str) -> bool:
    held = state.get(name)
    if name == "Branches":
        return isinstance(held, list) and all(map(_is_scope, held))
    return _is_scope(held)


def _is_scope(document: Json) -> bool:
    states = document.get("States") if isinstance(document, dict) else None
    return isinstance(states, dict) and all(isinstance(each, dict) for each in states.values())
