"""One live scope of an execution, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from executions.interpreter.value import value

if TYPE_CHECKING:
    from executions.interpreter.payload import Payload
    from executions.interpreter.variables import Variables


@value
class TaskWait:
    """A frame waits for an attempt of its Task, and perhaps for timers beside it.

    ``task`` is the id of the attempt's …Scheduled event. ``timeout`` and ``heartbeat`` are in
    seconds, or None; ``timed`` says that the timers of both are running: an activity's wait for a
    worker. ``heard_at`` is the moment from which the heartbeat counts. ``has_token``: a callback
    may report the outcome. The token itself is not kept.
    """

    task: int
    started: bool = False
    submitted: bool = False
    timeout: int | None = None
    heartbeat: int | None = None
    timed: bool = False
    heard_at: float = 0.0
    has_token: bool = False

    @property
    def heartbeat_until(self) -> float:
        """When the next sign of life must have come; needs ``heartbeat``."""
        return round(self.heard_at + (self.heartbeat or 0), 3)


@value
class TimerWait:
    """A frame waits for a moment: a Wait state's end, or the next attempt of a Retrier."""

    timer: str


@dataclass(frozen=True, slots=True)
class MapRunWait:
    """A frame waits for its Map Run. ``run`` is the id of the MapRunStarted event.

    ``arn`` is the run's, ``redrives`` how often it was redriven. ``is_over``: nothing is waited
    for any more; it is kept so that a redrive of the execution can redrive the run.
    """

    run: int
    arn: str
    redrives: int = 0
    is_over: bool = False


@dataclass(slots=True)
class ChildrenWait:
    """A frame waits for its branches or iterations.

    ``results`` has a place for each child that shall run; None until it has ended. ``started``
    counts the children begun so far, ``finished`` those that succeeded; a Map keeps at most
    ``concurrency`` alive. ``items`` is a cache of a Map's items, ``are_members`` tells whether an
    object's members are these; both follow from the frame's input and are left out of snapshots.
    """

    results: list[Payload | None]
    started: int = 0
    finished: int = 0
    concurrency: int = 0
    items: list[Any] | None = field(default=None, compare=False, repr=False)
    are_members: bool = field(default=False, compare=False, repr=False)

    def copy(self) -> ChildrenWait:
        """Copy, so that a draft can be changed; results are shared."""
        return ChildrenWait(
            self.results.copy(),
            self.started,
            self.finished,
            self.concurrency,
            self.items,
            self.are_members,
        )


@dataclass(frozen=True, slots=True)
class PauseWait:
    """A frame is paused, before its state is run or before it is left, until it is told to go on.

    ``name`` is unique within the execution. ``since`` is in seconds since the epoch; ``reason``
    says what paused it, ``by`` who is behind that, and ``problem`` why a breakpoint's condition
    could not be evaluated. What the other members hold is for a frame about to leave: its output,
    where it goes (None: its scope ends), what it assigns, whether that was checked, and the results
    that a Parallel or Map had.
    """

    name: str
    where: Literal["before", "after"]
    since: float
    reason: str
    by: str
    problem: str | None = None
    output: Payload | None = None
    following: str | None = None
    assigned: dict[str, Payload] | None = None
    is_checked: bool = False
    halted: ChildrenWait | MapRunWait | None = None

    def own_halted(self) -> ChildrenWait | MapRunWait | None:
        """Give ``halted``, so that a draft can change it."""
        halted = self.halted
        return halted.copy() if isinstance(halted, ChildrenWait) else halted


Wait = TaskWait | TimerWait | MapRunWait | ChildrenWait | PauseWait


class Frame:
    """One live scope: the machine, a branch, or an iteration, and the state it is in.

    ``scope`` is the number of its scope in the Program, ``index`` its place among its siblings.
    ``entered_id`` is the id of the current state's …StateEntered event, ``entered_at`` its moment;
    ``last_id`` the event that the frame's next event follows. ``retries`` counts the retries of
    the current state, one number a Retrier, or is None before the first. ``wait`` is None while
    the frame can go on. ``item`` is a Map iteration's own item, what ``$$.Map.Item`` tells of;
    ``is_member`` says that it is ``{"Key": …, "Value": …}``, a member of an object. ``variables``
    is what the frame sees: its parent's, as they were when it began, and its own. ``began`` is the
    id of its first …StateEntered event and of the event before that.
    """

    __slots__ = (
        "began",
        "entered_at",
        "entered_id",
        "id",
        "index",
        "input",
        "is_member",
        "item",
        "last_id",
        "parent",
        "retries",
        "scope",
        "state",
        "variables",
        "wait",
    )

    def __init__(
        self,
        id: int,  # noqa: A002
        parent: int | None,
        scope: int,
        index: int,
        state: str,
        input: Payload,  # noqa: A002
        entered_id: int,
        entered_at: float,
        last_id: int,
        item: Payload | None = None,
        retries: tuple[int, ...] | None = None,
        wait: Wait | None = None,
        variables: Variables | None = None,
        began: tuple[int, int] = (0, 0),
        is_member: bool = False,
    ) -> None:
        self.id = id
        self.parent = parent
        self.scope = scope
        self.index = index
        self.state = state
        self.input = input
        self.entered_id = entered_id
        self.entered_at = entered_at
        self.last_id = last_id
        self.item = item
        self.retries = retries
        self.wait = wait
        self.variables = variables
        self.began = began
        self.is_member = is_member

    def copy(self) -> Frame:
        """Copy, so that a draft can be changed."""
        wait = self.wait
        return Frame(
            self.id,
            self.parent,
            self.scope,
            self.index,
            self.state,
            self.input,
            self.entered_id,
            self.entered_at,
            self.last_id,
            self.item,
            self.retries,
            wait.copy() if wait.__class__ is ChildrenWait else wait,
            self.variables,
            self.began,
            self.is_member,
        )

    @property
    def before_entry(self) -> int:
        """The id of the event that the current state's …StateEntered follows."""
        began_id, before = self.began
        return before if self.entered_id == began_id else self.entered_id - 1

    @property
    def retry_count(self) -> int:
        """How often the current state has been retried."""
        return sum(self.retries) if self.retries else 0

    def _key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in Frame.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self._key() == other._key()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Frame({self.id}, {self.state!r}, entered #{self.entered_id}, {self.wait})"
