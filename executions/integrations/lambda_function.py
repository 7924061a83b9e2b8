"""Lambda: a function's ARN as the Resource, and the optimized ``lambda:invoke``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    Submitted,
    Succeeded,
    TaskOutcome,
    TaskRequest,
    unusable,
)
from executions.integrations.functions.service import (
    FunctionService,
    Invocation,
    function_service,
)

if TYPE_CHECKING:
    from executions.integrations.functions.response import FunctionResponse

_PARAMETERS = frozenset(
    {"FunctionName", "Payload", "InvocationType", "ClientContext", "Qualifier", "LogType"}
)
_INVOCATION_TYPES = ("RequestResponse", "Event", "DryRun")


class LambdaFunction:
    """``arn:aws:lambda:…:function:NAME``: input in, result out."""

    lost_error = "Lambda.ServiceException"  # the name that AWS tells everybody to retry
    lost_cause = (
        "The worker that ran the function died before it answered; "
        "whether the function took effect is not known."
    )

    def __init__(self, functions: FunctionService | None = None) -> None:
        self._functions = functions

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """The Task's input is the event, the result its output; a cause is the raw text."""
        response = (self._functions or function_service()).invoke(
            Invocation(
                function_name=request.resource,
                event=json.loads(request.parameters),
                idempotency_key=request.idempotency_key,
                deadline=request.deadline,
            )
        )
        if isinstance(response, Failed):
            return response
        if response.error_type is not None:
            return Failed(response.error_type, response.payload[:LONGEST_CAUSE])
        return Succeeded(response.payload or "null")


class LambdaInvoke:
    """``arn:aws:states:::lambda:invoke``: Invoke's parameters in, Invoke's whole answer out."""

    lost_error = LambdaFunction.lost_error
    lost_cause = LambdaFunction.lost_cause

    def __init__(self, functions: FunctionService | None = None) -> None:
        self._functions = functions

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """A cause is compact JSON; a failure's name is the function's ``errorType``."""
        parameters = json.loads(request.parameters)
        problem = _problem_with(parameters)
        if problem is not None:
            return unusable(request, problem)
        client_context = parameters.get("ClientContext")
        response = (self._functions or function_service()).invoke(
            Invocation(
                function_name=parameters["FunctionName"],
                event=_event(parameters.get("Payload")),
                idempotency_key=request.idempotency_key,
                deadline=request.deadline,
                qualifier=parameters.get("Qualifier"),
                invocation_type=parameters.get("InvocationType", "RequestResponse"),
                client_context=_client_context(client_context) if client_context else None,
                tail=parameters.get("LogType") == "Tail",
                measured=True,
            )
        )
        if isinstance(response, Failed):
            return response
        if response.error_type is not None:
            return Failed(response.error_type, _compact(response.payload)[:LONGEST_CAUSE])
        return Succeeded(_envelope(response))


class LambdaInvokeForToken(LambdaInvoke):
    """``lambda:invoke.waitForTaskToken``: the answer says only that the function was called.

    A function that fails fails the attempt: nobody may have got the token.
    """

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Invoke the function; the Task goes on when the token comes back."""
        outcome = super().perform(request)
        return Submitted(outcome.output) if isinstance(outcome, Succeeded) else outcome


def _problem_with(parameters: Any) -> str | None:
    if not isinstance(parameters, dict):
        return "They are not a JSON object"
    unknown = sorted(parameters.keys() - _PARAMETERS)
    if unknown:
        return f'The field "{unknown[0]}" is not supported by Step Functions'
    if "FunctionName" not in parameters:
        return 'The field "FunctionName" is required but was missing'
    for field in ("FunctionName", "Qualifier", "LogType"):
        if field in parameters and not isinstance(parameters[field], str):
            return f'The value for the field "{field}" must be a STRING'
    kind = parameters.get("InvocationType", "RequestResponse")
    if kind not in _INVOCATION_TYPES:
        return f'The value for the field "InvocationType" must be one of {_INVOCATION_TYPES}'
    client_context = parameters.get("ClientContext")
    if client_context is not None and _client_context(client_context) is None:
        return 'The value for the field "ClientContext" must be a JSON object in base64'
    return None


def _client_context(text: Any) -> str | None:
    try:
        decoded = base64.b64decode(text, validate=True).decode()
        return decoded if isinstance(json.loads(decoded), dict) else None
    except (TypeError, ValueError, RecursionError):
        return None


def _event(payload: Any) -> Any:
    """What reaches the function. AWS sends a text that is JSON as it stands, and {} for null."""
    if payload is None:
        return {}
    if isinstance(payload, str):
        try:
            return json.loads(payload)
        except (ValueError, RecursionError):
            return payload
    return payload


def _envelope(response: FunctionResponse) -> str:
    """Invoke's answer as AWS's SDK hands it to Step Functions.

    Written as text around the payload's own text: a result is not parsed and written again.
    """
    length = response.length
    if length is None:
        length = len(response.payload.encode())
    trace = _trace(response.request_id)
    date = _date(int(time.time()))
    version = response.executed_version
    log = base64.b64encode(response.log).decode() if response.log is not None else None
    fields = [
        ("X-Amz-Log-Result", log),
        ("X-Amz-Executed-Version", version),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", response.request_id),
        ("Content-Length", str(length)),
        ("Date", date),
        ("X-Amzn-Trace-Id", trace),
        ("Content-Type", "application/json"),
    ]
    sent = [(name, value) for name, value in fields if value is not None]
    every = ",".join(f'"{name}":["{value}"]' for name, value in sent)
    single = ",".join(
        f'"{name}":"{value}"' for name, value in sorted(sent, key=lambda field: field[0].lower())
    )
    return (
        "{"
        + (f'"ExecutedVersion":"{version}",' if version is not None else "")
        + (f'"LogResult":"{log}",' if log is not None else "")
        + f'"Payload":{response.payload or json.dumps("")},'
        + f'"SdkHttpMetadata":{{"AllHttpHeaders":{{{every}}},"HttpHeaders":{{{single}}},'
        + f'"HttpStatusCode":{response.status_code}}},'
        + f'"SdkResponseMetadata":{{"RequestId":"{response.request_id}"}},'
        + f'"StatusCode":{response.status_code}}}'
    )


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _trace(request_id: str) -> str:
    digits = (request_id.replace("-", "") or uuid.uuid4().hex).ljust(32, "0")
    return (
        f"root=1-{int(time.time()):08x}-{digits[:24]};parent={digits[16:32]};sampled=0;"
        f"lineage=1:{digits[:8]}:0"
    )


def _compact(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return text
