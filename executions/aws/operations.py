"""AWS's operations on executions. A dict at the end names them."""

from __future__ import annotations

import json

import orjson
from django.utils import timezone

from executions.actions import executions, history, map_runs, redrive, state_machines
from executions.actions.execution_rows import answer_lookups
from executions.actions.start_groups import StartGroups
from executions.errors import ExecutionDoesNotExist
from executions.models import Execution
from executions.runtime.gathering import Gathering, TooManyWait
from studio.actions.aliases import check_qualifier
from studio.actions.configurations import encryption_of, logging_of, tracing_of
from studio.actions.names import qualified_name, state_machine_name
from studio.actions.state_machines import get_state_machine
from studio.actions.versions import shown_revision_id, version_number
from studio.asl.variables_read import variable_references
from studio.aws.errors import ThrottlingException
from studio.aws.page_tokens import next_token, page_size, read_page, read_position
from studio.aws.protocol import Members, Operation, Prompt
from studio.errors import NOT_OF_THIS_TYPE, StateMachineTypeNotSupported, ValidationException
from studio.models import StateMachine

_starts = StartGroups()
_lookups: Gathering[tuple[str, str], Execution] = Gathering("lookups", answer_lookups)
_EXECUTION_DATA = frozenset({"input", "output", "parameters"})


async def start_execution(request: Members) -> Members:
    """StartExecution, with those that arrive together."""
    name, qualifier = qualified_name(request["stateMachineArn"])
    try:
        started = await _starts.start(
            name,
            qualifier=qualifier,
            input=request.get("input"),
            name=request.get("name"),
            trace_header=request.get("traceHeader", ""),
        )
    except TooManyWait:
        raise ThrottlingException from None
    return {"executionArn": started.arn, "startDate": started.started_at}


def stop_execution(request: Members) -> Members:
    """StopExecution."""
    execution = executions.get_execution(request["executionArn"])
    stopped_at = executions.stop_execution(execution, request.get("error"), request.get("cause"))
    return {"stopDate": stopped_at}


async def describe_execution(request: Members) -> Members:
    """DescribeExecution, looked up with those that are asked for at the same time."""
    names = executions.execution_names(request["executionArn"])
    try:
        execution = await _lookups.ask((names.state_machine, names.execution))
    except TooManyWait:
        raise ThrottlingException from None
    answer: Members = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.state_machine_arn,
        "stateMachineVersionArn": execution.state_machine_version_arn,
        "stateMachineAliasArn": execution.state_machine_alias_arn,
        "mapRunArn": execution.map_run_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.started_at,
        "stopDate": execution.stopped_at,
        "traceHeader": execution.trace_header or None,
        # A time-out has neither error nor cause here: only the event names it.
        "error": None if execution.status == Execution.Status.TIMED_OUT else execution.error,
        "cause": execution.cause,
        "redriveCount": execution.redrive_count,
        "redriveDate": execution.redriven_at,
    }
    reason = redrive.reason_against(execution, timezone.now())
    answer["redriveStatus"] = "NOT_REDRIVABLE"
    if reason is None:
        is_child = execution.map_run_id is not None
        answer["redriveStatus"] = "REDRIVABLE_BY_MAP_RUN" if is_child else "REDRIVABLE"
    answer["redriveStatusReason"] = reason
    if request.get("includedData") != "METADATA_ONLY":
        answer["input"] = execution.input
        answer["inputDetails"] = {"included": True}
        if execution.output is not None:
            answer["output"] = execution.output
            answer["outputDetails"] = {"included": True}
    return answer


def list_executions(request: Members) -> Members:
    """ListExecutions, the latest first; of a version or an alias, what was started by it."""
    if ("mapRunArn" in request) is ("stateMachineArn" in request):
        raise ValidationException(
            message="Must specify exactly one of the following: stateMachineArn, mapRunArn"
        )
    if "mapRunArn" in request:
        return _list_children(request)
    if "redriveFilter" in request:
        raise ValidationException(
            message="RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN"
        )
    name, qualifier = qualified_name(request["stateMachineArn"])
    machine = get_state_machine(name)
    if machine.type == StateMachine.Type.EXPRESS:
        raise StateMachineTypeNotSupported(message=NOT_OF_THIS_TYPE)
    found = Execution.objects.filter(state_machine=machine, map_run_id=None)
    if qualifier is not None:
        check_qualifier(machine, qualifier)
        number = version_number(qualifier)
        found = (
            found.filter(state_machine_alias=qualifier)
            if number is None
            else found.filter(state_machine_version=number)
        )
    if status := request.get("statusFilter"):
        if status == "PENDING_REDRIVE":
            raise ValidationException(message="PENDING_REDRIVE can only be used with a mapRunArn.")
        found = found.filter(status=status)
    columns = (
        "id",
        "name",
        "status",
        "started_at",
        "stopped_at",
        "redrive_count",
        "redriven_at",
        "state_machine_version",
        "state_machine_alias",
    )
    page, more = read_page("ListExecutions", request, found.only(*columns), "-id")
    shown = [
        {
            "executionArn": execution.arn,
            "stateMachineArn": machine.arn,
            "stateMachineVersionArn": execution.state_machine_version_arn,
            "stateMachineAliasArn": execution.state_machine_alias_arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": execution.started_at,
            "stopDate": execution.stopped_at,
            "redriveCount": execution.redrive_count,
            "redriveDate": execution.redriven_at,
        }
        for execution in _of(machine, page)
    ]
    return {"executions": shown, **more}


