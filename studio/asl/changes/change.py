"""The changes that there are.

States are called by their names in the newer definition, scopes by the state that owns them and
their place among its scopes there: (None, 0) is the machine itself, ("Fan", 1) the second branch of
Fan. Only what is gone is called as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from studio.asl.definition import Absent, Json

SCOPE_FIELDS: Final = ("Branches", "ItemProcessor", "Iterator")
"""Fields that hold scopes: a Parallel's, a Map's, and a Map's as it was written before 2022."""


@dataclass(frozen=True, slots=True)
class ScopePlace:
    """A scope: which state owns it (None: the machine does), and which of its scopes it is.

    ``field`` is the state's field that holds it.
    """

    owner: str | None
    index: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class StateRenamed:
    """A state has another name; those that went to it by the old one go to the new one."""

    name: str
    old_name: str


@dataclass(frozen=True, slots=True)
class StateAdded:
    """A state that was not there. ``state`` is its JSON; states that moved into it are left out."""

    name: str
    scope: ScopePlace
    state: dict[str, Json]


@dataclass(frozen=True, slots=True)
class StateRemoved:
    """A state that is gone, with all that is left in it. ``state`` is its JSON as it was."""

    name: str
    state: dict[str, Json]


@dataclass(frozen=True, slots=True)
class StateMoved:
    """A state stands in another scope. ``from_owner`` owned the one before, by its old name."""

    name: str
    scope: ScopePlace
    from_owner: str | None


@dataclass(frozen=True, slots=True)
class ScopesChanged:
    """A state's scopes are others: branches came, went or changed places.

    ``field`` holds them now. ``sources`` has for each scope of now the place that it had, or None
    for a new one; ``count`` is how many there were.
    """

    name: str
    field: str
    sources: tuple[int | None, ...]
    count: int
    old_field: str | None


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """A value within a state, or within a scope where ``state`` is None.

    ``path`` leads to it: names of members and places in arrays. ``before`` or ``after`` is ABSENT
    where there was or is none. In an array the first means that an item was put in at this place,
    the second that the one there was taken out; changes of one array are listed from its end.
    """

    state: str | None
    scope: ScopePlace | None
    path: tuple[str | int, ...]
    before: Json | Absent
    after: Json | Absent


Change = StateRenamed | ScopesChanged | StateAdded | StateMoved | StateRemoved | FieldChanged
