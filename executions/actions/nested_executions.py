"""A Task that starts another execution: ``arn:aws:states:::states:startExecution``.

Starting the child and reporting that are two commits. A worker that dies in between leaves the
child and its own attempt; the next worker performs the attempt again and finds the child, which
carries the attempt's number. How the child's end reaches the parent: ``runtime.nested``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html and
recordings of the service.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from executions.actions.executions import StartedExecution, start_execution
from executions.integration import Failed, Submitted, Succeeded, unusable
from executions.models import Execution
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from executions.runtime.nested import Parent, derived_name, start_answer
from studio.actions.names import qualified_name
from studio.actions.state_machines import get_state_machine
from studio.asl import json_text
from studio.asl.resource import parse_resource
from studio.errors import ApiError, StateMachineTypeNotSupported
from studio.models import StateMachine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from executions.integration import TaskOutcome, TaskRequest
    from studio.asl.definition import Json

PAUSE_SECONDS: Final = 0.25
"""Between looks for a database that is away."""

_FIELDS: Final = ("StateMachineArn", "Input", "Name", "TraceHeader")

_log = logging.getLogger(__name__)


class NestedExecution:
    """``states:startExecution`` in all its forms: plain, ``.sync``, ``.sync:2``, with a token."""

    lost_error = None
    """Performed again, the attempt finds the execution that it has started."""

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Start the child. ``.sync`` goes on when it ends, the plain form at once."""
        parameters = json.loads(request.parameters)
        problem = _problem_with(parameters)
        if problem is not None:
            return unusable(request, problem)
        pattern = parse_resource(request.resource).pattern
        form = pattern if pattern.startswith("sync") else ""
        while True:
            try:
                started = _start(request, parameters, form)
            except ApiError as error:
                return _refusal(error)
            except DATABASE_AWAY as error:
                # It may have been started, or not: asking again tells.
                _log.warning("a nested execution is not started yet: %s", error)
                forget_broken_connection()
                time.sleep(PAUSE_SECONDS)
                continue
            answer = start_answer(started.arn, started.started_at, request.idempotency_key)
            return Submitted(answer) if pattern else Succeeded(answer)


def parent_of(execution: Execution) -> Execution | None:
    """The execution that started this one; None where none did, or it has been removed."""
    if execution.parent_id is None:
        return None
    return _shown().filter(pk=execution.parent_id).first()


def children_of(execution: Execution, tasks: Sequence[int]) -> list[Execution]:
    """What these attempts of an execution's Tasks have started, in the attempts' order."""
    found = _shown().filter(parent_id=execution.pk, parent_task__in=tasks)
    return list(found.order_by("parent_task"))


def _shown() -> QuerySet[Execution]:
    return Execution.objects.select_related("state_machine").only(
        "name", "status", "parent_task", "map_label", "state_machine__name"
    )


def _start(request: TaskRequest, parameters: dict[str, Any], form: str) -> StartedExecution:
    """Start the child, or find the one that this attempt has started."""
    name, qualifier = qualified_name(parameters["StateMachineArn"])
    if form and get_state_machine(name).type == StateMachine.Type.EXPRESS:
        raise StateMachineTypeNotSupported(
            message="The end of an Express execution cannot be waited for in this way: use "
            "arn:aws:states:::aws-sdk:sfn:startSyncExecution, or do not wait"
        )
    parent = made_up = None
    if request.execution_id is not None:
        parent = Parent(request.execution_id, request.task, form)
        made_up = derived_name(request.idempotency_key)
    return start_execution(
        name,
        qualifier=qualifier,
        input=_input(parameters.get("Input")),
        name=parameters.get("Name", made_up),
        trace_header=parameters.get("TraceHeader", ""),
        parent=parent,
        run=made_up,
        hops=request.hops,
    )


def _input(value: Json) -> str | None:
    """The child's input as JSON text. A text that is JSON is sent as it stands, as by AWS."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            json_text.loads(value)
        except json_text.InvalidJson:
            return json_text.dumps(value)
        return value
    return json_text.dumps(value)


def _problem_with(parameters: Any) -> str | None:
    if not isinstance(parameters, dict):
        return "They are not a JSON object"
    unknown = sorted(parameters.keys() - set(_FIELDS))
    if unknown:
        return f'The field "{unknown[0]}" is not supported by Step Functions'
    if "StateMachineArn" not in parameters:
        return 'The field "StateMachineArn" is required but was missing'
    for field in ("StateMachineArn", "Name", "TraceHeader"):
        if field in parameters and not isinstance(parameters[field], str):
            return f'The value for the field "{field}" must be a STRING'
    return None


def _refusal(error: ApiError) -> Failed:
    """What the Task's Retry and Catch see of an error of StartExecution."""
    code = error.code
    name = code if code.endswith("Exception") else f"{code}Exception"
    return Failed(
        f"StepFunctions.{name}",
        f"{error.message} (Service: AWSStepFunctions; Status Code: {error.status}; "
        f"Error Code: {code}; Request ID: {uuid.uuid4()}; Proxy: null)",
    )
