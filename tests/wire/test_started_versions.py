"""Executions that were started by a version or an alias, over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.actions.executions import get_execution, start_execution
from executions.runtime import drain
from tests.wire.conftest import COMMITTED, ROLE

pytestmark = COMMITTED


def definition(result: str) -> str:
    first = {"Type": "Wait", "Seconds": 0, "Next": "Say"}
    say = {"Type": "Pass", "Result": result, "End": True}
    return json.dumps({"StartAt": "First", "States": {"First": first, "Say": say}})


@pytest.fixture
def arn(sfn: Any) -> str:
    """The ARN of a state machine whose two versions say "1" and "2", and the current revision 3."""
    request = {"name": "orders", "roleArn": ROLE, "publish": True}
    created = sfn.create_state_machine(definition=definition("1"), **request)["stateMachineArn"]
    sfn.update_state_machine(stateMachineArn=created, definition=definition("2"), publish=True)
    sfn.update_state_machine(stateMachineArn=created, definition=definition("3"))
    return str(created)


def alias(sfn: Any, arn: str, *weights: int) -> str:
    routing = [
        {"stateMachineVersionArn": f"{arn}:{number}", "weight": weight}
        for number, weight in enumerate(weights, start=1)
    ]
    answer = sfn.create_state_machine_alias(name="live", routingConfiguration=routing)
    return str(answer["stateMachineAliasArn"])


def run(sfn: Any, started: str) -> dict[str, Any]:
    """Start an execution, let it end, and describe it."""
    execution = sfn.start_execution(stateMachineArn=started)["executionArn"]
    drain.drain_executions()
    answer: dict[str, Any] = sfn.describe_execution(executionArn=execution)
    return answer


def test_a_version_runs_what_it_was_published_as(sfn: Any, arn: str) -> None:
    described = run(sfn, f"{arn}:1")
    assert described["output"] == '"1"'
    assert described["stateMachineArn"] == arn
    assert described["stateMachineVersionArn"] == f"{arn}:1"
    assert "stateMachineAliasArn" not in described
    history = sfn.get_execution_history(executionArn=described["executionArn"])["events"]
    details = history[0]["executionStartedEventDetails"]
    assert details["stateMachineVersionArn"] == f"{arn}:1"
    assert "stateMachineAliasArn" not in details

    current = run(sfn, arn)
    assert current["output"] == '"3"'
    assert "stateMachineVersionArn" not in current


def test_an_alias_runs_the_version_it_stands_for(sfn: Any, arn: str) -> None:
    live = alias(sfn, arn, 0, 100)
    described = run(sfn, live)
    assert described["output"] == '"2"'
    assert described["stateMachineVersionArn"] == f"{arn}:2"
    assert described["stateMachineAliasArn"] == live
    history = sfn.get_execution_history(executionArn=described["executionArn"])["events"]
    details = history[0]["executionStartedEventDetails"]
    assert details["stateMachineVersionArn"] == f"{arn}:2"
    assert details["stateMachineAliasArn"] == live
    sfn.update_state_machine_alias(
        stateMachineAliasArn=live,
        routingConfiguration=[{"stateMachineVersionArn": f"{arn}:1", "weight": 100}],
    )
    assert run(sfn, live)["output"] == '"1"'


def test_weights_decide_which_version_runs(
    make_alias_start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    for draw in (0, 69, 70, 99):
        monkeypatch.setattr("executions.actions.executions.secrets.randbelow", lambda _, d=draw: d)
        drawn.append(make_alias_start())
    assert drawn == [1, 1, 2, 2]


@pytest.fixture
def make_alias_start(sfn: Any, arn: str) -> Any:
    """Starts an alias of 70 and 30 percent in this process; gives the version's number."""
    alias(sfn, arn, 70, 30)
    return lambda: (
        get_execution(start_execution("orders", qualifier="live").arn).state_machine_version
    )


def test_an_execution_stays_with_its_version(sfn: Any, arn: str) -> None:
    live = alias(sfn, arn, 100)
    started = sfn.start_execution(stateMachineArn=live, name="mine")["executionArn"]
    sfn.update_state_machine_alias(
        stateMachineAliasArn=live,
        routingConfiguration=[{"stateMachineVersionArn": f"{arn}:2", "weight": 100}],
    )
    sfn.delete_state_machine_version(stateMachineVersionArn=f"{arn}:1")
    drain.drain_executions()
    described = sfn.describe_execution(executionArn=started)
    assert (described["status"], described["output"]) == ("SUCCEEDED", '"1"')
    assert described["stateMachineVersionArn"] == f"{arn}:1"


def test_executions_are_listed_by_what_started_them(sfn: Any, arn: str) -> None:
    live = alias(sfn, arn, 100)
    by_version = run(sfn, f"{arn}:1")["executionArn"]
    by_alias = run(sfn, live)["executionArn"]
    by_machine = run(sfn, arn)["executionArn"]

    def listed(started: str) -> list[str]:
        found = sfn.list_executions(stateMachineArn=started)["executions"]
        return [execution["executionArn"] for execution in found]

    assert listed(arn) == [by_machine, by_alias, by_version]
    assert listed(f"{arn}:1") == [by_alias, by_version]
    assert listed(f"{arn}:2") == []
    assert listed(live) == [by_alias]
    shown = sfn.list_executions(stateMachineArn=live)["executions"][0]
    assert shown["stateMachineVersionArn"] == f"{arn}:1"
    assert shown["stateMachineAliasArn"] == live


@pytest.mark.parametrize("qualifier", ["3", "nobody", "0"])
def test_what_does_not_exist_is_not_started(sfn: Any, arn: str, qualifier: str) -> None:
    for operation in (sfn.start_execution, sfn.list_executions):
        with pytest.raises(ClientError) as caught:
            operation(stateMachineArn=f"{arn}:{qualifier}")
        error = caught.value.response["Error"]
        assert error["Code"] == "StateMachineDoesNotExist"
        assert error["Message"] == f"State Machine Does Not Exist: '{arn}:{qualifier}'"