def _list_children(request: Members) -> Members:
    """ListExecutions of a Map Run's children, the latest first."""
    run = map_runs.get_map_run(request["mapRunArn"])
    if run.execution_type == StateMachine.Type.EXPRESS:
        raise StateMachineTypeNotSupported(message=NOT_OF_THIS_TYPE)
    parent = map_runs.execution_of(run)
    redriven = request.get("redriveFilter")
    found = map_runs.children_of_run(
        run,
        request.get("statusFilter"),
        redriven=None if redriven is None else redriven == "REDRIVEN",
    )
    found = found.defer("input", "output", "snapshot")
    page, more = read_page("ListExecutions", request, found, "-map_number")
    shown = [
        {
            "executionArn": execution.arn,
            "stateMachineArn": execution.state_machine_arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": execution.started_at,
            "stopDate": execution.stopped_at,
            "mapRunArn": request["mapRunArn"],
            "itemCount": execution.item_count,
            "redriveCount": execution.redrive_count,
            "redriveDate": execution.redriven_at,
        }
        for execution in _of(parent.state_machine, page)
    ]
    return {"executions": shown, **more}


def _of(machine: StateMachine, page: list[Execution]) -> list[Execution]:
    """The executions with their state machine, which all of them share."""
    for execution in page:
        execution.state_machine = machine
    return page


def get_execution_history(request: Members) -> bytes:
    """GetExecutionHistory: stored lines put together as they are."""
    execution = executions.get_execution(request["executionArn"], only=("last_event_id",))
    limit = page_size(request)
    position = read_position("GetExecutionHistory", request)
    if request.get("reverseOrder"):
        before = execution.last_event_id + 1 if position is None else position
        page = history.read_events_before(execution.pk, before=before, limit=limit)
        next_position = page.first_id if page and page.first_id > 1 else None
    else:
        page = history.read_events(execution.pk, after=position or 0, limit=limit)
        more = page is not None and 0 < page.last_id < page.last_event_id
        next_position = page.last_id if page and more else None
    if page is None:
        raise ExecutionDoesNotExist(execution.arn)
    events = page.events[::-1] if request.get("reverseOrder") else page.events
    if request.get("includeExecutionData") is False:
        events = [_without_data(event) for event in events]
    text = f'{{"events":[{",".join(events)}]'
    if next_position is not None:
        token = next_token("GetExecutionHistory", request, next_position)
        text += f',"nextToken":{json.dumps(token)}'
    return f"{text}}}".encode()


def describe_state_machine_for_execution(request: Members) -> Members:
    """DescribeStateMachineForExecution: the state machine as it was when the execution began."""
    execution = executions.get_execution(request["executionArn"])
    machine, revision = execution.state_machine, execution.revision
    whole = request.get("includedData") != "METADATA_ONLY"
    return {
        "stateMachineArn": execution.state_machine_arn,
        "mapRunArn": execution.map_run_arn,
        "label": execution.map_label,
        "name": execution.short_machine_name,
        "definition": revision.definition if whole else "",
        "roleArn": revision.role_arn,
        "updateDate": revision.created_at,
        "loggingConfiguration": logging_of(machine),
        "tracingConfiguration": tracing_of(machine),
        "encryptionConfiguration": encryption_of(machine),
        "revisionId": shown_revision_id(machine, revision),
        "variableReferences": (variable_references(revision.definition) or None) if whole else None,
    }


def delete_state_machine(request: Members) -> Members:
    """DeleteStateMachine. Here, because what runs decides when the state machine goes."""
    state_machines.delete_state_machine(state_machine_name(request["stateMachineArn"]))
    return {}


def _without_data(event: str) -> str:
    """An event without its payloads."""
    parsed = orjson.loads(event)
    for name, details in parsed.items():
        if name.endswith("EventDetails"):
            parsed[name] = {k: v for k, v in details.items() if k not in _EXECUTION_DATA}
    return orjson.dumps(parsed).decode()


OPERATIONS: dict[str, Operation] = {
    "DeleteStateMachine": delete_state_machine,
    "StartExecution": Prompt(start_execution),
    "StopExecution": stop_execution,
    "DescribeExecution": Prompt(describe_execution),
    "ListExecutions": list_executions,
    "GetExecutionHistory": get_execution_history,
    "DescribeStateMachineForExecution": describe_state_machine_for_execution,
}
