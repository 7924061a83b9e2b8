"""AWS's operations on versions of state machines. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.actions import versions
from studio.actions.names import state_machine_name
from studio.actions.state_machines import get_state_machine
from studio.aws.page_tokens import read_page

if TYPE_CHECKING:
    from studio.aws.protocol import Members, Operation


def publish_state_machine_version(request: Members) -> Members:
    """PublishStateMachineVersion."""
    version = versions.publish_state_machine_version(
        state_machine_name(request["stateMachineArn"]),
        revision_id=request.get("revisionId"),
        description=request.get("description", ""),
    )
    return {"stateMachineVersionArn": version.arn, "creationDate": version.created_at}


def list_state_machine_versions(request: Members) -> Members:
    """ListStateMachineVersions, the latest first."""
    machine = get_state_machine(state_machine_name(request["stateMachineArn"]))
    versions_of = machine.versions.all()
    page, more = read_page("ListStateMachineVersions", request, versions_of, "-number")
    found = [
        {"stateMachineVersionArn": version.arn, "creationDate": version.created_at}
        for version in page
    ]
    return {"stateMachineVersions": found, **more}


def delete_state_machine_version(request: Members) -> Members:
    """DeleteStateMachineVersion."""
    versions.delete_state_machine_version(request["stateMachineVersionArn"])
    return {}


OPERATIONS: dict[str, Operation] = {
    "PublishStateMachineVersion": publish_state_machine_version,
    "ListStateMachineVersions": list_state_machine_versions,
    "DeleteStateMachineVersion": delete_state_machine_version,
}
