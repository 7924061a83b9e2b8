"""``aws-sdk:sfn:…``: Tasks call this installation's own operations, as clients do over the wire.

Here, because only the configuration knows the operations of all applications.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import uuid
from typing import TYPE_CHECKING, Any, Final

import orjson
from botocore.parsers import create_parser

from executions.actions.execution_rows import hops_of
from executions.actions.executions import start_execution
from executions.aws.express import sync_execution_on_this_thread
from executions.integration import Failed, Submitted, Succeeded, unusable
from executions.integrations.aws import failures
from executions.integrations.aws.parameters import UnusableParameters, arguments_of, result_of
from executions.integrations.aws.service_models import operation_model, sdk_name, shown
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from studio.actions.names import qualified_name
from studio.asl.resource import parse_resource
from studio.aws.protocol import Prompt
from studio.aws.shapes import read_request, write_answer
from studio.config.aws import OPERATIONS
from studio.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import OperationModel

    from executions.integration import TaskOutcome, TaskRequest
    from studio.aws.protocol import Members, Operation

SERVICE: Final = "sfn"
_TEXTS: Final = frozenset({"Input", "Output", "Definition"})
"""Members that are JSON texts: a definition may give them as they are, as for any SDK call."""


class OwnOperation:
    """Performs the operation that the Resource names, in the thread that performs the Task."""

    lost_error = "States.TaskFailed"

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Call once; for ``.waitForTaskToken`` the answer says only that the call was taken."""
        resource = parse_resource(request.resource)
        model = operation_model(SERVICE, resource.action)
        operation = None if model is None else _operation(model.name, request)
        if model is None or operation is None:
            return Failed(
                "States.Runtime",
                f"The resource '{request.resource}' names no operation that Stepwell offers.",
            )
        try:
            arguments = arguments_of(
                model,
                json.loads(request.parameters),
                idempotency_key=request.idempotency_key,
                texts=_TEXTS,
            )
            answer = _call(operation, model, arguments)
        except UnusableParameters as problem:
            return unusable(request, problem)
        except ApiError as error:
            return failures.sdk_failure(
                SERVICE,
                {
                    "Error": {"Code": error.code, "Message": error.message},
                    "ResponseMetadata": {
                        "HTTPStatusCode": error.status,
                        "RequestId": str(uuid.uuid4()),
                    },
                },
            )
        except DATABASE_AWAY as error:
            forget_broken_connection()
            return failures.not_reached(sdk_name(SERVICE), error)
        text = json.dumps(
            result_of(model.output_shape, answer, shown), ensure_ascii=False, separators=(",", ":")
        )
        return Submitted(text) if resource.pattern else Succeeded(text)


def _operation(name: str, request: TaskRequest) -> Operation | None:
    start = _STARTS.get(name)
    if start is None:
        return OPERATIONS.get(name)
    return lambda members: start(members, hops_of(request))


def _call(operation: Operation, model: OperationModel, arguments: dict[str, Any]) -> Members:
    """The operation's answer as botocore reads it: moments are datetimes."""
    begin = operation.begin if isinstance(operation, Prompt) else operation
    answer = begin(read_request(model.input_shape, arguments))
    if inspect.iscoroutine(answer):
        answer = asyncio.run(answer)
    if not isinstance(answer, bytes):
        answer = orjson.dumps(write_answer(model.output_shape, answer))
    response = {"status_code": 200, "headers": {}, "body": answer}
    assert model.output_shape is not None  # every operation of Step Functions has an answer
    members: Members = create_parser("json").parse(response, model.output_shape)
    return members


def _start_execution(request: Members, hops: int) -> Members:
    name, qualifier = qualified_name(request["stateMachineArn"])
    started = start_execution(
        name,
        qualifier=qualifier,
        input=request.get("input"),
        name=request.get("name"),
        trace_header=request.get("traceHeader", ""),
        hops=hops,
    )
    return {"executionArn": started.arn, "startDate": started.started_at}


_STARTS: Final[dict[str, Callable[[Members, int], Members]]] = {
    "StartExecution": _start_execution,
    "StartSyncExecution": sync_execution_on_this_thread,
}
"""Operations that belong to the web server's event loop, and their like for a thread; each is told
the hops of who calls: see ``models.Execution``."""
