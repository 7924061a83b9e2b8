"""Lambda as this installation offers it: its own folders first, then AWS Lambda."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from executions.integration import Failed
from executions.integrations.functions.aws_lambda import AwsLambda
from executions.integrations.functions.call import call, error_object
from executions.integrations.functions.context import ClientContext, LambdaContext
from executions.integrations.functions.folders import Function, FunctionFolders, FunctionLoadError
from executions.integrations.functions.names import (
    FunctionName,
    FunctionNameError,
    parse_function_name,
)
from executions.integrations.functions.response import FunctionResponse
from executions.interpreter.value import value
from studio import arns

InvocationType = Literal["RequestResponse", "Event", "DryRun"]


@value
class Invocation:
    """One Invoke. ``event`` is the payload's value; ``deadline`` is in epoch seconds, or None.

    ``tail``: the end of the call's log is wanted; ``measured``: the length of its result.
    """

    function_name: str
    event: Any
    idempotency_key: str
    deadline: float | None = None
    qualifier: str | None = None
    invocation_type: InvocationType = "RequestResponse"
    client_context: str | None = None
    tail: bool = False
    measured: bool = False


class FunctionService:
    """Invokes functions by name. Safe to use from many threads."""

    def __init__(
        self, folders: FunctionFolders, aws_lambda: AwsLambda, *, region: str, account: str
    ) -> None:
        self._folders = folders
        self._aws_lambda = aws_lambda
        self._region = region
        self._account = account

    def invoke(self, invocation: Invocation) -> FunctionResponse | Failed:
        """The function's answer, its own failure included; Failed where none was reached."""
        request_id = request_id_of(invocation.idempotency_key)
        try:
            name = parse_function_name(invocation.function_name)
        except FunctionNameError as error:
            return Failed(
                "Lambda.AWSLambdaException",
                service_error(str(error), 400, "ValidationException", request_id),
            )
        qualifier = invocation.qualifier or name.qualifier
        try:
            function = self._folders.find(name)
        except FunctionLoadError as error:
            failure = error_object(error.error_type, error.message, request_id, error.stack_trace)
            return FunctionResponse(
                payload=json.dumps(failure, ensure_ascii=False),
                request_id=request_id,
                error_type=error.error_type,
            )
        if function is not None:
            return self._call(function, name, qualifier, invocation, request_id)
        if self._aws_lambda.is_configured():
            return self._aws_lambda.invoke(
                name,
                json.dumps(invocation.event, ensure_ascii=False),
                region=name.region or self._region,
                qualifier=qualifier,
                invocation_type=invocation.invocation_type,
                client_context=invocation.client_context,
                tail=invocation.tail,
                deadline=invocation.deadline,
            )
        return Failed(
            "Lambda.ResourceNotFoundException", self._not_found(name, qualifier, request_id)
        )

    def _call(
        self,
        function: Function,
        name: FunctionName,
        qualifier: str | None,
        invocation: Invocation,
        request_id: str,
    ) -> FunctionResponse:
        if invocation.invocation_type == "DryRun":
            return FunctionResponse("", request_id, status_code=204, executed_version=None)
        arn = name.arn(self._region, arns.acting_account() or self._account)
        context = LambdaContext(
            function_name=name.name,
            invoked_function_arn=f"{arn}:{qualifier}" if qualifier else arn,
            aws_request_id=request_id,
            deadline=invocation.deadline,
            client_context=_client_context(invocation.client_context),
        )
        response = call(
            function,
            invocation.event,
            context,
            keep_log=invocation.tail,
            measured=invocation.measured,
        )
        if invocation.invocation_type == "Event":
            # Called before it is answered, where Lambda would queue it: a queue in this process
            # would be lost with it. What comes of the call is nobody's business, as there.
            return FunctionResponse("", request_id, status_code=202, executed_version=None)
        return response

    def _not_found(self, name: FunctionName, qualifier: str | None, request_id: str) -> str:
        folders = ", ".join(
            str(path) if path.is_dir() else f"{path} (which does not exist)"
            for path in self._folders.paths
        )
        account = arns.acting_account() or self._account
        arn = f"{name.arn(self._region, account)}:{qualifier or '$LATEST'}"
        answer = service_error(
            f"Function not found: {arn}", 404, "ResourceNotFoundException", request_id
        )
        return (
            f"{answer}. No folder of functions holds {name.module}.py or "
            f"{name.module}/__init__.py: STEPWELL_FUNCTIONS names {folders or 'none'}. AWS Lambda "
            "was not asked, for neither AWS_ENDPOINT_URL_LAMBDA nor AWS credentials are configured."
        )


def service_error(message: str, status: int, code: str, request_id: str) -> str:
    """A cause as the AWS SDK words it in Step Functions."""
    return (
        f"{message} (Service: AWSLambda; Status Code: {status}; Error Code: {code}; "
        f"Request ID: {request_id}; Proxy: null)"
    )


def request_id_of(idempotency_key: str) -> str:
    """The call's request id: the same for every delivery of an attempt, another for each retry."""
    digits = hashlib.blake2b(idempotency_key.encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def _client_context(text: str | None) -> ClientContext | None:
    return ClientContext.of(json.loads(text)) if text else None


@lru_cache(maxsize=1)
def function_service() -> FunctionService:
    """The service as the settings describe it, one for the process.

    Folders come from STEPWELL_FUNCTIONS and are watched for edits unless
    STEPWELL_FUNCTIONS_RELOAD is "0". Functions find the folder whose files the browser may show in
    STEPWELL_FILES, which this sets to ``files`` below STEPWELL_DATA where the environment does not.
    """
    files = os.environ.setdefault("STEPWELL_FILES", str(settings.FILES_DIR))
    Path(files).mkdir(parents=True, exist_ok=True)
    return FunctionService(
        FunctionFolders(
            settings.FUNCTION_FOLDERS,
            reload=os.environ.get("STEPWELL_FUNCTIONS_RELOAD", "1") != "0",
        ),
        AwsLambda(),
        region=settings.AWS_REGION,
        account=settings.AWS_ACCOUNT_ID,
    )
