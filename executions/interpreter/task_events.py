"""The texts of a Task's history events: three families, one shape each.

``LambdaFunction…`` for a function's ARN, ``Activity…`` for an activity's, ``Task…`` for the actions
of services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.interpreter.history import OUTPUT_END, error_details
from executions.interpreter.payload import quote
from studio.asl import json_text

if TYPE_CHECKING:
    from executions.interpreter.payload import Payload
    from studio.asl.definition import Json
    from studio.asl.resource import Resource


class TaskEvents:
    """The event types and details of one Task, as far as they are known beforehand.

    ``result_name`` is what AWS calls the Task when its result is too large.
    """

    __slots__ = (
        "_failed",
        "_is_service",
        "_member",
        "_resource",
        "_started",
        "_timed_out",
        "failed_type",
        "result_name",
        "scheduled_type",
        "started_type",
        "starts_by_itself",
        "submitted_type",
        "succeeded_type",
        "timed_out_type",
    )

    def __init__(self, resource: Resource) -> None:
        family = resource.event_family
        self._member = family[0].lower() + family[1:]
        self._is_service = family == "Task"
        self.scheduled_type = f"{family}Scheduled"
        self.started_type = f"{family}Started"
        self.submitted_type = f"{family}Submitted"
        self.succeeded_type = f"{family}Succeeded"
        self.failed_type = f"{family}Failed"
        self.timed_out_type = f"{family}TimedOut"
        self._failed = f"{self._member}FailedEventDetails"
        self._timed_out = f"{self._member}TimedOutEventDetails"
        # An activity begins when a worker asks for it; all else begins as soon as it is scheduled.
        self.starts_by_itself = family != "Activity"
        if self._is_service:
            self._resource = (
                f'"resourceType":{quote(resource.resource_type)},'
                f'"resource":{quote(resource.resource)}'
            )
            self.result_name = resource.resource_type
            self._started = f'"taskStartedEventDetails":{{{self._resource}}}'
        else:
            self._resource = ""
            self.result_name = resource.arn
            self._started = "" if self.starts_by_itself else '"activityStartedEventDetails":{}'

    def scheduled(
        self,
        resource: Resource,
        region: str,
        payload: Payload,
        timeout: int | None,
        heartbeat: int | None,
        credentials: str | None,
    ) -> str:
        """Write the details of the …Scheduled event. Times are in seconds."""
        if self._is_service:
            parts = [
                f'"taskScheduledEventDetails":{{{self._resource}',
                f'"region":{quote(region)}',
                f'"parameters":{payload.quoted}',
            ]
        else:
            parts = [
                f'"{self._member}ScheduledEventDetails":{{"resource":{quote(resource.arn)}',
                f'"input":{payload.quoted}',
                '"inputDetails":{"truncated":false}',
            ]
        if timeout is not None:
            parts.append(f'"timeoutInSeconds":{timeout}')
        if heartbeat is not None and self._member != "lambdaFunction":
            parts.append(f'"heartbeatInSeconds":{heartbeat}')
        if credentials is not None and self._member != "activity":
            parts.append(f'"taskCredentials":{credentials}')
        return ",".join(parts) + "}"

    def started(self, worker: str | None) -> str:
        """Write the details of the …Started event, with the name of an activity's worker."""
        if worker is None or self.starts_by_itself:
            return self._started
        return f'"activityStartedEventDetails":{{"workerName":{quote(worker)}}}'

    @staticmethod
    def credentials(value: Json) -> str | None:
        """Write Credentials as events show them, or give None. Raises StatesError: too deep."""
        if not isinstance(value, dict):
            return None
        return json_text.dumps({name[:1].lower() + name[1:]: each for name, each in value.items()})

    def output(self, kind: str, payload: Payload) -> str:
        """Write the details of the …Succeeded or …Submitted event."""
        between = f"{self._resource}," if self._resource else ""
        return (
            f'"{self._member}{kind}EventDetails":{{{between}"output":{payload.quoted}{OUTPUT_END}'
        )

    def failed(self, error: str | None, cause: str | None) -> str:
        """Write the details of the …Failed event."""
        return error_details(self._failed, error, cause, self._resource)

    def timed_out(self, error: str) -> str:
        """Write the details of the …TimedOut event."""
        return error_details(self._timed_out, error, None, self._resource)
