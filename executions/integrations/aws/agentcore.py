"""``arn:aws:states:::bedrockagentcore:invokeHarness``: an agent's last answer.

The service streams what the agent says, turn by turn; the Task's result is the last message of it,
in the form of Bedrock's Converse, and what all turns together took.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html
"""

from __future__ import annotations

import json
import time
import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from executions.integration import Failed, Succeeded, TaskOutcome, TaskRequest, unusable
from executions.integrations.aws import failures
from executions.integrations.aws.action import json_text
from executions.integrations.aws.calling import LONGEST_RESULT, NotReached, Refused, call
from executions.integrations.aws.connections import Connections, connections, endpoint_variable
from executions.integrations.aws.parameters import UnusableParameters, arguments_of
from executions.integrations.aws.service_models import operation_model
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_SECONDS: Final = 900.0
"""How long the Task waits at most, as at AWS. The agent goes on until its own time is over."""
_SERVICE: Final = "bedrockagentcore"
_MODEL: Final = "bedrock-agentcore"
_PREFIX: Final = "BedrockAgentCore"


class _TooLong(Exception):
    """The agent has said more than a result may hold."""


class AgentCoreInvokeHarness:
    """Asks the agent once; the definition's Retry decides about a second time."""

    lost_error = "States.TaskFailed"
    lost_cause = (
        "The worker that asked the agent died before it answered; "
        "whether the agent did what it was asked is not known."
    )

    def __init__(self, to_services: Connections | None = None) -> None:
        self._connections = to_services or connections()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Ask, and listen until the agent has ended."""
        if not self._connections.is_configured(_MODEL):
            return failures.not_configured(_SERVICE, endpoint_variable(_MODEL))
        operation = operation_model(_MODEL, "invokeHarness")
        assert operation is not None
        ends = time.time() + LONGEST_SECONDS
        try:
            arguments = arguments_of(
                operation, json.loads(request.parameters), idempotency_key=request.idempotency_key
            )
            # The service asks for a session; who names none has one of the attempt's own.
            session = str(uuid.uuid5(uuid.NAMESPACE_OID, request.idempotency_key))
            arguments = {"runtimeSessionId": session} | arguments
            region = parse_resource(request.resource).region or settings.AWS_REGION
            deadline = min(ends, request.deadline or ends)
            client = self._connections.client(_MODEL, region, deadline)
            answer = call(client, operation.name, arguments)
            with closing(answer["stream"]) as stream:
                result = _last_message(_until(deadline, _events(stream)))
        except UnusableParameters as problem:
            return unusable(request, problem)
        except Refused as refusal:
            return failures.sdk_failure(_SERVICE, refusal.response)
        except NotReached as error:
            return failures.not_reached(_PREFIX, error)
        except TimeoutError:
            return Failed("States.Timeout", "The agent had not ended in time. It may go on.")
        except _TooLong:
            return Failed(
                "States.DataLimitExceeded",
                "The state/task 'bedrockagentcore' returned a result with a size exceeding the "
                "maximum number of bytes service limit.",
            )
        return Succeeded(json_text(result))


def _events(stream: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The events of the stream. Raises Refused for one that is an error, and NotReached."""
    from botocore.eventstream import ParserError  # imported late: see connections.py
    from botocore.exceptions import BotoCoreError, ClientError
    from urllib3.exceptions import HTTPError

    try:
        yield from stream
    except ClientError as error:
        # Within a stream errors have their member's name: validationException.
        problem = dict(error.response.get("Error", {}))
        code = str(problem.get("Code", ""))
        problem["Code"] = code[:1].upper() + code[1:]
        raise Refused({**error.response, "Error": problem}) from error
    except (BotoCoreError, HTTPError, OSError, ParserError) as error:
        raise NotReached(str(error)) from error


def _until(moment: float, events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        if time.time() > moment:
            raise TimeoutError
        yield event


def _last_message(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What the agent said last, in texts only, and the figures of all turns together."""
    texts: dict[int, str] = {}
    stop_reason = ""
    tokens = {"InputTokens": 0, "OutputTokens": 0, "TotalTokens": 0}
    latency = said = 0
    by_agent = False
    for event in events:
        if "messageStart" in event:
            by_agent = event["messageStart"].get("role") == "assistant"
            if by_agent:
                texts, said = {}, 0
        elif "contentBlockDelta" in event:
            block = event["contentBlockDelta"]
            text = block.get("delta", {}).get("text")
            if by_agent and text:
                said += len(text)
                if said > LONGEST_RESULT:
                    raise _TooLong
                index = block.get("contentBlockIndex", 0)
                texts[index] = texts.get(index, "") + text
        elif "messageStop" in event:
            stop_reason = event["messageStop"].get("stopReason", "")
        elif "metadata" in event:
            usage = event["metadata"].get("usage", {})
            for name in tokens:
                tokens[name] += usage.get(name[:1].lower() + name[1:], 0)
            latency += event["metadata"].get("metrics", {}).get("latencyMs", 0)
    content = [{"Text": texts[index]} for index in sorted(texts)]
    return {
        "Output": {"Message": {"Role": "assistant", "Content": content}},
        "StopReason": stop_reason,
        "Usage": tokens,
        "Metrics": {"LatencyMs": latency},
    }
