"""AWS Lambda itself, or whatever answers at AWS_ENDPOINT_URL_LAMBDA."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from executions.integration import Failed
from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import Connections
from executions.integrations.functions.response import FunctionResponse

if TYPE_CHECKING:
    from executions.integrations.functions.names import FunctionName

LONGEST_PAYLOAD: Final = 6_291_556
"""Bytes that a function may answer.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


class AwsLambda:
    """Invokes functions at AWS. Safe to use from many threads; costs nothing until it is used."""

    def __init__(self) -> None:
        self._connections = Connections()

    def is_configured(self) -> bool:
        """Whether there is an endpoint or there are credentials, every AWS SDK's ways of having
        them. An answer "no" holds for a minute.
        """
        return self._connections.is_configured("lambda")

    def invoke(
        self,
        name: FunctionName,
        payload: str,
        *,
        region: str,
        qualifier: str | None,
        invocation_type: str,
        client_context: str | None,
        tail: bool,
        deadline: float | None,
    ) -> FunctionResponse | Failed:
        """Invoke once; the definition's Retry decides about a second time."""
        arguments: dict[str, Any] = {
            # The SDK refuses an ARN together with a Qualifier that it already holds.
            "FunctionName": name.text.removesuffix(f":{name.qualifier}"),
            "Payload": payload.encode(),
            "InvocationType": invocation_type,
        }
        if qualifier:
            arguments["Qualifier"] = qualifier
        if client_context:
            arguments["ClientContext"] = base64.b64encode(client_context.encode()).decode()
        if tail:
            arguments["LogType"] = "Tail"
        try:
            client = self._connections.client("lambda", region, deadline)
            answer = call(client, "Invoke", arguments, longest=LONGEST_PAYLOAD)
            return _response(answer, answer["Payload"].decode())
        except Refused as refusal:
            return _service_failure(refusal.response)
        except NotReached as error:
            return Failed("Lambda.SdkClientException", f"Unable to execute HTTP request: {error}")
        except UnicodeDecodeError as error:
            return Failed("Lambda.SdkClientException", str(error))


def _response(answer: dict[str, Any], payload: str) -> FunctionResponse | Failed:
    error_type: str | None = None
    if payload:
        try:
            value = json.loads(payload)
        except (ValueError, RecursionError):
            return Failed("Lambda.Unknown", f"The function's answer is not JSON: {payload[:1000]}")
        if answer.get("FunctionError"):
            named = value.get("errorType") if isinstance(value, dict) else None
            # AWS's name for a failure that names no type: out of memory, killed, old time-outs.
            error_type = named if isinstance(named, str) else "Lambda.Unknown"
    log = answer.get("LogResult")
    return FunctionResponse(
        payload=payload,
        request_id=answer["ResponseMetadata"].get("RequestId", ""),
        error_type=error_type,
        status_code=answer["StatusCode"],
        executed_version=answer.get("ExecutedVersion"),
        log=base64.b64decode(log) if log else None,
    )


def _service_failure(response: dict[str, Any]) -> Failed:
    error = response.get("Error", {})
    code = error.get("Code") or "Unknown"
    metadata = response.get("ResponseMetadata", {})
    # Step Functions keeps the name of the errors that Lambda models, and calls the others, such
    # as a refused signature, AWSLambdaException.
    from executions.integrations.aws.failures import modelled_errors  # loads models: late

    known = code in modelled_errors("lambda")
    return Failed(
        f"Lambda.{code}" if known else "Lambda.AWSLambdaException",
        f"{error.get('Message', '')} (Service: AWSLambda; "
        f"Status Code: {metadata.get('HTTPStatusCode', 0)}; Error Code: {code}; "
        f"Request ID: {metadata.get('RequestId', '')}; Proxy: null)",
    )
