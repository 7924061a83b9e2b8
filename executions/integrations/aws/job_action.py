"""``.sync`` of the optimized integrations: a call that begins a job, and looks at how that is.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
"""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

import jmespath
from django.conf import settings

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    JobNotSeen,
    Submitted,
    Succeeded,
    TaskOutcome,
)
from executions.integrations.aws import failures
from executions.integrations.aws.action import json_text
from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.optimized import OptimizedAction, capital
from executions.integrations.aws.optimized_services import SERVICES
from executions.integrations.aws.parameters import result_of
from executions.integrations.aws.service_models import operation_model
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from datetime import datetime

    from botocore.model import OperationModel

    from executions.integration import TaskRequest
    from executions.integrations.aws.jobs import Job
    from studio.asl.resource import Resource

LOOK_SECONDS: Final = 20.0
"""For how long the service may take to say how a job is."""
_search: Final[Any] = jmespath.search
_NO_TIME: Final = frozenset(
    {
        "RequestLimitExceeded",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class JobAction(OptimizedAction):
    """Begins the job that the Resource names. Implements JobIntegration."""

    def _completed(
        self,
        _operation: OperationModel,
        arguments: dict[str, Any],
        request: TaskRequest,
        _client: Any,
    ) -> dict[str, Any]:
        member = _job(parse_resource(request.resource)).known_by
        if not member:
            return arguments
        return {member: str(uuid.uuid5(uuid.NAMESPACE_OID, request.idempotency_key))} | arguments

    def _outcome(
        self, resource: Resource, arguments: dict[str, Any], answer: dict[str, Any], text: str
    ) -> TaskOutcome:
        job = _job(resource)
        if job.refused and _search(job.refused, answer):
            return Failed(f"{SERVICES[resource.service].label}.Unknown", text[:LONGEST_CAUSE])
        call_made = {"asked": arguments, "answer": answer}
        values = {name: _search(where, call_made) for name, where in job.named.items()}
        missing = [name for name, value in values.items() if value is None]
        if missing:
            return Failed(
                "States.TaskFailed",
                f"The answer does not say what the job is called ({', '.join(missing)}), so that "
                f"its end cannot be waited for: {text}"[:LONGEST_CAUSE],
            )
        return Submitted(text, json_text(values))

    def look(self, resource: str, job: str) -> TaskOutcome | None:
        """Ask the service once how the job is. Raises JobNotSeen."""
        parsed = parse_resource(resource)
        kind, values = _job(parsed), json.loads(job)
        try:
            answer = self._ask(parsed, kind.look, kind.look_with, values)
        except Refused as refusal:
            code = refusal.response.get("Error", {}).get("Code")
            if code in kind.gone:
                return Succeeded(json_text(_also_shown(kind, values)))
            raise self._not_seen(parsed, refusal) from refusal
        found = _search(kind.found, answer) if kind.found else answer
        if not found:
            raise JobNotSeen(
                Failed("States.TaskFailed", f"The service does not know the job any more: {job}"),
                lasting=True,
            )
        state = _search(kind.state, found)
        if state not in kind.succeeded and state not in kind.failed:
            return None
        operation = operation_model(SERVICES[parsed.service].model, kind.look)
        assert operation is not None
        shown = result_of(operation.output_shape, answer, capital, _milliseconds)
        shown = _search(_capitals(kind.found), shown) if kind.found else shown
        result = {kind.shown_as: shown} if kind.shown_as else shown
        text = json_text(_also_shown(kind, values) | result)
        if state in kind.failed or (kind.only_if and not _search(kind.only_if, found)):
            return Failed("States.TaskFailed", text[:LONGEST_CAUSE])
        return Succeeded(text)

    def stop(self, resource: str, job: str) -> None:
        """Ask the service once to stop the job, where it has a call for that. Raises JobNotSeen."""
        parsed = parse_resource(resource)
        kind = _job(parsed)
        if not kind.stop:
            return
        try:
            self._ask(parsed, kind.stop, kind.stop_with, json.loads(job))
        except Refused as refusal:
            raise self._not_seen(parsed, refusal) from refusal

    def _ask(
        self, resource: Resource, name: str, template: Any, values: dict[str, Any]
    ) -> dict[str, Any]:
        service = SERVICES[resource.service]
        client = self._connections.client(
            service.model, resource.region or settings.AWS_REGION, time.time() + LOOK_SECONDS
        )
        try:
            return call(client, name, _filled(template, values))
        except NotReached as error:
            failure = failures.not_reached(service.errors, error)
            raise JobNotSeen(failure, lasting=False) from error

    def _not_seen(self, resource: Resource, refusal: Refused) -> JobNotSeen:
        status = refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = refusal.response.get("Error", {}).get("Code")
        return JobNotSeen(
            self._refused(resource, refusal.response),
            lasting=status < 500 and status != 429 and code not in _NO_TIME,
        )


class RepeatableJobAction(JobAction):
    """Begins a job that the service knows again: a call whose worker died is made once more."""

    lost_error = None


def _job(resource: Resource) -> Job:
    return JOBS[resource.service, resource.action]


def _also_shown(kind: Job, values: dict[str, Any]) -> dict[str, Any]:
    return {member: values[name] for member, name in kind.also_shown.items()}


def _filled(template: Any, values: dict[str, Any]) -> Any:
    if isinstance(template, str):
        return values[template[1:]] if template.startswith("$") else template
    if isinstance(template, list):
        return [_filled(element, values) for element in template]
    return {name: _filled(value, values) for name, value in template.items()}


def _capitals(path: str) -> str:
    """The path to a job as it is shown: its members with a capital first letter."""
    return ".".join(capital(part) for part in path.split("."))


def _milliseconds(moment: datetime) -> int:
    """A moment as the AWS SDK for Java writes it in a job's description."""
    return round(moment.timestamp() * 1000)
