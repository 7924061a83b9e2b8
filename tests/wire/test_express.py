"""Express state machines over the wire: refused, started with and without waiting, looked for."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.models import Execution, ExpressExecution
from executions.runtime.express import rows
from studio.models import StateMachine
from tests.wire.conftest import COMMITTED, PASS_END, ROLE

pytestmark = COMMITTED

LOOP = {
    "Again": {
        "Type": "Choice",
        "Choices": [{"Variable": "$.never", "IsPresent": True, "Next": "Done"}],
        "Default": "Again",
    },
    "Done": {"Type": "Succeed"},
}
PREFIX = "arn:aws:states:us-east-1:123456789012"


def create(sfn: Any, states: dict[str, Any], name: str = "quick", **extra: Any) -> str:
    definition = {"StartAt": next(iter(states)), "States": states, **extra}
    answer = sfn.create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE, type="EXPRESS"
    )
    return str(answer["stateMachineArn"])


def refusal(call: Any, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**parameters)
    said = error.value.response["Error"]
    return said["Code"], said["Message"]


def test_a_synchronous_execution_is_answered_with_its_end(sfn: Any) -> None:
    arn = create(sfn, {"P": {"Type": "Pass", "Result": {"a": 1}, "End": True}})
    answer = sfn.start_sync_execution(stateMachineArn=arn, name="one", input='{"b": 2}')
    assert answer["status"] == "SUCCEEDED"
    assert (answer["input"], answer["output"]) == ('{"b": 2}', '{"a":1}')
    assert answer["executionArn"].startswith(f"{PREFIX}:express:quick:one:")
    assert answer["billingDetails"]["billedMemoryUsedInMB"] == 64
    assert answer["billingDetails"]["billedDurationInMilliseconds"] % 100 == 0
    assert answer["startDate"] <= answer["stopDate"]
    assert not Execution.objects.exists()
    assert not ExpressExecution.objects.exists()


def test_a_name_may_be_used_again(sfn: Any) -> None:
    arn = create(sfn, {"P": PASS_END})
    both = [sfn.start_sync_execution(stateMachineArn=arn, name="one") for _ in range(2)]
    assert both[0]["executionArn"] != both[1]["executionArn"]
    assert [answer["output"] for answer in both] == ["{}", "{}"]
    started = [sfn.start_execution(stateMachineArn=arn, name="one") for _ in range(2)]
    assert started[0]["executionArn"] != started[1]["executionArn"]


def test_payloads_are_left_out_on_request(sfn: Any) -> None:
    arn = create(sfn, {"P": PASS_END})
    answer = sfn.start_sync_execution(stateMachineArn=arn, includedData="METADATA_ONLY")
    assert answer["status"] == "SUCCEEDED"
    assert not {"input", "output"} & set(answer)


def test_a_version_or_an_alias_is_run(sfn: Any) -> None:
    def result(number: int) -> str:
        state = {"P": {"Type": "Pass", "Result": number, "End": True}}
        return json.dumps({"StartAt": "P", "States": state})

    arn = sfn.create_state_machine(
        name="quick", definition=result(1), roleArn=ROLE, type="EXPRESS", publish=True
    )["stateMachineArn"]
    sfn.update_state_machine(stateMachineArn=arn, definition=result(2), publish=True)
    sfn.update_state_machine(stateMachineArn=arn, definition=result(3))
    routes = [{"stateMachineVersionArn": f"{arn}:{number}", "weight": 50} for number in (1, 2)]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=routes)

    def output(of: str) -> str:
        answer = sfn.start_sync_execution(stateMachineArn=of)
        assert answer["stateMachineArn"] == arn
        return str(answer["output"])

    assert [output(each) for each in (arn, f"{arn}:1", f"{arn}:2")] == ["3", "1", "2"]
    assert {output(alias["stateMachineAliasArn"]) for _ in range(40)} == {"1", "2"}
    for nothing in ("3", "0", "test"):
        code, message = refusal(sfn.start_sync_execution, stateMachineArn=f"{arn}:{nothing}")
        assert (code, message) == (
            "StateMachineDoesNotExist",
            f"State Machine Does Not Exist: '{arn}:{nothing}'",
        )


def test_a_failure_is_an_answer_too(sfn: Any) -> None:
    arn = create(sfn, {"F": {"Type": "Fail", "Error": "E", "Cause": "C"}})
    answer = sfn.start_sync_execution(stateMachineArn=arn)
    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "E", "C")


def test_waits_tasks_and_branches_run_in_memory(sfn: Any) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:nobody",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
        "End": True,
    }
    branches = [
        {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 1, "End": True}}},
        {"StartAt": "T", "States": {"T": task, "Caught": {"Type": "Pass", "End": True}}},
    ]
    arn = create(sfn, {"Both": {"Type": "Parallel", "Branches": branches, "End": True}})
    answer = sfn.start_sync_execution(stateMachineArn=arn, input='{"x": 1}')
    assert answer["status"] == "SUCCEEDED", answer
    napped, caught = json.loads(answer["output"])
    assert napped == {"x": 1}
    assert caught["Error"].startswith("Lambda.")
    assert answer["billingDetails"]["billedDurationInMilliseconds"] >= 1000


def test_a_loop_ends_by_its_time_out_and_holds_up_nobody(sfn: Any) -> None:
    arn = create(sfn, LOOP, TimeoutSeconds=4)
    with ThreadPoolExecutor(1) as caller:
        looping = caller.submit(sfn.start_sync_execution, stateMachineArn=arn)
        answered = 0
        while not looping.done():
            sfn.describe_state_machine(stateMachineArn=arn)
            answered += 1
            time.sleep(0.05)
    answer = looping.result()
    assert (answer["status"], answer["error"]) == ("TIMED_OUT", "States.Timeout")
    assert answered > 1


def test_what_waits_takes_no_thread_of_the_server(sfn: Any) -> None:
    """More executions at once than the server has threads: all begin before the first ends."""
    arn = create(sfn, {"Nap": {"Type": "Wait", "SecondsPath": "$.nap", "End": True}})
    with ThreadPoolExecutor(12) as callers:

        def sleep_together(count: int, seconds: int) -> list[Any]:
            given = {"stateMachineArn": arn, "input": json.dumps({"nap": seconds})}
            naps = [callers.submit(sfn.start_sync_execution, **given) for _ in range(count)]
            return [nap.result() for nap in naps]

        sleep_together(2, 1)  # So that both processes are there before it counts.
        answers = sleep_together(12, 6)
    assert {answer["status"] for answer in answers} == {"SUCCEEDED"}
    assert max(a["startDate"] for a in answers) < min(a["stopDate"] for a in answers)


def test_an_execution_that_nobody_waits_for_is_run_by_a_worker(sfn: Any) -> None:
    arn = create(sfn, {"P": PASS_END})
    started = sfn.start_execution(stateMachineArn=arn, name="one", input='{"b": 2}')
    assert started["executionArn"].startswith(f"{PREFIX}:express:quick:one:")
    assert not Execution.objects.exists()
    row = ExpressExecution.objects.get()
    assert started["executionArn"].endswith(str(row.run))
    (taken,) = rows.take(10)
    assert taken.start.arn == started["executionArn"]
    assert taken.start.input == '{"b": 2}'


def test_operations_that_have_no_meaning_are_refused(sfn: Any, machine_arn: str) -> None:
    arn = create(sfn, {"P": PASS_END})
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    for call in (sfn.describe_execution, sfn.stop_execution, sfn.get_execution_history):
        assert refusal(call, executionArn=execution) == (
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: express'",
        )
    not_of_this_type = (
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
    assert refusal(sfn.list_executions, stateMachineArn=arn) == not_of_this_type
    assert refusal(sfn.start_sync_execution, stateMachineArn=machine_arn) == not_of_this_type


def test_bad_starts_are_refused(sfn: Any) -> None:
    arn = create(sfn, {"P": PASS_END})
    start = sfn.start_sync_execution
    assert refusal(start, stateMachineArn=arn, name="a b")[0] == "InvalidName"
    assert refusal(start, stateMachineArn=arn, input="{")[0] == "InvalidExecutionInput"
    assert refusal(start, stateMachineArn=f"{arn}x")[0] == "StateMachineDoesNotExist"


@pytest.mark.parametrize(
    ("resource", "refused"),
    [
        ("arn:aws:states:::states:startExecution.sync:2", "'.sync' service integration"),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken",
         "'.waitForTaskToken' service integration "),
        ("arn:aws:states:us-east-1:123456789012:activity:a", "Activity ARN"),
    ],
)  # fmt: skip
def test_what_would_outlive_five_minutes_is_refused(sfn: Any, resource: str, refused: str) -> None:
    parameters = {"FunctionName": "f", "StateMachineArn": "m"}
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    if "activity" in resource:
        del task["Parameters"]
    inner = {"StartAt": "T", "States": {"T": task}}
    states = {"P": {"Type": "Parallel", "Branches": [inner], "End": True}}
    message = f"Express state machine does not support {refused}"
    location = "/States/P/Branches[0]/States/T/Resource"
    assert refusal(
        sfn.create_state_machine,
        name="m",
        definition=json.dumps({"StartAt": "P", "States": states}),
        roleArn=ROLE,
        type="EXPRESS",
    ) == (
        "InvalidDefinition",
        f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {message} at {location}'",
    )
    assert not StateMachine.objects.exists()
    found = sfn.validate_state_machine_definition(
        definition=json.dumps({"StartAt": "P", "States": states}), type="EXPRESS"
    )
    assert found["result"] == "FAIL"
    assert (found["diagnostics"][0]["message"], found["diagnostics"][0]["location"]) == (
        message,
        location,
    )
    arn = create(sfn, {"P": PASS_END})
    assert (
        refusal(
            sfn.update_state_machine,
            stateMachineArn=arn,
            definition=json.dumps({"StartAt": "P", "States": states}),
        )[0]
        == "InvalidDefinition"
    )


def test_a_deleted_state_machine_waits_for_its_executions(sfn: Any) -> None:
    arn = create(sfn, {"P": PASS_END})
    sfn.start_execution(stateMachineArn=arn)
    sfn.delete_state_machine(stateMachineArn=arn)
    assert sfn.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
    assert refusal(sfn.start_execution, stateMachineArn=arn)[0] == "StateMachineDeleting"
    assert refusal(sfn.start_sync_execution, stateMachineArn=arn)[0] == "StateMachineDeleting"
    taken = rows.take(10)
    rows.take(0, finished=taken)
    sfn.delete_state_machine(stateMachineArn=arn)
    assert not StateMachine.objects.exists()


def test_deleting_waits_for_asynchronous_executions(sfn: Any) -> None:
    """One is under way, for no worker takes it up here: nothing new begins beside it."""
    arn = create(sfn, {"P": PASS_END})
    sfn.start_execution(stateMachineArn=arn)
    sfn.delete_state_machine(stateMachineArn=arn)
    assert sfn.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
    for call in (sfn.start_sync_execution, sfn.start_execution):
        assert refusal(call, stateMachineArn=arn)[0] == "StateMachineDeleting"
