"""The changes between two definitions, found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.changes.apply import rename_states
from studio.asl.changes.assembly import take_apart
from studio.asl.changes.change import (
    Change,
    FieldChanged,
    ScopesChanged,
    StateAdded,
    StateMoved,
    StateRemoved,
    StateRenamed,
)
from studio.asl.changes.matching import Matching
from studio.asl.changes.values import differences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.changes.assembly import Machine, ScopeNode
    from studio.asl.definition import Json


def compare(before: Json, after: Json) -> tuple[Change, ...]:
    """Find the changes that make ``after`` of ``before``, in the order to apply them.

    None where the two say the same; the order of members says nothing. Neither needs to be valid,
    but each needs states that can be told apart.

    Raises NotComparable.
    """
    return tuple(_Comparison(take_apart(before), take_apart(after)).changes())


class _Comparison:
    def __init__(self, old: Machine, new: Machine) -> None:
        self._old = old
        self._new = new
        self._matching = Matching(old, new)

    def changes(self) -> Iterator[Change]:
        renamed = {state.name: was.name for state, was in self._matching.renamed()}
        # Read before the old machine takes the new names, as it does from here on.
        removed = [*self._removed()]
        moved = [*self._moved()]
        for name, old_name in renamed.items():
            yield StateRenamed(name, old_name)
        rename_states(self._old, {was: name for name, was in renamed.items()})
        yield from self._scopes_changed()
        yield from self._added()
        yield from moved
        yield from removed
        yield from self._fields_changed()

    def _scopes_changed(self) -> Iterator[ScopesChanged]:
        for state, was in self._matching.old_states.items():
            sources = tuple(
                was.scopes.index(before) if before in was.scopes else None
                for before in map(self._matching.old_scopes.get, state.scopes)
            )
            is_kept = sources == tuple(range(len(was.scopes)))
            if state.scopes_field is None:
                # No scopes are left; what stood in them is moved or removed.
                if was.scopes_field is not None:
                    yield ScopesChanged(state.name, "", (), len(was.scopes), was.scopes_field)
            elif not (is_kept and state.scopes_field == was.scopes_field):
                yield ScopesChanged(
                    state.name, state.scopes_field, sources, len(was.scopes), was.scopes_field
                )

    def _added(self) -> Iterator[StateAdded]:
        known = self._matching.old_states
        for name, state in self._new.states.items():
            owner = state.scope.owner
            if state not in known and (owner is None or owner in known):
                document = self._new.write_state(state, lambda inner: inner not in known)
                yield StateAdded(name, self._new.place_of(state.scope), document)

    def _moved(self) -> Iterator[StateMoved]:
        for state, was in self._matching.old_states.items():
            if self._matching.old_scopes.get(state.scope) is not was.scope:
                owner = was.scope.owner
                yield StateMoved(
                    state.name, self._new.place_of(state.scope), owner.name if owner else None
                )

    def _removed(self) -> Iterator[StateRemoved]:
        kept = set(self._matching.old_states.values())
        for name, was in self._old.states.items():
            owner = was.scope.owner
            if was not in kept and (owner is None or owner in kept):
                document = self._old.write_state(was, lambda inner: inner not in kept)
                yield StateRemoved(name, document)

    def _fields_changed(self) -> Iterator[FieldChanged]:
        yield from self._scope_fields(self._new.root)
        for state in self._new.states.values():
            was = self._matching.old_states.get(state)
            if was is None:
                continue
            for path, before, after in differences((), was.fields, state.fields):
                yield FieldChanged(state.name, None, path, before, after)
            for scope in state.scopes:
                yield from self._scope_fields(scope)

    def _scope_fields(self, scope: ScopeNode) -> Iterator[FieldChanged]:
        was = self._matching.old_scopes.get(scope)
        place = self._new.place_of(scope)
        for path, before, after in differences((), was.fields if was else {}, scope.fields):
            yield FieldChanged(None, place, path, before, after)
