"""Our own advice: what it finds, what it leaves alone, and that its fixes mend what it found."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonpatch
import pytest

from studio.asl.diagnostics import Diagnostic
from studio.asl.parse import inspect
from studio.asl.validate import advise

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:pay"
END = {"Type": "Pass", "End": True}
FAIL = {"Type": "Fail"}
CATCH = {"ErrorEquals": ["States.ALL"], "Next": "B"}
TOKEN = {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}
ALL = {"ErrorEquals": ["States.ALL"]}


INLINE = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": END}}, "End": True}


def task(resource: str = LAMBDA, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True, **fields}


def waiting(pattern: str = "sqs:sendMessage.waitForTaskToken", **fields: Any) -> dict[str, Any]:
    return task(f"arn:aws:states:::{pattern}", **{"Parameters": TOKEN, **fields})


def asking(request: Any, **fields: Any) -> dict[str, Any]:
    return waiting(Parameters=request, TimeoutSeconds=60, **fields)


def querying_token(request: Any) -> dict[str, Any]:
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    return task(resource, QueryLanguage="JSONata", Arguments=request, TimeoutSeconds=60)


def distributed(**fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = {"ProcessorConfig": config, "StartAt": "I", "States": {"I": END}}
    return {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}


def machine(a: Any, b: Any = None, **fields: Any) -> dict[str, Any]:
    states = {"A": a} if b is None else {"A": a, "B": b}
    return {"StartAt": "A", "States": states, **fields}


def catching(target: Any, **catcher: Any) -> dict[str, Any]:
    return machine(task(Catch=[{**CATCH, **catcher}]), target)


def querying(target: Any, **catcher: Any) -> dict[str, Any]:
    return {**catching(target, **catcher), "QueryLanguage": "JSONata"}


INVALID: list[tuple[str, dict[str, Any], str, str]] = [
    ("the error goes where the input went", catching(END), "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("the state after reads the input", catching(task(Parameters={"id.$": "$.id"})),
     "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("the state after reads it in an intrinsic function",
     catching(task(Parameters={"id.$": "States.Format('{}', $.id)"})),
     "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("the result is put beside the input", catching(task(Parameters={}, ResultPath="$.undone")),
     "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("a choice is made by the input",
     catching({"Type": "Choice", "Default": "A", "Choices": [
         {"Variable": "$.id", "IsPresent": True, "Next": "A"}]}),
     "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("the error is handed on by a JSONata state", querying(END),
     "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("a JSONata state reads the input",
     querying({"Type": "Pass", "Output": "{% $states.input.id %}", "End": True}),
     "INPUT_IS_LOST", "/States/A/Catch[0]"),
    ("a token never comes back", machine(waiting()), "NO_TIMEOUT", "/States/A"),
    ("a nested execution never ends", machine(waiting("states:startExecution.sync:2")),
     "NO_TIMEOUT", "/States/A"),
    ("an activity has no worker",
     machine(task("arn:aws:states:us-east-1:123456789012:activity:print")),
     "NO_TIMEOUT", "/States/A"),
    ("a state whose name holds what pointers escape",
     {"StartAt": "a/~b", "States": {"a/~b": waiting()}}, "NO_TIMEOUT", "/States/a/~b"),
    ("a waiting task in a branch",
     machine({"Type": "Parallel", "Branches": [machine(END), machine(waiting())], "End": True}),
     "NO_TIMEOUT", "/States/A/Branches[1]/States/A"),
    ("every error is retried", machine(task(Retry=[ALL])), "RETRIES_EVERYTHING",
     "/States/A/Retry[0]/ErrorEquals"),
    ("every error but time-outs is retried",
     machine(waiting("lambda:invoke", Retry=[{"ErrorEquals": ["States.TaskFailed"]}])),
     "RETRIES_EVERYTHING", "/States/A/Retry[0]/ErrorEquals"),
    ("a map of any size", machine(distributed()), "UNBOUNDED_MAP", "/States/A"),
    ("a bound of 0 is none", machine(distributed(MaxConcurrency=0)), "UNBOUNDED_MAP", "/States/A"),
]  # fmt: skip

UNMENDED: list[tuple[str, dict[str, Any], str, str]] = [
    ("every error of a service is retried", machine(waiting("sns:publish", Retry=[ALL])),
     "RETRIES_EVERYTHING", "/States/A/Retry[0]/ErrorEquals"),
    ("a token is given to nobody", machine(asking({"MessageBody": {"id.$": "$$.Execution.Id"}})),
     "NO_TASK_TOKEN", "/States/A"),
    ("there is no request", machine(asking({})), "NO_TASK_TOKEN", "/States/A"),
    ("a JSONata request without it",
     machine(querying_token({"MessageBody": "{% $states.context.State.Name & $states.input %}"})),
     "NO_TASK_TOKEN", "/States/A"),
    ("an inline map tolerates failures", machine({**INLINE, "ToleratedFailureCount": 3}),
     "NO_EFFECT", "/States/A/ToleratedFailureCount"),
    ("an inline map has a reader",
     machine({**INLINE, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}}),
     "NO_EFFECT", "/States/A/ItemReader"),
]  # fmt: skip

VALID: list[tuple[str, dict[str, Any]]] = [
    ("the error goes beside the input", catching(END, ResultPath="$.error")),
    ("the error takes the input's place, as is said", catching(END, ResultPath="$")),
    ("the error is dropped", catching(END, ResultPath=None)),
    ("the execution fails", catching(FAIL)),
    ("the state after is about the error", catching(task(Parameters={"why.$": "$.Cause"}))),
    ("the state after is told all", catching(task(Parameters={
        "id.$": "$$.Execution.Id", "n.$": "$order", "text": "costs $.5"}))),
    ("the state after is fixed", catching({**END, "Result": {"ok": False}})),
    ("the Catcher leads nowhere", machine(task(Catch=[CATCH]))),
    ("the Catcher says its output", querying(END, Output="{% $states.input %}")),
    ("a JSONata state makes its own output", querying({
        "Type": "Pass", "Output": "{% $order %}", "End": True})),
    ("a JSONata state is about the error", querying({
        "Type": "Pass", "Output": "{% $states.input.Error %}", "End": True})),
    ("a waiting task has a time-out", machine(waiting(TimeoutSeconds=60))),
    ("a waiting task has a computed time-out", machine(waiting(TimeoutSecondsPath="$.limit"))),
    ("a waiting task has a heartbeat", machine(waiting(HeartbeatSeconds=60))),
    ("the machine has a time-out", machine(waiting(), TimeoutSeconds=600)),
    ("a call's answer is waited for", machine(waiting("sqs:sendMessage"))),
    ("named errors are retried", machine(task(Retry=[{"ErrorEquals": ["Busy"]}]))),
    ("errors were told apart before", machine(task(Retry=[
        {"ErrorEquals": ["BadOrder"], "MaxAttempts": 0}, ALL]))),
    ("nothing is retried", machine(task(Retry=[{**ALL, "MaxAttempts": 0}]))),
    ("a bounded map", machine(distributed(MaxConcurrency=10))),
    ("a map bounded by its input", machine(distributed(MaxConcurrencyPath="$.n"))),
    ("an inline map", machine(INLINE)),
    ("a distributed map tolerates failures",
     machine(distributed(MaxConcurrency=10, ToleratedFailureCount=3, Label="each"))),
    ("the whole context object is sent", machine(asking({"MessageBody.$": "$$"}))),
    ("the token is in a text", machine(asking({
        "MessageBody.$": "States.Format('{}', $$.Task.Token)"}))),
    ("a JSONata request has it",
     machine(querying_token({"MessageBody": "{% $states.context.Task.Token %}"}))),
    ("a JSONata request has all", machine(querying_token("{% $states.context %}"))),
]  # fmt: skip


def advice(document: dict[str, Any]) -> list[Diagnostic]:
    """Give the advice but for paths into what was lost: test_data_flow looks at those."""
    return [each for each in advise(document) if each.code != "NEVER_PRODUCED"]


@pytest.mark.parametrize(("title", "document", "code", "location"), INVALID + UNMENDED)
def test_found(title: str, document: dict[str, Any], code: str, location: str) -> None:
    found = advice(document)
    assert [(each.severity, each.code, each.location) for each in found] == [
        ("WARNING", code, location)
    ], title


@pytest.mark.parametrize(("title", "document", "code", "location"), INVALID)
def test_each_fix_mends(title: str, document: dict[str, Any], code: str, location: str) -> None:
    (found,) = advice(document)
    assert found.fixes, title
    for fix in found.fixes:
        before = copy.deepcopy(document)
        mended = jsonpatch.apply_patch(document, list(fix.operations))
        assert document == before
        assert (code, location) not in [(each.code, each.location) for each in advice(mended)]
        assert inspect(json.dumps(mended)) == inspect(json.dumps(document))


@pytest.mark.parametrize(("title", "document", "code", "location"), UNMENDED)
def test_what_needs_thought_has_no_fix(
    title: str, document: dict[str, Any], code: str, location: str
) -> None:
    assert [each.fixes for each in advice(document)] == [()], (title, code, location)


@pytest.mark.parametrize(("title", "document"), VALID)
def test_left_alone(title: str, document: dict[str, Any]) -> None:
    assert advice(document) == [], title


@pytest.mark.parametrize(("title", "document", "code", "location"), INVALID + UNMENDED)
def test_aws_operations_never_hear_of_it(
    title: str, document: dict[str, Any], code: str, location: str
) -> None:
    assert code not in [each.code for each in inspect(json.dumps(document))], (title, location)
