"""One call of a function in this process, from the event's text to the result's."""

from __future__ import annotations

import decimal
import json
import threading
import traceback
from typing import TYPE_CHECKING, Any

from executions.integrations.functions import output
from executions.integrations.functions.folders import Function, stack_trace_of
from executions.integrations.functions.response import FunctionResponse

if TYPE_CHECKING:
    from executions.integrations.functions.context import LambdaContext


def call(
    function: Function,
    event: Any,
    context: LambdaContext,
    *,
    keep_log: bool = False,
    measured: bool = False,
) -> FunctionResponse:
    """Call the function and answer as Lambda's Python runtime does.

    Never raises for what the function does: an exception, an exit and a result that is not JSON
    become a response with ``function_error``. ``event`` belongs to the function from now on.
    ``measured``: the caller wants to know the result's length.
    """
    log = output.CallLog(context.function_name, context.aws_request_id, keep=keep_log)
    error: dict[str, Any] | None = None
    payload, length = "", None
    output.begin(log)
    try:
        result = function.handler(event, context)
        payload, length = _result_text(result, measured=measured)
    except _UnmarshalError as refusal:
        error = error_object(
            "Runtime.MarshalError", f"Unable to marshal response: {refusal}", context.aws_request_id
        )
    except SystemExit as stop:
        error = _exit_object(stop, context.aws_request_id)
    except BaseException as raised:  # whatever it raises is its answer
        if isinstance(raised, KeyboardInterrupt) and _in_main_thread():
            raise  # Ctrl-C, not the function's doing
        error = error_object(
            type(raised).__name__,
            _message_of(raised),
            context.aws_request_id,
            stack_trace_of(raised),
        )
    finally:
        output.end(log)
    if error is not None:
        output.logger.info(
            "%s RequestId: %s [ERROR] %s: %s",
            context.function_name,
            context.aws_request_id,
            error["errorType"],
            error["errorMessage"],
        )
        payload = json.dumps(error, ensure_ascii=False)
    return FunctionResponse(
        payload=payload,
        length=length,
        request_id=context.aws_request_id,
        error_type=error["errorType"] if error is not None else None,
        log=log.tail(),
    )


def error_object(
    error_type: str, message: str, request_id: str, stack_trace: list[str] | None = None
) -> dict[str, Any]:
    """What a failed call returns, in the order in which Lambda's Python runtime writes it."""
    return {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": stack_trace or [],
    }


class _UnmarshalError(Exception):
    """A result that has no JSON text."""


def _plain(value: Any) -> Any:
    if isinstance(value, decimal.Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
).encode
_encode_as_lambda = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain).encode


def _result_text(result: Any, *, measured: bool) -> tuple[str, int | None]:
    """The result's JSON text, and, ``measured``, as how many bytes Lambda would have sent it."""
    try:
        # Lambda hands bytes through as they are: they are the author's own JSON text.
        if isinstance(result, bytes):
            text = result.decode()
            json.loads(text)
            return text, None
        text = _encode(result)
        sent = _encode_as_lambda(result) if measured else text
        length = len(sent.encode())  # a lone surrogate has no UTF-8
    except (TypeError, ValueError, RecursionError) as error:
        raise _UnmarshalError(str(error)) from None
    return text, length if measured else None


def _exit_object(stop: SystemExit, request_id: str) -> dict[str, Any]:
    code = stop.code
    status = 0 if code is None else code if isinstance(code, int) else 1
    reason = (
        f"Runtime exited with error: exit status {status}"
        if status
        else "Runtime exited without providing a reason"
    )
    return {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id} Error: {reason}",
    }


def _message_of(error: BaseException) -> str:
    try:
        return str(error).encode(errors="replace").decode()
    except Exception as failure:  # noqa: BLE001 - an author's __str__ may do anything
        return "".join(traceback.format_exception_only(failure)).strip()


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
