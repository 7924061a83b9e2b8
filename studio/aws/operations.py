"""AWS's operations on state machines. A dict at the end names them."""

from __future__ import annotations

from studio import arns
from studio.access.caller import current_caller
from studio.actions import state_machines
from studio.actions.configurations import (
    check_log_group,
    encryption_of,
    logging_of,
    tracing_of,
)
from studio.actions.names import qualified_name, state_machine_name
from studio.actions.tags import read_tags
from studio.actions.versions import get_version, shown_revision_id, version_of
from studio.asl.express import express_diagnostics
from studio.asl.parse import inspect, parse
from studio.asl.variables_read import variable_references
from studio.aws.page_tokens import read_page
from studio.aws.protocol import Members, Operation
from studio.errors import StateMachineDoesNotExist, ValidationException
from studio.models import StateMachine, StateMachineRevision

MAX_DIAGNOSTICS = 100


def create_state_machine(request: Members) -> Members:
    """CreateStateMachine."""
    _check_description(request)
    check_log_group(request.get("loggingConfiguration"))
    publish = request.get("publish", False)
    machine = state_machines.create_state_machine(
        name=arns.full_name(request["name"]),
        definition=request["definition"],
        role_arn=request["roleArn"],
        type=request.get("type", StateMachine.Type.STANDARD),
        logging_configuration=request.get("loggingConfiguration"),
        tracing_configuration=request.get("tracingConfiguration"),
        encryption_configuration=request.get("encryptionConfiguration"),
        tags=read_tags(request.get("tags", ())),
        publish=publish,
        version_description=request.get("versionDescription", ""),
        author_id=_author(),
    )
    return {
        "stateMachineArn": machine.arn,
        "creationDate": machine.created_at,
        "stateMachineVersionArn": _version_arn(machine) if publish else None,
    }


def update_state_machine(request: Members) -> Members:
    """UpdateStateMachine."""
    _check_description(request)
    publish = request.get("publish", False)
    machine = state_machines.get_state_machine(state_machine_name(request["stateMachineArn"]))
    check_log_group(request.get("loggingConfiguration"))
    machine, updated_at = state_machines.update_state_machine(
        machine,
        definition=request.get("definition"),
        role_arn=request.get("roleArn"),
        logging_configuration=request.get("loggingConfiguration"),
        tracing_configuration=request.get("tracingConfiguration"),
        encryption_configuration=request.get("encryptionConfiguration"),
        publish=publish,
        version_description=request.get("versionDescription", ""),
        by_program=True,
        author_id=_author(),
    )
    return {
        "updateDate": updated_at,
        "revisionId": _current_revision_id(machine),
        "stateMachineVersionArn": _version_arn(machine) if publish else None,
    }


def describe_state_machine(request: Members) -> Members:
    """DescribeStateMachine: a state machine as it is, or as it was when a version was published."""
    arn = request["stateMachineArn"]
    try:
        name, qualifier = qualified_name(arn)
    except ValidationException:
        # The ARN of a distributed Map state: there are none of them yet.
        raise StateMachineDoesNotExist(arn) from None
    whole = request.get("includedData") != "METADATA_ONLY"
    if qualifier is not None:
        version = get_version(name, qualifier)
        return {
            **_describe(version.state_machine, version.revision, whole=whole),
            "stateMachineArn": version.arn,
            "creationDate": version.created_at,
            "description": version.description or None,
        }
    machine = state_machines.get_state_machine(name)
    return _describe(machine, machine.current, whole=whole)


def _describe(
    machine: StateMachine, revision: StateMachineRevision | None, *, whole: bool
) -> Members:
    answer: Members = {
        "stateMachineArn": machine.arn,
        "name": machine.short_name,
        "status": machine.status,
        "type": machine.type,
        "creationDate": machine.created_at,
        "loggingConfiguration": logging_of(machine),
        "tracingConfiguration": tracing_of(machine),
        "encryptionConfiguration": encryption_of(machine),
    }
    if revision is not None:
        answer["revisionId"] = shown_revision_id(machine, revision)
        answer["definition"] = revision.definition if whole else ""
        answer["roleArn"] = revision.role_arn
        if whole:
            answer["variableReferences"] = variable_references(revision.definition) or None
    return answer


def list_state_machines(request: Members) -> Members:
    """ListStateMachines, in the order of names."""
    page, more = read_page("ListStateMachines", request, StateMachine.objects.all(), "name")
    machines = [
        {
            "stateMachineArn": machine.arn,
            "name": machine.short_name,
            "type": machine.type,
            "creationDate": machine.created_at,
        }
        for machine in page
    ]
    return {"stateMachines": machines, **more}


def validate_state_machine_definition(request: Members) -> Members:
    """ValidateStateMachineDefinition."""
    limit = request.get("maxResults") or MAX_DIAGNOSTICS
    diagnostics = inspect(request["definition"])
    if request.get("type") == StateMachine.Type.EXPRESS and not any(
        diagnostic.severity == "ERROR" for diagnostic in diagnostics
    ):
        diagnostics = [*express_diagnostics(parse(request["definition"])), *diagnostics]
    failed = any(diagnostic.severity == "ERROR" for diagnostic in diagnostics)
    if request.get("severity", "ERROR") == "ERROR":
        diagnostics = [d for d in diagnostics if d.severity == "ERROR"]
    return {
        "result": "FAIL" if failed else "OK",
        "diagnostics": [
            {
                "severity": diagnostic.severity,
                "code": diagnostic.code,
                "message": diagnostic.message,
                "location": diagnostic.location or None,
            }
            for diagnostic in diagnostics[:limit]
        ],
        "truncated": len(diagnostics) > limit,
    }


def _author() -> int | None:
    """Whose key it is."""
    caller = current_caller()
    return caller.user_id if caller else None


def _current_revision_id(machine: StateMachine) -> str | None:
    return shown_revision_id(machine, machine.current) if machine.current else None


def _version_arn(machine: StateMachine) -> str | None:
    """Of the revision just published; None where the version is deleted again already."""
    version = version_of(machine)
    return version.arn if version else None


def _check_description(request: Members) -> None:
    if request.get("versionDescription") is not None and not request.get("publish"):
        raise ValidationException(
            message="Version description can only be set when publish is true"
        )


OPERATIONS: dict[str, Operation] = {
    "CreateStateMachine": create_state_machine,
    "UpdateStateMachine": update_state_machine,
    "DescribeStateMachine": describe_state_machine,
    "ListStateMachines": list_state_machines,
    "ValidateStateMachineDefinition": validate_state_machine_definition,
}
