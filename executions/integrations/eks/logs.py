"""The logs of a Job's pods, as ``eks:runJob.sync`` shows them: fetched as well as may be.

A log that cannot be had leaves ``error`` and ``cause`` in its place.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from executions.integrations.aws import failures
from executions.integrations.aws.calling import LONGEST_RESULT
from executions.integrations.eks.call import PREFIX, TOO_LARGE, UNREACHED
from executions.integrations.eks.cluster import body_of, failure_of
from executions.integrations.eks.parameters import lists_of_texts
from executions.integrations.http.exchange import TooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.integration import Failed
    from executions.integrations.eks.cluster import KubernetesApi
    from executions.integrations.http.exchange import Answer

_LEAST_SECONDS: Final = 0.1


def logs_of(
    api: KubernetesApi, namespace: str, job: str, *, options: dict[str, Any], until: float
) -> dict[str, Any]:
    """``{"pods": {POD: {"containers": {CONTAINER: {"log": …}}}}}``.

    ``options`` are LogOptions; ``until`` is of the monotonic clock. Nothing more is fetched when
    what there is exceeds any result.
    """
    pods_path = f"/api/v1/namespaces/{quote(namespace, safe='')}/pods"
    found = _fetched(api, pods_path, [("labelSelector", f"job-name={job}")], until)
    if isinstance(found, dict):
        return found
    query = lists_of_texts(options.get("LogParameters", {}), "LogParameters")
    pods: dict[str, Any] = {}
    size = 0
    for pod, containers in _containers(body_of(found)):
        logs: dict[str, Any] = {}
        for container in containers:
            path = f"{pods_path}/{quote(pod, safe='')}/log"
            log = _fetched(api, path, [("container", container), *query], until)
            if isinstance(log, dict):
                logs[container] = log
                continue
            size += len(log.body)
            logs[container] = {"log": _log(log.body, raw=options.get("RawLogs", False))}
        pods[pod] = {"containers": logs}
        if size > LONGEST_RESULT:
            break
    return {"pods": pods}


def _fetched(
    api: KubernetesApi, path: str, query: Sequence[tuple[str, str]], until: float
) -> Answer | dict[str, str]:
    """The answer, or what stands in its place."""
    try:
        seconds = max(until - time.monotonic(), _LEAST_SECONDS)
        answer = api.ask("GET", path, seconds=seconds, query=query)
    except TooLarge:
        return _instead(TOO_LARGE)
    except UNREACHED as error:
        return _instead(failures.not_reached(PREFIX, error))
    return answer if 200 <= answer.status < 300 else _instead(failure_of(answer))


def _instead(failure: Failed) -> dict[str, str]:
    return {"error": failure.error, "cause": failure.cause}


def _containers(pods: Any) -> list[tuple[str, list[str]]]:
    """The pods of a PodList with the names of their containers."""
    items = pods.get("items") if isinstance(pods, dict) else None
    return [
        (pod["metadata"]["name"], [each["name"] for each in pod["spec"]["containers"]])
        for pod in items or []
    ]


def _log(body: bytes, *, raw: bool) -> Any:
    if not raw:
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass
    return body.decode("utf-8", "replace")
