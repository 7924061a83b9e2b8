"""Activities over the wire: made, listed, deleted, tagged; and workers that ask for their tasks."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from executions.models import Task
from executions.runtime import drain
from executions.runtime.invariants import check_invariants
from tests.wire.conftest import COMMITTED, Key, Server, create

pytestmark = COMMITTED

MISSING = "arn:aws:states:us-east-1:123456789012:activity:nobody"


def refusal(operation: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        operation(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def arn(sfn: Any) -> str:
    """The ARN of an activity."""
    return str(sfn.create_activity(name="dig")["activityArn"])


def begin(sfn: Any, activity: str, execution_input: Any = None, **fields: Any) -> str:
    """Start an execution and let it come to its one state, a Task of the activity."""
    task = {"Type": "Task", "Resource": activity, "End": True, **fields}
    try:
        machine = create(sfn, "digs", {"Dig": task})
    except ClientError:
        machine = "arn:aws:states:us-east-1:123456789012:stateMachine:digs"
    execution = sfn.start_execution(stateMachineArn=machine, input=json.dumps(execution_input))
    drain.drain_executions()
    return str(execution["executionArn"])


def end_of(sfn: Any, execution: str) -> dict[str, Any]:
    drain.drain_executions()
    assert check_invariants() == []
    return dict(sfn.describe_execution(executionArn=execution))


def events_of(sfn: Any, execution: str) -> list[dict[str, Any]]:
    return list(sfn.get_execution_history(executionArn=execution)["events"])


# --- activities ----------------------------------------------------------------------------------


def test_a_name_is_one_activity_whatever_the_tags_of_later_requests(sfn: Any) -> None:
    first = sfn.create_activity(name="dig", tags=[{"key": "team", "value": "ada"}])
    again = sfn.create_activity(name="dig", tags=[{"key": "team", "value": "grace"}])
    assert again["activityArn"] == first["activityArn"]
    assert again["creationDate"] == first["creationDate"]
    tags = sfn.list_tags_for_resource(resourceArn=first["activityArn"])["tags"]
    assert tags == [{"key": "team", "value": "ada"}]


def test_an_activity_is_tagged_and_untagged(sfn: Any, arn: str) -> None:
    sfn.tag_resource(resourceArn=arn, tags=[{"key": k, "value": k} for k in "ab"])
    sfn.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "b"}]
    assert refusal(sfn.list_tags_for_resource, resourceArn=MISSING)[0] == "ResourceNotFound"


def test_a_request_that_is_refused_makes_no_activity(sfn: Any) -> None:
    key = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"}
    refused = refusal(sfn.create_activity, name="dig", encryptionConfiguration=key)
    assert refused[0] == "InvalidEncryptionConfiguration"
    many = [{"key": str(number), "value": ""} for number in range(51)]
    assert refusal(sfn.create_activity, name="dig", tags=many)[0] == "TooManyTags"
    assert refusal(sfn.create_activity, name="a b") == ("InvalidName", "Invalid Name: 'a b'")
    assert sfn.list_activities()["activities"] == []


def test_activities_are_listed_in_pages(sfn: Any) -> None:
    for name in ("c", "a", "b"):
        sfn.create_activity(name=name)
    first = sfn.list_activities(maxResults=2)
    assert [each["name"] for each in first["activities"]] == ["a", "b"]
    rest = sfn.list_activities(maxResults=2, nextToken=first["nextToken"])
    assert [each["name"] for each in rest["activities"]] == ["c"]
    assert "nextToken" not in rest
    assert refusal(sfn.list_activities, nextToken="made up")[0] == "InvalidToken"


def test_what_is_not_there_is_deleted_without_a_word_and_not_described(sfn: Any, arn: str) -> None:
    sfn.delete_activity(activityArn=arn)
    sfn.delete_activity(activityArn=arn)
    told = ("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
    assert refusal(sfn.describe_activity, activityArn=arn) == told
    assert refusal(sfn.get_activity_task, activityArn=arn) == told
    elsewhere = MISSING.replace("us-east-1", "eu-west-1")
    assert refusal(sfn.describe_activity, activityArn=elsewhere)[0] == "ActivityDoesNotExist"
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:digs"
    assert refusal(sfn.delete_activity, activityArn=machine) == (
        "InvalidArn",
        "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
    )


# --- workers -------------------------------------------------------------------------------------


def test_a_worker_is_given_the_input_and_brings_the_output(sfn: Any, arn: str) -> None:
    execution = begin(sfn, arn, {"depth": 2})

    given = sfn.get_activity_task(activityArn=arn, workerName="ada")
    assert json.loads(given["input"]) == {"depth": 2}
    row = Task.objects.get()
    assert (row.status, row.lease_until) == ("SUBMITTED", None)
    assert given["taskToken"].encode() not in bytes(row.token_hash or b"")
    sfn.send_task_success(taskToken=given["taskToken"], output='{"found": "bones"}')

    ended = end_of(sfn, execution)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"found": "bones"})
    events = events_of(sfn, execution)
    assert [event["type"] for event in events[2:5]] == [
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
    ]
    assert events[3]["activityStartedEventDetails"] == {"workerName": "ada"}
    assert refusal(sfn.send_task_success, taskToken=given["taskToken"], output="1") == (
        "TaskTimedOut",
        "Task Timed Out: 'Provided task does not exist anymore'",
    )


def test_a_worker_without_a_name_fails_its_task(sfn: Any, arn: str) -> None:
    execution = begin(sfn, arn)
    given = sfn.get_activity_task(activityArn=arn)
    sfn.send_task_failure(taskToken=given["taskToken"], error="Rock", cause="too hard")
    ended = end_of(sfn, execution)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "Rock", "too hard")
    started, failed = events_of(sfn, execution)[3:5]
    assert started["activityStartedEventDetails"] == {}
    assert failed["activityFailedEventDetails"] == {"error": "Rock", "cause": "too hard"}


def test_each_attempt_is_given_out_with_a_token_of_its_own(sfn: Any, arn: str) -> None:
    retry = [{"ErrorEquals": ["Rock"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    execution = begin(sfn, arn, Retry=retry)
    first = sfn.get_activity_task(activityArn=arn)["taskToken"]
    sfn.send_task_failure(taskToken=first, error="Rock")
    drain.drain_executions()
    time.sleep(1.1)
    drain.drain_executions()
    second = sfn.get_activity_task(activityArn=arn)["taskToken"]
    assert refusal(sfn.send_task_heartbeat, taskToken=first)[0] == "TaskTimedOut"
    sfn.send_task_success(taskToken=second, output="1")
    assert end_of(sfn, execution)["status"] == "SUCCEEDED"


def test_an_activity_that_is_not_there_fails_the_execution(sfn: Any) -> None:
    execution = begin(sfn, MISSING)
    ended = end_of(sfn, execution)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert ended["cause"] == (
        "An error occurred while executing the state 'Dig' (entered at the event id #2). "
        f"The activity {MISSING} does not exist."
    )


Poll = Callable[..., "Future[dict[str, Any]]"]


@pytest.fixture
def poll(sfn: Any, arn: str) -> Any:
    """Asks for a task on a thread of its own."""
    with ThreadPoolExecutor(32) as pool:
        yield lambda **more: pool.submit(sfn.get_activity_task, activityArn=arn, **more)


def test_a_poll_that_waits_is_woken(sfn: Any, arn: str, poll: Poll) -> None:
    asking = poll(workerName="early")
    time.sleep(0.5)
    assert not asking.done()
    began = time.monotonic()
    begin(sfn, arn, "now")
    assert json.loads(asking.result(timeout=20)["input"]) == "now"
    assert time.monotonic() - began < 20


def test_many_workers_are_each_given_another_task(sfn: Any, arn: str, poll: Poll) -> None:
    polls = [poll(workerName=f"w{number}") for number in range(24)]
    executions = [begin(sfn, arn, number) for number in range(24)]
    given = [each.result(timeout=40) for each in polls]
    assert sorted(json.loads(each["input"]) for each in given) == list(range(24))
    assert len({each["taskToken"] for each in given}) == 24
    for each in given:
        sfn.send_task_success(taskToken=each["taskToken"], output=each["input"])
    for number, execution in enumerate(executions):
        assert json.loads(end_of(sfn, execution)["output"]) == number


def test_a_worker_that_goes_away_takes_no_task_with_it(
    sfn: Any, arn: str, key: Key, server: Server
) -> None:
    body = json.dumps({"activityArn": arn}).encode()
    headers = {
        "Host": f"127.0.0.1:{server.port}",
        "X-Amz-Target": "AWSStepFunctions.GetActivityTask",
    }
    request = AWSRequest("POST", f"{server.address}/", data=body, headers=headers)
    SigV4Auth(Credentials(key.id, key.secret), "states", "us-east-1").add_auth(request)
    gone = http.client.HTTPConnection("127.0.0.1", server.port)
    gone.request("POST", "/", body, dict(request.headers.items()))
    time.sleep(1)
    gone.close()
    time.sleep(1)
    begin(sfn, arn, "for whoever is there")
    # It would wait for a minute, and boto3 give up, had the other one been given the task.
    assert json.loads(sfn.get_activity_task(activityArn=arn)["input"]) == "for whoever is there"


def test_the_oldest_task_comes_first(sfn: Any, arn: str) -> None:
    for number in range(3):
        begin(sfn, arn, number)
    given = [sfn.get_activity_task(activityArn=arn)["input"] for _ in range(3)]
    assert given == ["0", "1", "2"]


def test_what_was_stopped_is_not_given_out(sfn: Any, arn: str, poll: Poll) -> None:
    stopped = begin(sfn, arn, "stopped")
    sfn.stop_execution(executionArn=stopped)
    asking = poll()
    begin(sfn, arn, "next")
    assert json.loads(asking.result(timeout=20)["input"]) == "next"
