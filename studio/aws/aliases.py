"""AWS's operations on aliases of state machines. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import arns
from studio.actions import aliases
from studio.actions.names import qualified_name
from studio.actions.state_machines import get_state_machine
from studio.actions.versions import get_version
from studio.aws.page_tokens import read_page
from studio.errors import StateMachineDeleting, StateMachineDoesNotExist
from studio.models import StateMachine

if TYPE_CHECKING:
    from studio.aws.protocol import Members, Operation


def create_state_machine_alias(request: Members) -> Members:
    """CreateStateMachineAlias."""
    alias = aliases.create_state_machine_alias(
        request["name"], _routes(request) or [], request.get("description", "")
    )
    return {"stateMachineAliasArn": alias.arn, "creationDate": alias.created_at}


def update_state_machine_alias(request: Members) -> Members:
    """UpdateStateMachineAlias."""
    alias = aliases.update_state_machine_alias(
        request["stateMachineAliasArn"],
        routes=_routes(request),
        description=request.get("description"),
    )
    return {"updateDate": alias.updated_at}


def describe_state_machine_alias(request: Members) -> Members:
    """DescribeStateMachineAlias."""
    alias = aliases.get_alias(request["stateMachineAliasArn"])
    machine = alias.state_machine.name
    return {
        "stateMachineAliasArn": alias.arn,
        "name": alias.name,
        "description": alias.description or None,
        "routingConfiguration": [
            {"stateMachineVersionArn": arns.qualified_arn(machine, str(number)), "weight": weight}
            for number, weight in alias.routes
        ],
        "creationDate": alias.created_at,
        "updateDate": alias.updated_at,
    }


def list_state_machine_aliases(request: Members) -> Members:
    """ListStateMachineAliases, the oldest first; of a version, those that may start it."""
    name, qualifier = qualified_name(request["stateMachineArn"])
    machine = get_state_machine(name)
    if machine.status == StateMachine.Status.DELETING:
        raise StateMachineDeleting(machine.arn)
    number = None
    if qualifier is not None:
        try:
            number = get_version(name, qualifier).number
        except StateMachineDoesNotExist:
            raise aliases.not_found() from None
    found = aliases.aliases_of(machine, number)
    page, more = read_page("ListStateMachineAliases", request, found, "id")
    shown = [
        {
            "stateMachineAliasArn": arns.qualified_arn(name, alias.name),
            "creationDate": alias.created_at,
        }
        for alias in page
    ]
    return {"stateMachineAliases": shown, **more}


def delete_state_machine_alias(request: Members) -> Members:
    """DeleteStateMachineAlias."""
    aliases.delete_state_machine_alias(request["stateMachineAliasArn"])
    return {}


def _routes(request: Members) -> list[aliases.Route] | None:
    routing = request.get("routingConfiguration")
    if routing is None:
        return None
    return [(item["stateMachineVersionArn"], item["weight"]) for item in routing]


OPERATIONS: dict[str, Operation] = {
    "CreateStateMachineAlias": create_state_machine_alias,
    "UpdateStateMachineAlias": update_state_machine_alias,
    "DescribeStateMachineAlias": describe_state_machine_alias,
    "ListStateMachineAliases": list_state_machine_aliases,
    "DeleteStateMachineAlias": delete_state_machine_alias,
}
