"""TestState: one state run by itself. Nothing is stored; a Task without a mock is to be performed.

Messages are AWS's, as recorded, where a comment does not say otherwise.
Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from executions.actions.state_test_contexts import read_context, read_variables
from executions.actions.state_test_data import data_set
from executions.actions.state_test_fields import check_fields
from executions.errors import InvalidExecutionInput
from executions.interpreter.inspection.inspected_turn import SHOWN_NAME
from executions.interpreter.inspection.inspection import Inspection, Mock, Setting
from executions.interpreter.inspection.place import states_below
from executions.interpreter.state import Identity
from studio import arns
from studio.actions.names import check_role_arn
from studio.asl import json_text
from studio.asl.definition import ABSENT, MapState, ParallelState, TaskState
from studio.asl.diagnostics import Diagnostic
from studio.asl.errors import InvalidDefinition as DefinitionFault
from studio.asl.parse import parse
from studio.asl.resource import parse_resource
from studio.errors import InvalidDefinition, ValidationException

if TYPE_CHECKING:
    from executions.interpreter.messages import ScheduleTask
    from studio.asl.definition import Definition, Scope, State

_UNTESTABLE = (
    "TestState API does not support Map or Parallel states. Supported state types include: "
    "[Task, Wait, Pass, Succeed, Fail, Choice]"
)
# Seen at an emulator of AWS only.
_WAITS = "TestState API does not support '.sync' or '.waitForTaskToken' integration patterns."


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTest:
    """What TestState is asked, by AWS's names. Texts hold JSON where AWS's do.

    ``stops_at_work`` is ours: a Task, Map or Parallel state without a mock is run up to what it
    would ask for, whatever it is.
    """

    definition: str
    role_arn: str | None = None
    input: str | None = None
    state_name: str | None = None
    variables: str | None = None
    context: str | None = None
    reveal_secrets: bool = False
    mock_result: str | None = None
    mock_error: str | None = None
    mock_cause: str | None = None
    field_validation_mode: str = "STRICT"
    has_mock: bool = False
    has_error_output: bool = False
    retrier_retry_count: int = 0
    error_caused_by_state: str | None = None
    map_iteration_failure_count: int | None = None
    map_item_reader_data: str | None = None
    stops_at_work: bool = False


def begin_state_test(test: StateTest) -> tuple[Inspection, ScheduleTask | None]:
    """Run the state as far as it comes by itself.

    Returns:
        The test, whose ``answer()`` has the members of AWS's answer, ``inspectionData`` complete;
        and the attempt that must be performed before, which ``state_test_tasks`` does, if any.

    Raises:
        InvalidDefinition: the definition is wrong, or such a state cannot be tested.
        InvalidExecutionInput: the input is not JSON.
        InvalidArn: the role is no ARN.
        ValidationException: the rest does not fit the state.
    """
    given = "{}" if test.input is None else test.input
    try:
        json_text.loads(given)
    except json_text.InvalidJson as fault:
        raise InvalidExecutionInput(fault.message) from None
    if test.role_arn is not None:
        check_role_arn(test.role_arn)
    definition, name = _read_definition(test)
    state = _find_state(definition, name)
    if state is None:
        raise ValidationException(message="State not found in definition")
    _check_state(test, state)
    mock = _read_mock(test, state)
    inspection = Inspection(definition, name, _setting(test, state, given))
    try:
        task = inspection.run(mock)
    except ValueError as fault:
        raise ValidationException(message=str(fault)) from None
    return inspection, task


def _read_definition(test: StateTest) -> tuple[Definition, str]:
    """Read a whole definition where a state of it is named, else the definition of one state."""
    try:
        if test.state_name is not None:
            return parse(test.definition), test.state_name
        try:
            document = json_text.loads(test.definition)
        except json_text.InvalidJson:
            return parse(test.definition), ""
        if not isinstance(document, dict):
            return parse(test.definition), ""
        return parse(json.dumps(_machine_around(document))), SHOWN_NAME
    except DefinitionFault as fault:
        diagnostics = [_moved(each) for each in fault.diagnostics]
        if test.state_name is not None:
            diagnostics = list(fault.diagnostics)
        text = ", ".join(str(each) for each in diagnostics)
        raise InvalidDefinition(text, diagnostics) from None


def _machine_around(state: dict[str, Any]) -> dict[str, Any]:
    """Make the smallest machine that a state can be in: where it points to, another state is."""
    targets = [state.get("Next"), state.get("Default")]
    for field in ("Choices", "Catch"):
        several = state.get(field)
        if isinstance(several, list):
            targets += [each.get("Next") for each in several if isinstance(each, dict)]
    states: dict[str, Any] = {
        target: {"Type": "Succeed"} for target in targets if isinstance(target, str)
    }
    states[SHOWN_NAME] = state
    return {"StartAt": SHOWN_NAME, "States": states}


def _moved(diagnostic: Diagnostic) -> Diagnostic:
    """Say where in the state something is, not where in the machine around it."""
    start = f"/States/{SHOWN_NAME}"
    if not diagnostic.location.startswith(start):
        return diagnostic
    location = diagnostic.location.removeprefix(start) or "/"
    return Diagnostic(diagnostic.severity, diagnostic.code, diagnostic.message, location)


def _find_state(scope: Scope, name: str) -> State | None:
    if name in scope.states:
        return scope.states[name]
    for state in scope.states.values():
        below: tuple[Scope, ...] = ()
        if isinstance(state, ParallelState):
            below = state.branches
        elif isinstance(state, MapState):
            below = (state.processor,)
        for each in below:
            found = _find_state(each, name)
            if found is not None:
                return found
    return None


def _check_state(test: StateTest, state: State) -> None:
    """Refuse what cannot be tested in this way."""
    kind = type(state).__name__.removesuffix("State")
    if test.has_mock:
        if not isinstance(state, TaskState | MapState | ParallelState):
            raise ValidationException(
                message=f"State type '{kind}' is not supported when a mock is specified"
            )
        if test.reveal_secrets:
            raise ValidationException(
                message="TestState does not support RevealSecrets when a mock is specified."
            )
        cause = test.error_caused_by_state
        if cause is not None and cause not in states_below(state):
            # A guess at AWS's words for this case.
            raise ValidationException(message="State not found in definition")
        return
    if test.stops_at_work:
        return
    if test.map_iteration_failure_count is not None:
        raise ValidationException(
            message="TestState does not support MapIterationFailureCount when a mock is not "
            "specified."
        )
    if isinstance(state, MapState | ParallelState):
        raise InvalidDefinition(message=_UNTESTABLE)
    if isinstance(state, TaskState):
        resource = parse_resource(state.resource)
        if resource.pattern or resource.kind == "activity":
            raise InvalidDefinition(message=_WAITS)
        if test.role_arn is None:
            raise ValidationException(message="RoleArn must be specified when testing a Task state")


def _read_mock(test: StateTest, state: State) -> Mock | None:
    """Check the mock against the state; None where there is none."""
    if not test.has_mock:
        return None
    if (test.mock_result is None) is (not test.has_error_output):
        raise ValidationException(
            message="A test mock should have only one of the following fields: "
            "[result, errorOutput]."
        )
    if test.mock_result is None:
        if not test.mock_error:
            # Seen at an emulator of AWS only.
            raise ValidationException(
                message="An error was not specified in the mocked error output."
            )
        return Mock(None, test.mock_error, test.mock_cause)
    try:
        result = json_text.loads(test.mock_result)
    except json_text.InvalidJson:
        raise ValidationException(message="Mocked result must be valid JSON") from None
    if isinstance(state, MapState) and state.result_writer is not ABSENT:
        if not isinstance(result, dict):
            raise ValidationException(message="Mocked result must be a JSON object.")
    elif isinstance(state, MapState | ParallelState) and not isinstance(result, list):
        raise ValidationException(message="Mocked result must be an array.")
    if isinstance(state, ParallelState) and len(result) != len(state.branches):
        raise ValidationException(
            message="Mocked result must contain the same number of items as number of Parallel "
            "branches."
        )
    if isinstance(state, TaskState):
        check_fields(parse_resource(state.resource), result, test.field_validation_mode)
    return Mock(test.mock_result)


def _setting(test: StateTest, state: State, given: str) -> Setting:
    return Setting(
        identity=_identity(test.role_arn),
        input=given,
        now=timezone.now().timestamp(),
        seed=str(uuid.uuid4()),
        variables=read_variables(test.variables),
        context=read_context(test.context, state),
        retry_count=test.retrier_retry_count,
        data_set=data_set(test.map_item_reader_data),
        failed_iterations=test.map_iteration_failure_count,
    )


def _identity(role_arn: str | None) -> Identity:
    """Make up the Express execution that a test is at AWS."""
    machine, name = str(uuid.uuid4()), str(uuid.uuid4())
    full = arns.full_name(machine)
    machine_arn = arns.state_machine_arn(full)
    prefix = machine_arn.removesuffix(f":stateMachine:{machine}")
    return Identity(
        execution_arn=f"{prefix}:express:{machine}:{name}",
        execution_name=name,
        role_arn=role_arn or "",
        state_machine_arn=machine_arn,
        state_machine_name=machine,
    )
