"""What a user of the API does in a day, told so that any client of AWS Step Functions can do it.

It calls every operation of the model and looks at what the client makes of the answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Members = dict[str, Any]
ROLE = "arn:aws:iam::123456789012:role/contract"
ACCOUNT = "arn:aws:states:us-east-1:123456789012"
NO_MAP_RUN = f"{ACCOUNT}:mapRun:day/Each:4ac5ea0a-d50e-4ba5-9ea9-9ae5b9c3a1f2"

TEXT = "ünï ☃ \\ \"quoted\" 'single' $HOME\n"
"""What a shell or an encoding would spoil."""


class Refused(Exception):
    """An error of the API, as a client shows it: the error's name and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


Call = Callable[[str, Members], Members]
"""A client: an operation's name and its members in, the answer's members out; or Refused."""


def definition(**states: Members) -> str:
    return json.dumps({"StartAt": next(iter(states)), "States": states})


def tell(call: Call, work: Callable[[], None]) -> None:
    """Do everything once. ``work`` lets the executions go on as far as they can."""
    _Story(call, work).tell()


class _Story:
    def __init__(self, call: Call, work: Callable[[], None]) -> None:
        self._call = call
        self._work = work

    def tell(self) -> None:
        activity = self._activity()
        machine = self._state_machine(activity)
        alias = self._versions_and_aliases(machine)
        self._tags(machine)
        self._an_execution(machine, alias, activity)
        self._one_that_fails(machine, activity)
        self._express()
        self._state_test()
        self._map_runs()
        self._the_end(machine, alias, activity)

    def _refused(self, operation: str, **members: Any) -> str:
        try:
            self._call(operation, members)
        except Refused as refused:
            return refused.code
        raise AssertionError(f"{operation} was not refused")

    def _do(self, operation: str, **members: Any) -> Members:
        return self._call(operation, members)

    def _activity(self) -> str:
        made = self._do("CreateActivity", name="dig", tags=[{"key": "team", "value": "red"}])
        arn = str(made["activityArn"])
        assert made["creationDate"]
        assert self._do("DescribeActivity", activityArn=arn)["name"] == "dig"
        (listed,) = self._do("ListActivities")["activities"]
        assert listed["activityArn"] == arn
        return arn

    def _state_machine(self, activity: str) -> str:
        text = definition(Dig={"Type": "Task", "Resource": activity, "End": True})
        found = self._do("ValidateStateMachineDefinition", definition=text, severity="WARNING")
        assert found["result"] == "OK"
        made = self._do(
            "CreateStateMachine",
            name="day",
            definition=text,
            roleArn=ROLE,
            type="STANDARD",
            loggingConfiguration={"level": "OFF", "includeExecutionData": False},
            tracingConfiguration={"enabled": True},
            encryptionConfiguration={"type": "AWS_OWNED_KEY"},
            tags=[{"key": "a", "value": "b"}],
            publish=True,
            versionDescription="the first",
        )
        arn = str(made["stateMachineArn"])
        assert made["stateMachineVersionArn"] == f"{arn}:1"
        shown = self._do("DescribeStateMachine", stateMachineArn=arn)
        assert (shown["definition"], shown["tracingConfiguration"]) == (text, {"enabled": True})
        (listed,) = self._do("ListStateMachines")["stateMachines"]
        assert listed["type"] == "STANDARD"
        return arn

    def _versions_and_aliases(self, machine: str) -> str:
        changed = self._do("UpdateStateMachine", stateMachineArn=machine, roleArn=f"{ROLE}-2")
        second = self._do(
            "PublishStateMachineVersion",
            stateMachineArn=machine,
            revisionId=changed["revisionId"],
            description="the second",
        )["stateMachineVersionArn"]
        versions = self._do("ListStateMachineVersions", stateMachineArn=machine, maxResults=1)
        assert [each["stateMachineVersionArn"] for each in versions["stateMachineVersions"]] == [
            second
        ]
        assert versions["nextToken"]
        routes = [
            {"stateMachineVersionArn": f"{machine}:{number}", "weight": 50} for number in (1, 2)
        ]
        made = self._do("CreateStateMachineAlias", name="live", routingConfiguration=routes)
        alias = str(made["stateMachineAliasArn"])
        self._do("UpdateStateMachineAlias", stateMachineAliasArn=alias, description="what runs")
        shown = self._do("DescribeStateMachineAlias", stateMachineAliasArn=alias)
        assert (shown["description"], shown["routingConfiguration"]) == ("what runs", routes)
        listed = self._do("ListStateMachineAliases", stateMachineArn=f"{machine}:2")
        assert len(listed["stateMachineAliases"]) == 1
        return alias

    def _tags(self, machine: str) -> None:
        self._do("TagResource", resourceArn=machine, tags=[{"key": "c", "value": "ä: 漢"}])
        self._do("UntagResource", resourceArn=machine, tagKeys=["a"])
        tags = self._do("ListTagsForResource", resourceArn=machine)["tags"]
        assert tags == [{"key": "c", "value": "ä: 漢"}]

    def _an_execution(self, machine: str, alias: str, activity: str) -> None:
        given = json.dumps({"text": TEXT}, ensure_ascii=False)
        started = self._do("StartExecution", stateMachineArn=alias, name="first", input=given)
        arn = str(started["executionArn"])
        token = self._task(activity, given)
        self._do("SendTaskHeartbeat", taskToken=token)
        self._do("SendTaskSuccess", taskToken=token, output='{"found": 1.5}')
        self._work()
        ended = self._do("DescribeExecution", executionArn=arn)
        assert (ended["status"], ended["output"]) == ("SUCCEEDED", '{"found":1.5}')
        assert (ended["input"], ended["stateMachineAliasArn"]) == (given, alias)
        assert ended["inputDetails"] == {"included": True}
        history = self._do("GetExecutionHistory", executionArn=arn, reverseOrder=True)
        assert history["events"][0]["type"] == "ExecutionSucceeded"
        assert [event["id"] for event in history["events"]] == [7, 6, 5, 4, 3, 2, 1]
        then = self._do("DescribeStateMachineForExecution", executionArn=arn)
        assert then["stateMachineArn"] == machine
        (listed,) = self._do("ListExecutions", stateMachineArn=machine)["executions"]
        assert (listed["executionArn"], listed["status"]) == (arn, "SUCCEEDED")
        assert self._do("ListMapRuns", executionArn=arn)["mapRuns"] == []

    def _task(self, activity: str, given: str) -> str:
        self._work()
        task = self._do("GetActivityTask", activityArn=activity, workerName="mole")
        assert json.loads(task["input"]) == json.loads(given)
        return str(task["taskToken"])

    def _one_that_fails(self, machine: str, activity: str) -> None:
        started = self._do("StartExecution", stateMachineArn=machine, input="[1]")
        arn = str(started["executionArn"])
        self._do("SendTaskFailure", taskToken=self._task(activity, "[1]"), error="E", cause="c")
        self._work()
        ended = self._do("DescribeExecution", executionArn=arn)
        assert (ended["status"], ended["error"], ended["redriveStatus"]) == (
            "FAILED",
            "E",
            "REDRIVABLE",
        )
        assert self._do("RedriveExecution", executionArn=arn)["redriveDate"]
        self._work()
        assert self._do("StopExecution", executionArn=arn, cause="enough")["stopDate"]
        assert self._do("DescribeExecution", executionArn=arn)["status"] == "ABORTED"
        assert self._refused("StopExecution", executionArn=f"{arn}-no") == "ExecutionDoesNotExist"

    def _express(self) -> None:
        made = self._do(
            "CreateStateMachine",
            name="fast",
            definition=definition(Pass={"Type": "Pass", "End": True}),
            roleArn=ROLE,
            type="EXPRESS",
        )
        arn = str(made["stateMachineArn"])
        ended = self._do("StartSyncExecution", stateMachineArn=arn, input='{"a":1}')
        assert (ended["status"], ended["output"]) == ("SUCCEEDED", '{"a":1}')
        assert ended["billingDetails"]["billedMemoryUsedInMB"] == 64
        assert self._refused("ListExecutions", stateMachineArn=arn) == (
            "StateMachineTypeNotSupported"
        )
        self._do("DeleteStateMachine", stateMachineArn=arn)

    def _state_test(self) -> None:
        answer = self._do(
            "TestState",
            definition=json.dumps({"Type": "Pass", "InputPath": "$.a", "Next": "Later"}),
            roleArn=ROLE,
            input='{"a":{"b":2}}',
            inspectionLevel="DEBUG",
        )
        assert (answer["status"], answer["nextState"]) == ("SUCCEEDED", "Later")
        assert answer["inspectionData"]["afterInputPath"] == '{"b":2}'

    def _map_runs(self) -> None:
        for operation in ("DescribeMapRun", "UpdateMapRun"):
            assert self._refused(operation, mapRunArn=NO_MAP_RUN) == "ResourceNotFound"

    def _the_end(self, machine: str, alias: str, activity: str) -> None:
        self._do("DeleteStateMachineAlias", stateMachineAliasArn=alias)
        self._do("DeleteStateMachineVersion", stateMachineVersionArn=f"{machine}:1")
        self._do("DeleteStateMachine", stateMachineArn=machine)
        self._do("DeleteActivity", activityArn=activity)
        assert self._refused("DescribeStateMachine", stateMachineArn=machine) == (
            "StateMachineDoesNotExist"
        )
        assert self._do("ListStateMachines")["stateMachines"] == []
