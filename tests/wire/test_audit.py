"""What programs do is in the audit trail: by their key, of its user, from their address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from studio.models import AuditEntry
from tests.wire.conftest import (
    COMMITTED,
    PASS_END,
    ROLE,
    Key,
    Server,
    boto3_client,
    create,
    start_server,
    stop_server,
)

pytestmark = COMMITTED


def told() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.values_list("action", "subject"))


def test_every_write_is_told_of(server: Server, sfn: Any, key: Key) -> None:
    AuditEntry.objects.all()
    before = len(told())
    arn = create(sfn, "orders", {"A": {"Type": "Wait", "Seconds": 3600, "End": True}})
    sfn.update_state_machine(stateMachineArn=arn, roleArn=ROLE + "2")
    version = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    sfn.publish_state_machine_version(stateMachineArn=arn)  # The same: nothing is done.
    routes = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=routes)[
        "stateMachineAliasArn"
    ]
    sfn.update_state_machine_alias(stateMachineAliasArn=alias, description="x")
    sfn.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "b"}])
    sfn.untag_resource(resourceArn=arn, tagKeys=["a"])
    execution = sfn.start_execution(stateMachineArn=arn, name="one")["executionArn"]
    sfn.stop_execution(executionArn=execution)
    sfn.stop_execution(executionArn=execution)  # It has ended.
    sfn.delete_state_machine_alias(stateMachineAliasArn=alias)
    sfn.delete_state_machine_version(stateMachineVersionArn=version)
    activity = sfn.create_activity(name="pack")["activityArn"]
    sfn.delete_activity(activityArn=activity)
    sfn.delete_state_machine(stateMachineArn=arn)
    assert told()[before:] == [
        ("stateMachine.create", arn),
        ("stateMachine.update", arn),
        ("version.publish", version),
        ("alias.create", alias),
        ("alias.update", alias),
        ("resource.tag", arn),
        ("resource.untag", arn),
        ("execution.stop", execution),
        ("alias.delete", alias),
        ("version.delete", version),
        ("activity.create", activity),
        ("activity.delete", activity),
        ("stateMachine.delete", arn),
    ]
    entries = AuditEntry.objects.order_by("id")[before:]
    assert {(e.actor_kind, e.actor, e.access_key_id, e.address) for e in entries} == {
        ("KEY", "ada", key.id, "127.0.0.1")
    }
    assert json.loads(entries[1].details)["changed"] == ["role_arn"]
    assert all(entry.request_id for entry in entries)


@pytest.fixture(scope="module")
def telling_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("telling")
    server = start_server("uvicorn", folder, STEPWELL_AUDIT_STARTS="1")
    yield server
    stop_server(server)


def test_starts_are_told_of_where_that_is_asked_for(telling_server: Server, key: Key) -> None:
    sfn = boto3_client(telling_server, key)
    arn = create(sfn, "quick", {"A": PASS_END})
    plain = sfn.start_execution(stateMachineArn=arn, name="one")["executionArn"]
    version = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    other = sfn.start_execution(stateMachineArn=version, name="two")["executionArn"]
    sfn.start_execution(stateMachineArn=version, name="two")  # It runs already.
    starts = AuditEntry.objects.filter(action="execution.start")
    assert [(e.subject, e.actor, e.access_key_id) for e in starts] == [
        (plain, "ada", key.id),
        (other, "ada", key.id),
    ]
