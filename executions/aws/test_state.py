"""AWS's operation that tests one state. A dict at the end names it."""

from __future__ import annotations

from executions.actions.state_tests import StateTest, run_state_test
from studio.aws.protocol import Members, Operation


def test_state(request: Members) -> Members:
    """TestState. ``inspectionLevel`` INFO, the default, leaves ``inspectionData`` out."""
    mock = request.get("mock", {})
    error = mock.get("errorOutput", {})
    configuration = request.get("stateConfiguration", {})
    answer = run_state_test(
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
    if request.get("inspectionLevel", "INFO") == "INFO":
        answer.pop("inspectionData")
    return answer


OPERATIONS: dict[str, Operation] = {"TestState": test_state}
