"""The context object, ``$$``: what an execution may know of itself.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from executions.interpreter.map_runs import item_context
from studio.asl.definition import ABSENT
from studio.asl.expressions.bindings import NO_VARIABLES, Bindings, Randomness
from studio.asl.expressions.timestamps import format_timestamp

if TYPE_CHECKING:
    from executions.interpreter.draft import Draft
    from executions.interpreter.frame import Frame
    from executions.interpreter.payload import Payload
    from studio.asl.definition import Absent, Json

    Iteration = tuple[int, Payload, bool]


class StateBindings(Bindings):
    """The Bindings of a frame's current state.

    Most states ask for their input only, so the seed and the context are made when they are asked
    for. ``token`` becomes ``$$.Task.Token``; ``iteration`` ``$$.Map.Item``: an index, an item, and
    whether that is a member of an object.
    """

    __slots__ = ("_frame", "_iteration", "_token", "_turn")

    def __init__(
        self,
        turn: Draft,
        frame: Frame,
        token: str | None = None,
        iteration: Iteration | None = None,
    ) -> None:
        # Not the constructor of Bindings: it would make what this class puts off.
        self.input = frame.input.value
        variables = frame.variables
        self.variables = NO_VARIABLES if variables is None else variables.values
        self._context = None
        self._randomness = ""
        self._turn = turn
        self._frame = frame
        self._token = token
        self._iteration = iteration

    @property
    def randomness(self) -> Randomness:
        """What States.UUID and an unseeded States.MathRandom draw from."""
        randomness = self._randomness
        if isinstance(randomness, str):
            turn = self._turn
            randomness = Randomness(f"{turn.seed}:{self._frame.id}:{turn.last_id}")
            self._randomness = randomness
        return randomness

    def context(self) -> dict[str, Any]:
        """Give the context object, built at the first call."""
        context = self._context
        if context is None:
            context = self._context = self._turn.context(self._frame, self._token, self._iteration)
        return context


class QueryBindings(StateBindings):
    """The Bindings of a JSONata state: ``$states`` and the clock besides."""

    __slots__ = ()

    def __init__(
        self,
        turn: Draft,
        frame: Frame,
        token: str | None = None,
        iteration: Iteration | None = None,
        result: Json | Absent = ABSENT,
        error_output: Json | Absent = ABSENT,
    ) -> None:
        # Not even the constructor of StateBindings: each state makes one, and a call costs time.
        self.input = frame.input.value
        variables = frame.variables
        self.variables = NO_VARIABLES if variables is None else variables.values
        self._context = None
        self._randomness = ""
        self._turn = turn
        self._frame = frame
        self._token = token
        self._iteration = iteration
        self.result = result
        self.error_output = error_output
        self.now = turn.now


def context_object(
    turn: Draft, frame: Frame, token: str | None, iteration: Iteration | None
) -> dict[str, Any]:
    """Build the context object, its members in AWS's order."""
    identity = turn.base.identity
    assert turn.input is not None
    context: dict[str, Any] = {
        "Execution": {
            "Id": identity.execution_arn,
            "Input": turn.input.value,
            "StartTime": format_timestamp(turn.started_at),
            "Name": identity.execution_name,
            "RoleArn": identity.role_arn,
            "RedriveCount": turn.redrive_count,
        },
        "StateMachine": {
            "Id": identity.state_machine_arn,
            "Name": identity.state_machine_name,
        },
        "State": {
            "Name": frame.state,
            "EnteredTime": format_timestamp(frame.entered_at),
            "RetryCount": frame.retry_count,
        },
    }
    if turn.redriven_at is not None:
        context["Execution"]["RedriveTime"] = format_timestamp(turn.redriven_at)
    if iteration is None:
        iteration = _iteration_around(turn, frame)
    if iteration is not None:
        index, item, is_member = iteration
        context["Map"] = {"Item": item_context(index, item.value, is_member)}
    if token is not None:
        context["Task"] = {"Token": token}
    return context


def _iteration_around(turn: Draft, frame: Frame) -> Iteration | None:
    """Give the innermost Map iteration a frame is in."""
    around: Frame | None = frame
    while around is not None:
        if around.item is not None:
            return around.index, around.item, around.is_member
        around = None if around.parent is None else turn.frames[around.parent]
    return None
