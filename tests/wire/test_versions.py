"""Versions over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from studio.actions import versions
from studio.models import StateMachineRevision, StateMachineVersion
from tests.wire.conftest import COMMITTED, PASS_END, ROLE

pytestmark = COMMITTED


def definition(state: str) -> str:
    return json.dumps({"StartAt": state, "States": {state: PASS_END}})


def listed(sfn: Any, machine_arn: str, **more: Any) -> list[str]:
    answer = sfn.list_state_machine_versions(stateMachineArn=machine_arn, **more)
    return [version["stateMachineVersionArn"] for version in answer["stateMachineVersions"]]


def publish(sfn: Any, machine_arn: str, **more: Any) -> str:
    answer = sfn.publish_state_machine_version(stateMachineArn=machine_arn, **more)
    return str(answer["stateMachineVersionArn"])


def refusal(operation: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        operation(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_version_keeps_what_the_machine_was(sfn: Any, machine_arn: str) -> None:
    before = sfn.describe_state_machine(stateMachineArn=machine_arn)["definition"]
    version = publish(sfn, machine_arn, description="as it began")
    assert version == f"{machine_arn}:1"
    sfn.update_state_machine(stateMachineArn=machine_arn, definition=definition("Other"))
    described = sfn.describe_state_machine(stateMachineArn=version)
    assert described["stateMachineArn"] == version
    assert described["name"] == "pass-only"
    assert described["definition"] == before
    assert described["description"] == "as it began"
    assert "revisionId" not in described
    assert "description" not in sfn.describe_state_machine(stateMachineArn=machine_arn)


def test_publishing_the_same_revision_again_gives_the_version_there_is(
    sfn: Any, machine_arn: str
) -> None:
    assert publish(sfn, machine_arn) == f"{machine_arn}:1"
    assert publish(sfn, machine_arn, description="another") == f"{machine_arn}:1"
    assert StateMachineVersion.objects.get().description == ""
    update = {"stateMachineArn": machine_arn, "definition": definition("B"), "publish": True}
    for _ in range(2):
        answer = sfn.update_state_machine(**update, versionDescription="b")
        assert answer["stateMachineVersionArn"] == f"{machine_arn}:2"
    assert listed(sfn, machine_arn) == [f"{machine_arn}:2", f"{machine_arn}:1"]
    described = sfn.describe_state_machine(stateMachineArn=f"{machine_arn}:2")
    assert (described["description"], described["revisionId"]) == ("b", answer["revisionId"])


def test_only_the_revision_that_was_meant_is_published(sfn: Any, machine_arn: str) -> None:
    code, message = refusal(publish, sfn=sfn, machine_arn=machine_arn, revisionId="r1")
    assert code == "ConflictException"
    assert message == (
        "Failed to publish the State Machine version for revision r1. "
        "The current State Machine revision is INITIAL."
    )
    assert publish(sfn, machine_arn, revisionId="INITIAL") == f"{machine_arn}:1"
    update = {"stateMachineArn": machine_arn, "definition": definition("B")}
    revision = sfn.update_state_machine(**update)["revisionId"]
    code, message = refusal(publish, sfn=sfn, machine_arn=machine_arn, revisionId="INITIAL")
    assert (code, message.endswith(f" is {revision}.")) == ("ConflictException", True)
    assert publish(sfn, machine_arn, revisionId=revision) == f"{machine_arn}:2"


def test_a_number_is_never_given_twice(sfn: Any, machine_arn: str) -> None:
    version = publish(sfn, machine_arn)
    for _ in range(2):
        sfn.delete_state_machine_version(stateMachineVersionArn=version)
    gone = ("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{version}'")
    assert refusal(sfn.describe_state_machine, stateMachineArn=version) == gone
    assert listed(sfn, machine_arn) == []
    assert publish(sfn, machine_arn) == f"{machine_arn}:2"


def test_versions_are_paged(sfn: Any, machine_arn: str) -> None:
    for state in "ABC":
        sfn.update_state_machine(
            stateMachineArn=machine_arn, definition=definition(state), publish=True
        )
    page = sfn.list_state_machine_versions(stateMachineArn=machine_arn, maxResults=2)
    assert len(page["stateMachineVersions"]) == 2
    assert listed(sfn, machine_arn, maxResults=2, nextToken=page["nextToken"]) == [
        f"{machine_arn}:1"
    ]


def test_a_creation_that_publishes_can_be_repeated(sfn: Any) -> None:
    request = {"name": "orders", "definition": definition("A"), "roleArn": ROLE, "publish": True}
    for _ in range(2):
        answer = sfn.create_state_machine(**request, versionDescription="first")
        assert answer["stateMachineVersionArn"] == f"{answer['stateMachineArn']}:1"
    for more in ({}, {"versionDescription": "second"}):
        code, _ = refusal(sfn.create_state_machine, **request, **more)
        assert code == "StateMachineAlreadyExists"


def test_a_state_machine_goes_with_its_versions(sfn: Any, machine_arn: str) -> None:
    publish(sfn, machine_arn)
    sfn.delete_state_machine(stateMachineArn=machine_arn)
    assert not StateMachineVersion.objects.exists()
    assert not StateMachineRevision.objects.exists()
    code, _ = refusal(publish, sfn=sfn, machine_arn=machine_arn)
    assert code == "StateMachineDoesNotExist"


def test_an_arn_of_something_else_deletes_nothing(sfn: Any, machine_arn: str) -> None:
    publish(sfn, machine_arn)
    for arn in (machine_arn, f"{machine_arn}:0", f"{machine_arn}:01", f"{machine_arn}:live"):
        code, _ = refusal(sfn.delete_state_machine_version, stateMachineVersionArn=arn)
        assert code == "InvalidArn"
    sfn.delete_state_machine_version(stateMachineVersionArn=f"{machine_arn}:999999999")
    assert listed(sfn, machine_arn) == [f"{machine_arn}:1"]
    for number in ("99999999999999999999", "²"):
        code, _ = refusal(sfn.describe_state_machine, stateMachineArn=f"{machine_arn}:{number}")
        assert code == "StateMachineDoesNotExist"


def test_a_description_that_cannot_be_kept_publishes_nothing(sfn: Any, machine_arn: str) -> None:
    for wrong in ("nul\0", "ä" * 129):
        code, _ = refusal(publish, sfn=sfn, machine_arn=machine_arn, description=wrong)
        assert code == "ValidationException"
    assert listed(sfn, machine_arn) == []


def test_there_is_a_most_of_versions(monkeypatch: pytest.MonkeyPatch, make_machine: Any) -> None:
    monkeypatch.setattr(versions, "MAX_VERSIONS", 0)
    machine = make_machine({"StartAt": "A", "States": {"A": PASS_END}})
    with pytest.raises(versions.ServiceQuotaExceededException):
        versions.publish_state_machine_version(machine.name)
    machine.refresh_from_db()
    assert machine.last_version_number == 0
