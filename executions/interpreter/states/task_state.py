"""The Task state: has work done outside, attempt by attempt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from executions.interpreter.context import QueryBindings, StateBindings
from executions.interpreter.data_flow import compile_input_flow, compile_output_flow
from executions.interpreter.frame import TaskWait
from executions.interpreter.messages import CancelTask, CancelTimer, ScheduleTask, SetTimer
from executions.interpreter.payload import Payload
from executions.interpreter.retry import RUNTIME, TIMEOUT, Failure
from executions.interpreter.states.compiled_state import CompiledState
from executions.interpreter.task_events import TaskEvents
from executions.interpreter.task_token import TokenSubject, derive_secret, make_task_token
from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError
from studio.asl.expressions.jsonata import compile_query, is_query, is_whole
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.payload_template import compile_template
from studio.asl.expressions.query_template import compile_query_template
from studio.asl.reading.fields import MAX_SECONDS
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from executions.interpreter.frame import Frame
    from executions.interpreter.messages import TaskSubmitted
    from executions.interpreter.turn import Turn
    from studio.asl.definition import Absent, Json, State, TaskState
    from studio.asl.expressions.bindings import Bindings


class CompiledTask(CompiledState):
    """A Task state. A frame in it waits (``TaskWait``) from one attempt's …Scheduled to its end."""

    __slots__ = (
        "credentials",
        "events",
        "heartbeat",
        "input_flow",
        "is_query",
        "needs_token",
        "resource",
        "timeout",
    )

    def __init__(self, state: TaskState) -> None:
        super().__init__(state, "Task")
        self.aborted_type = "TaskStateAborted"
        self.resource = parse_resource(state.resource)
        self.events = TaskEvents(self.resource)
        self.needs_token = self.resource.pattern != ""
        self.input_flow = compile_input_flow(state)
        self.output_flow = compile_output_flow(state)
        self.is_query = state.query_language == "JSONata"
        self.timeout = _compile_seconds(
            "TimeoutSeconds", state.timeout_seconds, state.timeout_seconds_path
        )
        self.heartbeat = _compile_seconds(
            "HeartbeatSeconds", state.heartbeat_seconds, state.heartbeat_seconds_path
        )
        self.credentials: Callable[[Bindings], Json] | None = None
        if state.credentials is not ABSENT:
            self.credentials = (
                compile_query_template(state.credentials, "Credentials")
                if self.is_query
                else compile_template(state.credentials)
            )
        self.retriers = state.retry

    def link(self, state: State, states: Mapping[str, CompiledState]) -> None:
        """Resolve Next and Catch."""
        super().link(state, states)
        self.link_catchers(state, states)

    def run(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """Schedule an attempt."""
        token = self.make_token(turn) if self.needs_token else None
        try:
            kind = QueryBindings if self.is_query else StateBindings
            bindings = kind(turn, frame, token)
            timeout = self.timeout(bindings)
            heartbeat = self.heartbeat(bindings)
            payload = self.input_flow.apply(turn, frame, bindings)
            given = None if self.credentials is None else self.credentials(bindings)
            credentials = None if given is None else self.events.credentials(given)
        except StatesError as error:
            return turn.fail_runtime(frame, self, error)
        refusal = None if payload is frame.input else turn.refusal(frame, payload)
        if refusal is not None:
            return turn.fail(frame, self, refusal)
        if self.resource.arn in turn.missing_activities:
            return turn.fail_runtime(
                frame,
                self,
                StatesError(RUNTIME, f"The activity {self.resource.arn} does not exist."),
            )
        region = turn.base.identity.state_machine_arn.split(":")[3]
        task = frame.last_id = turn.record(
            self.events.scheduled_type,
            frame.last_id,
            self.events.scheduled(self.resource, region, payload, timeout, heartbeat, credentials),
        )
        turn.wait_for_task(
            frame,
            TaskWait(task, timeout=timeout, heartbeat=heartbeat, has_token=token is not None),
        )
        turn.effects.append(
            ScheduleTask(
                task,
                self.name,
                frame.retry_count,
                self.resource.arn,
                payload.text,
                timeout,
                heartbeat,
                token,
                None if given is None else _role_of(given),
            )
        )
        if self.events.starts_by_itself:
            self.start_timers(turn, frame)
        return None

    @staticmethod
    def make_token(turn: Turn) -> str:
        """Give the ``$$.Task.Token`` of the attempt whose …Scheduled event comes next."""
        subject = TokenSubject(turn.base.identity.execution_arn, turn.last_id + 1)
        return make_task_token(subject, derive_secret(turn.seed, subject))

    @staticmethod
    def start_timers(turn: Turn, frame: Frame) -> None:
        """Let time-out and heartbeat count from now.

        An activity's count from its start, as AWS says: what no worker takes up is ended by the
        execution's own TimeoutSeconds.
        """
        wait = frame.wait
        assert isinstance(wait, TaskWait)
        if wait.timed or (wait.timeout is None and wait.heartbeat is None):
            return
        wait = frame.wait = replace(wait, timed=True, heard_at=turn.now)
        if wait.timeout is not None:
            turn.effects.append(SetTimer(f"timeout:{wait.task}", turn.now + wait.timeout))
        if wait.heartbeat is not None:
            turn.effects.append(SetTimer(f"heartbeat:{wait.task}", wait.heartbeat_until))

    def timer_fired(self, turn: Turn, frame: Frame) -> CompiledState | None:
        """A Retrier's delay is over."""
        return self

    def task_started(self, turn: Turn, frame: Frame, worker: str | None = None) -> None:
        """Record it, once."""
        wait = frame.wait
        assert isinstance(wait, TaskWait)
        if not wait.started:
            frame.wait = replace(wait, started=True)
            self._tell_of_start(turn, frame, worker)

    def _tell_of_start(self, turn: Turn, frame: Frame, worker: str | None = None) -> None:
        frame.last_id = turn.record(
            self.events.started_type, frame.last_id, self.events.started(worker)
        )
        if not self.events.starts_by_itself:
            self.start_timers(turn, frame)

    def task_heard(self, turn: Turn, frame: Frame, at: float) -> None:
        """Let the heartbeat count from ``at``. No event tells of it, as at AWS."""
        wait = frame.wait
        assert isinstance(wait, TaskWait)
        wait = frame.wait = replace(wait, heard_at=at)
        turn.effects.append(SetTimer(f"heartbeat:{wait.task}", wait.heartbeat_until))

    def task_submitted(self, turn: Turn, frame: Frame, command: TaskSubmitted) -> None:
        """Record it, once."""
        self.task_started(turn, frame)
        wait = frame.wait
        assert isinstance(wait, TaskWait)
        if not wait.submitted:
            frame.last_id = turn.record(
                self.events.submitted_type,
                frame.last_id,
                self.events.output("Submitted", Payload.of_text(command.output)),
            )
            frame.wait = replace(wait, submitted=True)

    def task_succeeded(self, turn: Turn, frame: Frame, output: str) -> CompiledState | None:
        """Take the result and leave. The event shows the result's text as it came."""
        raw = Payload.of_text(output)
        if raw.exceeds_limit():
            return self.attempt_failed(
                turn, frame, Failure.of_size(self.events.result_name, terminal=False)
            )
        try:
            result = Payload(json_text.loads(output))
        except json_text.InvalidJson as problem:
            return self.attempt_failed(
                turn,
                frame,
                Failure(
                    RUNTIME,
                    f"The state/task '{self.events.result_name}' returned a result that is not "
                    f"JSON: {problem}",
                ),
            )
        self.end_attempt(turn, frame)
        frame.last_id = turn.record(
            self.events.succeeded_type, frame.last_id, self.events.output("Succeeded", raw)
        )
        return self.leave(turn, frame, result, self.next)

    def task_failed(
        self, turn: Turn, frame: Frame, error: str | None, cause: str | None
    ) -> CompiledState | None:
        """Record the failure; Retry and Catch decide."""
        return self.attempt_failed(turn, frame, Failure.told(error, cause))

    def task_timed_out(self, turn: Turn, frame: Frame, alias: str | None) -> CompiledState | None:
        """Record the time-out and call the attempt off; Retry and Catch decide.

        An expired heartbeat shows as States.Timeout too, and States.HeartbeatTimeout matches it.
        """
        wait = frame.wait
        assert isinstance(wait, TaskWait)
        turn.effects.append(CancelTask(wait.task))
        if self.events.starts_by_itself:
            self.task_started(turn, frame)
        other, seconds = (
            ("heartbeat", wait.heartbeat) if alias is None else ("timeout", wait.timeout)
        )
        if seconds is not None:
            turn.effects.append(CancelTimer(f"{other}:{wait.task}"))
        turn.stop_waiting(frame)
        frame.last_id = turn.record(
            self.events.timed_out_type, frame.last_id, self.events.timed_out(TIMEOUT)
        )
        return turn.fail(frame, self, Failure(TIMEOUT, None, alias))

    def attempt_failed(self, turn: Turn, frame: Frame, failure: Failure) -> CompiledState | None:
        """Record the …Failed event of an attempt."""
        self.end_attempt(turn, frame)
        frame.last_id = turn.record(
            self.events.failed_type,
            frame.last_id,
            self.events.failed(failure.error, failure.cause),
        )
        return turn.fail(frame, self, failure)

    def end_attempt(self, turn: Turn, frame: Frame) -> None:
        """Prepare for an outcome: it implies the start, and its timers are not needed any more."""
        assert isinstance(frame.wait, TaskWait)
        if not frame.wait.started:
            self._tell_of_start(turn, frame)
        turn.cancel_task_timers(frame.wait)
        turn.stop_waiting(frame)


def _role_of(credentials: Json) -> str | None:
    role = credentials.get("RoleArn") if isinstance(credentials, dict) else None
    return role if isinstance(role, str) else None


def _compile_seconds(
    field: str, seconds: Json | Absent, path_text: str | None
) -> Callable[[Bindings], int | None]:
    """Compile TimeoutSeconds or HeartbeatSeconds to what gives its value, None where absent."""
    if is_query(seconds):
        query = compile_query(seconds, field)

        def evaluate(bindings: Bindings) -> int:
            value = query.evaluate_as(bindings, "number")
            if not is_whole(value) or value <= 0:
                raise query.wrong_kind(value, "positive integer")
            if value > MAX_SECONDS:
                shown = json_text.dumps(value)
                raise query.failure(f"must give {MAX_SECONDS} at most, but gave {shown}.")
            return int(value)

        return evaluate
    if path_text is None:
        constant = None if seconds is ABSENT else seconds
        return lambda bindings: constant
    path = compile_path(path_text)

    def read(bindings: Bindings) -> int:
        value = path.get(bindings)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_SECONDS:
            shown = value if isinstance(value, str) else json_text.dumps(value)
            raise StatesError(
                RUNTIME,
                f'The {field}Path field refers to value "{shown}" which is not a valid integer: '
                f"{path.text}",
            )
        return value

    return read
