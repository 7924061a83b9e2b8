"""``arn:aws:states:::celery:sendTask``: a task of a Celery application of one's own, by its name.

Plain, it is sent and the Task goes on; with ``.sync`` the Task ends when the Celery task does, as
the application's result backend tells; with ``.waitForTaskToken`` when somebody returns the token.
"""

from __future__ import annotations

import fnmatch
import json
import threading
import uuid
from typing import Any, Final

from celery import Celery
from celery.result import AsyncResult
from kombu.exceptions import KombuError, OperationalError

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    JobNotSeen,
    Submitted,
    Succeeded,
    TaskOutcome,
    TaskRequest,
    unusable,
)
from executions.integrations.native.configuration import NotConfigured, declared, secret
from executions.integrations.native.parameters import UnusableParameters, parameters_of
from studio.asl.resource import parse_resource

_FIELDS: Final[dict[str, tuple[type, ...]]] = {
    "App": (str,),
    "Task": (str,),
    "Args": (list,),
    "Kwargs": (dict,),
    "Queue": (str,),
}
_SOCKET_SECONDS: Final = 10
_AWAY: Final = (OperationalError, KombuError, OSError)


class CeleryTask:
    """Sends the Celery task. Implements JobIntegration."""

    lost_error = "States.TaskFailed"

    def __init__(self) -> None:
        self._apps: dict[tuple[str, str], Celery] = {}
        self._lock = threading.Lock()

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Send it once. Its id is the attempt's, the same at each delivery of that."""
        try:
            given = parameters_of(request, _FIELDS, ("Task",))
            name = given.get("App", "default")
            application = declared("celery.apps", name)
            _check(given["Task"], name, application)
            app = self._app(application)
            pattern = parse_resource(request.resource).pattern
            if pattern == "sync" and not _has_backend(application):
                raise NotConfigured(
                    f"[celery.apps.{name}] has no backend, which .sync asks about the end"
                )
            task_id = str(uuid.uuid5(uuid.NAMESPACE_OID, request.idempotency_key))
            app.send_task(
                given["Task"],
                args=given.get("Args", []),
                kwargs=given.get("Kwargs", {}),
                queue=given.get("Queue", application.get("queue")),
                task_id=task_id,
                retry=False,
                ignore_result=pattern != "sync",
            )
        except UnusableParameters as problem:
            return unusable(request, problem)
        except NotConfigured as problem:
            return Failed("Celery.NotConfigured", str(problem))
        except _AWAY as error:
            return Failed("Celery.ConnectionFailed", str(error)[:LONGEST_CAUSE])
        output = json.dumps({"TaskId": task_id}, separators=(",", ":"))
        if pattern == "sync":
            return Submitted(output, json.dumps({"app": name, "task": task_id}))
        return Submitted(output) if pattern else Succeeded(output)

    def look(self, resource: str, job: str) -> TaskOutcome | None:
        """Ask the result backend. A task that it knows nothing of is taken for one that waits."""
        known = json.loads(job)
        result = self._result(known)
        try:
            meta = result.backend.get_task_meta(known["task"])
        except _AWAY as error:
            raise _not_seen(error) from error
        if meta["status"] == "SUCCESS":
            try:
                return Succeeded(json.dumps(meta["result"], ensure_ascii=False))
            except (TypeError, ValueError) as problem:
                return Failed("Celery.ResultNotJson", str(problem))
        if meta["status"] == "FAILURE":
            raised = meta["result"]
            cause = str(meta.get("traceback") or raised)
            return Failed(type(raised).__name__, cause[-LONGEST_CAUSE:])
        if meta["status"] == "REVOKED":
            return Failed("Celery.TaskRevoked", "The task was revoked")
        return None

    def stop(self, resource: str, job: str) -> None:
        """Revoke the task: one that a worker has begun is ended with it."""
        known = json.loads(job)
        try:
            self._result(known).revoke(terminate=True)
        except _AWAY as error:
            raise _not_seen(error) from error

    def _result(self, known: dict[str, str]) -> AsyncResult[Any]:
        try:
            return AsyncResult(known["task"], app=self._app(declared("celery.apps", known["app"])))
        except NotConfigured as problem:
            failure = Failed("Celery.NotConfigured", str(problem))
            raise JobNotSeen(failure, lasting=True) from problem

    def _app(self, application: dict[str, Any]) -> Celery:
        broker = secret(application, "broker")
        backend = secret(application, "backend") if _has_backend(application) else "disabled://"
        with self._lock:
            if (broker, backend) not in self._apps:
                app = Celery("stepwell-tasks", broker=broker, backend=backend, set_as_current=False)
                app.conf.update(
                    task_serializer="json",
                    result_serializer="json",
                    accept_content=["json"],
                    broker_transport_options={
                        "socket_timeout": _SOCKET_SECONDS,
                        "socket_connect_timeout": _SOCKET_SECONDS,
                    },
                    redis_socket_timeout=_SOCKET_SECONDS,
                    redis_socket_connect_timeout=_SOCKET_SECONDS,
                    redis_retry_on_timeout=False,
                    broker_connection_retry=False,
                    result_backend_always_retry=False,
                )
                self._apps[broker, backend] = app
            return self._apps[broker, backend]


def _check(task: str, name: str, application: dict[str, Any]) -> None:
    allowed = application.get("tasks", [])
    if not any(fnmatch.fnmatchcase(task, pattern) for pattern in allowed):
        raise UnusableParameters(
            f"tasks of [celery.apps.{name}] does not name '{task}': {', '.join(allowed) or 'none'}"
        )


def _has_backend(application: dict[str, Any]) -> bool:
    return "backend" in application or "backend_env" in application


def _not_seen(error: Exception) -> JobNotSeen:
    failure = Failed("Celery.ConnectionFailed", str(error)[:LONGEST_CAUSE])
    return JobNotSeen(failure, lasting=False)
