"""Aliases over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.models import StateMachineAlias
from tests.wire.conftest import COMMITTED, PASS_END, ROLE

pytestmark = COMMITTED

GONE = ("ResourceNotFound", "Request references a resource that does not exist.")


def definition(state: str) -> str:
    return json.dumps({"StartAt": state, "States": {state: PASS_END}})


@pytest.fixture
def arn(sfn: Any) -> str:
    """The ARN of a state machine with two versions."""
    request = {"name": "orders", "roleArn": ROLE, "publish": True}
    created = sfn.create_state_machine(definition=definition("A"), **request)["stateMachineArn"]
    sfn.update_state_machine(stateMachineArn=created, definition=definition("B"), publish=True)
    return str(created)


def routes(arn: str, *weights: int) -> list[dict[str, Any]]:
    return [
        {"stateMachineVersionArn": f"{arn}:{number}", "weight": weight}
        for number, weight in enumerate(weights, start=1)
    ]


def refusal(operation: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        operation(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def listed(sfn: Any, arn: str, **more: Any) -> list[str]:
    answer = sfn.list_state_machine_aliases(stateMachineArn=arn, **more)
    return [alias["stateMachineAliasArn"] for alias in answer["stateMachineAliases"]]


def test_an_alias_is_described_as_it_was_made(sfn: Any, arn: str) -> None:
    request = {"name": "live", "routingConfiguration": routes(arn, 70, 30), "description": "all"}
    created = sfn.create_state_machine_alias(**request)
    assert created["stateMachineAliasArn"] == f"{arn}:live"
    assert sfn.create_state_machine_alias(**request)["creationDate"] == created["creationDate"]
    described = sfn.describe_state_machine_alias(stateMachineAliasArn=f"{arn}:live")
    assert {name: described[name] for name in request} == request
    assert described["creationDate"] == described["updateDate"] == created["creationDate"]


def test_an_update_changes_what_it_names_and_keeps_the_rest(sfn: Any, arn: str) -> None:
    alias = sfn.create_state_machine_alias(
        name="live", routingConfiguration=routes(arn, 70, 30), description="all"
    )["stateMachineAliasArn"]
    sfn.update_state_machine_alias(stateMachineAliasArn=alias, description="some")
    described = sfn.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert described["routingConfiguration"] == routes(arn, 70, 30)
    assert described["description"] == "some"
    sfn.update_state_machine_alias(
        stateMachineAliasArn=alias, routingConfiguration=routes(arn, 0, 100)[1:]
    )
    described = sfn.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert described["routingConfiguration"] == routes(arn, 0, 100)[1:]
    assert described["description"] == "some"
    assert described["updateDate"] > described["creationDate"]
    code, _ = refusal(sfn.update_state_machine_alias, stateMachineAliasArn=alias)
    assert code == "ValidationException"


def test_a_version_stays_while_an_alias_stands_for_it(sfn: Any, arn: str) -> None:
    for name, weights in (("live", (100,)), ("next", (70, 30))):
        sfn.create_state_machine_alias(name=name, routingConfiguration=routes(arn, *weights))
    delete = sfn.delete_state_machine_version
    message = (
        "Version to be deleted must not be referenced by an alias. Current list of aliases "
        "referencing this version: "
    )
    assert refusal(delete, stateMachineVersionArn=f"{arn}:1") == (
        "ConflictException",
        f"{message}[live, next]",
    )
    assert refusal(delete, stateMachineVersionArn=f"{arn}:2") == (
        "ConflictException",
        f"{message}[next]",
    )
    assert listed(sfn, f"{arn}:2") == [f"{arn}:next"]
    for _ in range(2):
        sfn.delete_state_machine_alias(stateMachineAliasArn=f"{arn}:next")
    delete(stateMachineVersionArn=f"{arn}:2")
    assert listed(sfn, arn) == [f"{arn}:live"]


def test_aliases_are_paged(sfn: Any, arn: str) -> None:
    for name in "abc":
        sfn.create_state_machine_alias(name=name, routingConfiguration=routes(arn, 100))
    page = sfn.list_state_machine_aliases(stateMachineArn=arn, maxResults=2)
    assert len(page["stateMachineAliases"]) == 2
    assert listed(sfn, arn, maxResults=2, nextToken=page["nextToken"]) == [f"{arn}:c"]


def test_a_state_machine_goes_with_its_aliases(sfn: Any, arn: str) -> None:
    sfn.create_state_machine_alias(name="live", routingConfiguration=routes(arn, 70, 30))
    sfn.delete_state_machine(stateMachineArn=arn)
    assert not StateMachineAlias.objects.exists()
    describe = sfn.describe_state_machine_alias
    assert refusal(describe, stateMachineAliasArn=f"{arn}:live") == GONE


def test_what_does_not_exist_is_not_routed_to(sfn: Any, arn: str) -> None:
    create = sfn.create_state_machine_alias
    assert refusal(create, name="live", routingConfiguration=routes(arn, 1, 1, 98)[::2]) == (
        "ValidationException",
        "Sum of routing configuration weights must equal 100. Received: [1, 98]",
    )
    assert refusal(create, name="live", routingConfiguration=routes(arn, 1, 0, 99)[::2]) == GONE
    assert refusal(create, name="live", routingConfiguration=routes(f"{arn}x", 100)) == GONE
    update = sfn.update_state_machine_alias
    assert refusal(update, stateMachineAliasArn=f"{arn}:live", description="x") == GONE
    for wrong in (arn, f"{arn}:1"):
        code, _ = refusal(update, stateMachineAliasArn=wrong, description="x")
        assert code == "InvalidArn"


def test_an_alias_stands_for_versions_of_one_machine(sfn: Any, arn: str, machine_arn: str) -> None:
    sfn.publish_state_machine_version(stateMachineArn=machine_arn)
    sfn.create_state_machine_alias(name="live", routingConfiguration=routes(arn, 100))
    both = routes(arn, 50) + routes(machine_arn, 50)
    code, _ = refusal(sfn.create_state_machine_alias, name="next", routingConfiguration=both)
    assert code == "ValidationException"
    for routing in (both, routes(machine_arn, 100)):
        code, _ = refusal(
            sfn.update_state_machine_alias,
            stateMachineAliasArn=f"{arn}:live",
            routingConfiguration=routing,
        )
        assert code == "ValidationException"


@pytest.mark.parametrize("name", ["12", "a b", "a:b", "line\n", "ä"])
def test_a_name_must_not_be_taken_for_a_version(sfn: Any, arn: str, name: str) -> None:
    code, message = refusal(
        sfn.create_state_machine_alias, name=name, routingConfiguration=routes(arn, 100)
    )
    assert code == "ValidationException"
    pattern = r"^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$"
    assert message.endswith(f"Member must satisfy regular expression pattern: {pattern}")
