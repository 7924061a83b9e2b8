"""State machines through boto3, with the real service's words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.actions.state_machines import remove_deleted_state_machines
from executions.models import Execution
from executions.runtime import drain
from studio.models import StateMachine, StateMachineRevision
from tests.wire.conftest import COMMITTED, PASS_END, ROLE, create

pytestmark = COMMITTED

DEFINITION = json.dumps({"StartAt": "A", "States": {"A": PASS_END}})
OTHER = json.dumps({"StartAt": "B", "States": {"B": PASS_END}})


def refused(error: Any) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_created_described_and_listed(sfn: Any) -> None:
    arn = sfn.create_state_machine(name="orders", definition=DEFINITION, roleArn=ROLE)[
        "stateMachineArn"
    ]
    described = sfn.describe_state_machine(stateMachineArn=arn)
    described.pop("ResponseMetadata")
    created = described.pop("creationDate")
    assert described == {
        "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:orders",
        "name": "orders",
        "status": "ACTIVE",
        "type": "STANDARD",
        "definition": DEFINITION,
        "roleArn": ROLE,
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": {"enabled": False},
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    }
    assert sfn.list_state_machines()["stateMachines"] == [
        {"stateMachineArn": arn, "name": "orders", "type": "STANDARD", "creationDate": created}
    ]


def test_the_variables_that_each_state_reads_are_shown(sfn: Any) -> None:
    states = {
        "Set": {"Type": "Pass", "Assign": {"b": 1, "a": 2}, "Next": "Get"},
        "Get": {"Type": "Pass", "Parameters": {"x.$": "$b", "y.$": "$a"}, "Next": "Ask"},
        "Ask": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $a %}", "End": True},
    }
    arn = create(sfn, "reads", states)
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    for described in (
        sfn.describe_state_machine(stateMachineArn=arn),
        sfn.describe_state_machine_for_execution(executionArn=execution),
    ):
        assert described["variableReferences"] == {"Get": ["a", "b"], "Ask": ["a"]}


def test_creating_the_same_again_gives_the_first(sfn: Any) -> None:
    first = sfn.create_state_machine(name="orders", definition=DEFINITION, roleArn=ROLE)
    again = sfn.create_state_machine(name="orders", definition=DEFINITION, roleArn=f"{ROLE}-other")
    assert again["creationDate"] == first["creationDate"]
    described = sfn.describe_state_machine(stateMachineArn=first["stateMachineArn"])
    assert described["roleArn"] == ROLE
    assert StateMachineRevision.objects.count() == 1


def test_another_of_the_same_name_is_refused(sfn: Any) -> None:
    arn = create(sfn, "orders", {"A": PASS_END})
    with pytest.raises(sfn.exceptions.StateMachineAlreadyExists) as error:
        sfn.create_state_machine(name="orders", definition=OTHER, roleArn=ROLE)
    assert refused(error)[1] == f"State Machine Already Exists: '{arn}'"


def test_an_update_makes_a_revision_that_new_executions_run(sfn: Any) -> None:
    arn = create(sfn, "orders", {"A": PASS_END})
    old = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    updated = sfn.update_state_machine(stateMachineArn=arn, definition=OTHER)
    described = sfn.describe_state_machine(stateMachineArn=arn)
    assert described["definition"] == OTHER
    assert described["revisionId"] == updated["revisionId"]
    new = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    of_old = sfn.describe_state_machine_for_execution(executionArn=old)
    of_new = sfn.describe_state_machine_for_execution(executionArn=new)
    assert json.loads(of_old["definition"])["StartAt"] == "A"
    assert "revisionId" not in of_old
    assert json.loads(of_new["definition"])["StartAt"] == "B"
    assert of_new["revisionId"] == updated["revisionId"]


def test_an_update_of_nothing_is_refused(sfn: Any) -> None:
    arn = create(sfn, "orders", {"A": PASS_END})
    with pytest.raises(ClientError) as error:
        sfn.update_state_machine(stateMachineArn=arn)
    assert refused(error) == (
        "MissingRequiredParameter",
        (
            "Either the definition, the role ARN, the LoggingConfiguration, or the "
            "TracingConfiguration must be specified"
        ),
    )


def test_configurations_are_kept_and_checked(sfn: Any) -> None:
    group = {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:1:log-group:x:*"}}
    wanted = {"level": "ALL", "includeExecutionData": True, "destinations": [group]}
    arn = sfn.create_state_machine(
        name="logs",
        definition=DEFINITION,
        roleArn=ROLE,
        loggingConfiguration=wanted,
        tracingConfiguration={"enabled": True},
    )["stateMachineArn"]
    described = sfn.describe_state_machine(stateMachineArn=arn)
    assert described["loggingConfiguration"] == wanted
    assert described["tracingConfiguration"] == {"enabled": True}
    for destinations in ([], [group, group]):
        with pytest.raises(sfn.exceptions.InvalidLoggingConfiguration) as error:
            sfn.create_state_machine(
                name="no-logs",
                definition=DEFINITION,
                roleArn=ROLE,
                loggingConfiguration={"level": "FATAL", "destinations": destinations},
            )
        assert refused(error)[1] == (
            "Invalid Logging Configuration: Must specify exactly one Log Destination."
        )


def test_three_mistakes_are_told_at_once_each_at_its_place(sfn: Any) -> None:
    definition = json.dumps(
        {
            "StartAt": "Pay",
            "States": {
                "Pay": {"Type": "Pass", "Next": "Ship"},
                "Weigh": {"Type": "Choice", "Choices": [], "Default": "Done"},
                "Done": {"Type": "Succeed", "Next": "Pay"},
            },
        }
    )
    with pytest.raises(sfn.exceptions.InvalidDefinition) as error:
        sfn.create_state_machine(name="wrong", definition=definition, roleArn=ROLE)
    message = refused(error)[1]
    assert message.startswith("Invalid State Machine Definition: '")
    diagnostics = sfn.validate_state_machine_definition(definition=definition)
    assert diagnostics["result"] == "FAIL"
    places = {diagnostic["location"] for diagnostic in diagnostics["diagnostics"]}
    for state in ("/States/Pay", "/States/Weigh", "/States/Done"):
        assert any(place.startswith(state) for place in places), (state, places)
    for diagnostic in diagnostics["diagnostics"]:
        assert diagnostic["message"] in message
    assert not StateMachine.objects.exists()


def test_validation_limits_what_it_gives(sfn: Any) -> None:
    definition = json.dumps({"States": {"A": {"Type": "Nap"}, "B": {"Type": "Nap"}}})
    answer = sfn.validate_state_machine_definition(definition=definition, maxResults=1)
    assert len(answer["diagnostics"]) == 1
    assert answer["truncated"] is True
    good = sfn.validate_state_machine_definition(definition=DEFINITION)
    assert (good["result"], good["diagnostics"], good["truncated"]) == ("OK", [], False)


FORBIDDEN_NAMES = ["a b", "a/b", "a:b", 'a"b', "a\tb", "a{b", "a*b", "a\x00b", "a#"]


def test_names_that_aws_does_not_take(sfn: Any) -> None:
    for name in FORBIDDEN_NAMES:
        with pytest.raises(sfn.exceptions.InvalidName) as error:
            sfn.create_state_machine(name=name, definition=DEFINITION, roleArn=ROLE)
        assert refused(error)[1] == f"Invalid Name: '{name}'"


def test_names_with_dots_and_beyond_ascii(sfn: Any) -> None:
    for name in ("state.machine_1-x", "bestellung-größe", "注文"):
        arn = create(sfn, name, {"A": PASS_END})
        assert sfn.describe_state_machine(stateMachineArn=arn)["name"] == name


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("x", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: x'"),
        (
            "arn:aws:states:us-east-1:123456789012:execution:a:b",
            "InvalidArn",
            "Invalid Arn: 'Resource type not valid in this context: execution'",
        ),
        (
            "arn:aws:states:us-east-1:123456789012:stateMachine:none",
            "StateMachineDoesNotExist",
            (
                "State Machine Does Not Exist: "
                "'arn:aws:states:us-east-1:123456789012:stateMachine:none'"
            ),
        ),
        (
            "arn:aws:states:eu-west-1:123456789012:stateMachine:none",
            "StateMachineDoesNotExist",
            (
                "State Machine Does Not Exist: "
                "'arn:aws:states:eu-west-1:123456789012:stateMachine:none'"
            ),
        ),
    ],
)
def test_arns_that_name_nothing(sfn: Any, arn: str, code: str, message: str) -> None:
    for call in (sfn.describe_state_machine, sfn.list_executions, sfn.start_execution):
        with pytest.raises(ClientError) as error:
            call(stateMachineArn=arn)
        assert refused(error) == (code, message)


def test_lists_page_with_tokens_bound_to_their_request(sfn: Any) -> None:
    for number in range(5):
        create(sfn, f"m{number}", {"A": PASS_END})
    names = []
    token: dict[str, str] = {}
    while True:
        page = sfn.list_state_machines(maxResults=2, **token)
        names += [machine["name"] for machine in page["stateMachines"]]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert names == ["m0", "m1", "m2", "m3", "m4"]
    for wrong in ({"maxResults": 3, **token}, {"nextToken": "InvalidToken"}):
        with pytest.raises(sfn.exceptions.InvalidToken) as error:
            sfn.list_state_machines(**wrong)
        assert refused(error)[1] == "Invalid Token: 'Invalid token'"


def test_deleting_what_does_not_exist_is_no_error(sfn: Any) -> None:
    sfn.delete_state_machine(
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:none"
    )


def test_deleting_an_idle_machine_removes_everything_of_it(sfn: Any) -> None:
    arn = create(sfn, "orders", {"A": PASS_END})
    sfn.start_execution(stateMachineArn=arn)
    drain.drain_executions()
    sfn.delete_state_machine(stateMachineArn=arn)
    with pytest.raises(sfn.exceptions.StateMachineDoesNotExist):
        sfn.describe_state_machine(stateMachineArn=arn)
    assert not Execution.objects.exists()
    create(sfn, "orders", {"B": PASS_END})


def test_deleting_waits_for_what_runs(sfn: Any) -> None:
    arn = create(sfn, "naps", {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}})
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    drain.drain_executions()
    sfn.delete_state_machine(stateMachineArn=arn)
    assert sfn.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
    assert remove_deleted_state_machines() == 0
    with pytest.raises(sfn.exceptions.StateMachineDeleting):
        sfn.start_execution(stateMachineArn=arn)
    with pytest.raises(sfn.exceptions.StateMachineDeleting):
        sfn.create_state_machine(name="naps", definition=DEFINITION, roleArn=ROLE)
    sfn.stop_execution(executionArn=execution)
    with pytest.raises(sfn.exceptions.StateMachineDoesNotExist):
        sfn.describe_state_machine(stateMachineArn=arn)


def test_what_is_not_offered_yet_is_refused_and_not_ignored(sfn: Any) -> None:
    extras: list[tuple[dict[str, Any], str]] = [
        ({"versionDescription": "x"}, "Version description can only be set when publish is true"),
    ]
    for extra, message in extras:
        with pytest.raises(ClientError) as error:
            sfn.create_state_machine(name="m", definition=DEFINITION, roleArn=ROLE, **extra)
        assert refused(error) == ("ValidationException", message)
    assert not StateMachine.objects.exists()
