"""AWS's operation that tests one state. A dict at the end names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from executions.actions.state_test_tasks import perform_tested_task
from executions.actions.state_tests import StateTest, begin_state_test
from executions.runtime.tested_tasks.processes import TooManyTasks
from studio.aws.errors import ThrottlingException
from studio.aws.protocol import Members, Operation
from studio.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from executions.interpreter.inspection.inspection import Inspection
    from executions.interpreter.messages import ScheduleTask


_OF_A_MOCK: Final = (
    "mapIterationFailureCount",
    "retrierRetryCount",
    "errorCausedByState",
    "mapItemReaderData",
    "context",
)


def test_state(request: Members) -> Members | Coroutine[Any, Any, Members]:
    """TestState. ``inspectionLevel`` INFO, the default, leaves ``inspectionData`` out; TRACE adds
    an HTTP Task's request and response to it.

    A Task without a mock is performed on the event loop's time.
    """
    if "mock" not in request:
        _refuse_without_mock(request)
    mock = request.get("mock", {})
    error = mock.get("errorOutput", {})
    configuration = request.get("stateConfiguration", {})
    inspection, task = begin_state_test(
        StateTest(
            definition=request["definition"],
            role_arn=request.get("roleArn"),
            input=request.get("input"),
            state_name=request.get("stateName"),
            variables=request.get("variables"),
            context=request.get("context"),
            reveal_secrets=request.get("revealSecrets", False),
            has_mock="mock" in request,
            mock_result=mock.get("result"),
            field_validation_mode=mock.get("fieldValidationMode", "STRICT"),
            has_error_output="errorOutput" in mock,
            mock_error=error.get("error"),
            mock_cause=error.get("cause"),
            retrier_retry_count=configuration.get("retrierRetryCount", 0),
            error_caused_by_state=configuration.get("errorCausedByState"),
            map_iteration_failure_count=configuration.get("mapIterationFailureCount"),
            map_item_reader_data=configuration.get("mapItemReaderData"),
        )
    )
    level = request.get("inspectionLevel", "INFO")
    if task is None:
        return _answer(inspection, level)
    reveal = request.get("revealSecrets", False) if level == "TRACE" else None
    return _perform(inspection, task, level, reveal)


def _refuse_without_mock(request: Members) -> None:
    """Refuse what says something about a mock where there is none.

    Of these messages only the one for MapIterationFailureCount is recorded.
    """
    given = {**request.get("stateConfiguration", {}), **request}
    for name in _OF_A_MOCK:
        if name in given:
            title = name[0].upper() + name[1:]
            raise ValidationException(
                message=f"TestState does not support {title} when a mock is not specified."
            )


async def _perform(
    inspection: Inspection, task: ScheduleTask, level: str, reveal_secrets: bool | None
) -> Members:
    try:
        await perform_tested_task(inspection, task, reveal_secrets)
    except TooManyTasks:
        raise ThrottlingException(
            message=f"Rate exceeded: {settings.STATE_TESTS} tests of Task states are being "
            "performed, which is the most at once (STEPWELL_STATE_TESTS). Try again when one of "
            "them is over, or mock the result."
        ) from None
    return _answer(inspection, level)


def _answer(inspection: Inspection, level: str) -> Members:
    answer = inspection.answer()
    if level == "INFO":
        answer.pop("inspectionData")
    return answer


OPERATIONS: dict[str, Operation] = {"TestState": test_state}
