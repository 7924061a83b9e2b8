"""``arn:aws:states:::eks:runJob``: a Job of Kubernetes; with ``.sync`` its end, and its logs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html
"""

from __future__ import annotations

import json
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    JobNotSeen,
    Submitted,
    Succeeded,
)
from executions.integrations.aws import failures
from executions.integrations.aws.action import json_text
from executions.integrations.eks.call import (
    NO_CREDENTIALS,
    PREFIX,
    TOO_LARGE,
    UNREACHED,
    KubernetesAction,
)
from executions.integrations.eks.cluster import (
    Cluster,
    KubernetesApi,
    NoCredentials,
    body_of,
    failure_of,
    shown,
)
from executions.integrations.eks.logs import logs_of
from executions.integrations.eks.parameters import checked_job, content_of
from executions.integrations.http.addresses import ForbiddenAddress
from executions.integrations.http.exchange import TooLarge
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from executions.integration import TaskOutcome, TaskRequest
    from executions.integrations.http.exchange import Answer

LOOK_SECONDS: Final = 20.0
"""For how long a cluster may take to say how a Job is."""
LOG_SECONDS: Final = 40.0
"""For how long logs are fetched after that; both together are less than a look may take."""
DEFAULT_NAMESPACE: Final = "default"


class EksRunJob(KubernetesAction):
    """Creates the Job that the parameters hold. Implements JobIntegration."""

    def _checked(self, parameters: Any) -> dict[str, Any]:
        return checked_job(parameters)

    def _ask(self, api: KubernetesApi, parameters: dict[str, Any], seconds: float) -> Answer:
        namespace = parameters.get("Namespace", DEFAULT_NAMESPACE)
        body = content_of(parameters["Job"])
        return api.ask("POST", _jobs(namespace), seconds=seconds, body=body)

    def _outcome(
        self, request: TaskRequest, parameters: dict[str, Any], answer: Answer
    ) -> TaskOutcome:
        text = json_text(shown(answer))
        if not parse_resource(request.resource).pattern:
            return Succeeded(text)
        body = body_of(answer)
        metadata = body.get("metadata") if isinstance(body, dict) else None
        if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
            return Failed(
                "States.TaskFailed",
                "The answer does not say what the Job is called, so that its end cannot be waited "
                f"for: {text}"[:LONGEST_CAUSE],
            )
        options = parameters.get("LogOptions", {})
        job = {
            "cluster": parameters["ClusterName"],
            "authority": parameters["CertificateAuthority"],
            "endpoint": parameters["Endpoint"],
            "namespace": parameters.get("Namespace", DEFAULT_NAMESPACE),
            "name": metadata["name"],
            "logs": options if options.get("RetrieveLogs") else None,
        }
        return Submitted(text, json_text(job))

    def look(self, _resource: str, job: str) -> TaskOutcome | None:
        """Ask the cluster once how the Job is; fetch its logs when it has ended."""
        known = json.loads(job)
        with _asking(known) as api:
            answer = api.ask("GET", _path(known), seconds=LOOK_SECONDS)
            _refuse(answer)
            found = body_of(answer)
            ended = _ended(found)
            if ended is None:
                return None
            if known["logs"]:
                logs = logs_of(
                    api,
                    known["namespace"],
                    known["name"],
                    options=known["logs"],
                    until=time.monotonic() + LOG_SECONDS,
                )
                found = found | {"logs": logs}
        text = json_text(found)
        return Succeeded(text) if ended else Failed("States.TaskFailed", text[:LONGEST_CAUSE])

    def stop(self, _resource: str, job: str) -> None:
        """Delete the Job and its pods; one that is gone already is left."""
        known = json.loads(job)
        with _asking(known) as api:
            answer = api.ask(
                "DELETE",
                _path(known),
                seconds=LOOK_SECONDS,
                query=[("propagationPolicy", "Background")],
            )
            if answer.status != 404:
                _refuse(answer)


def _ended(job: Any) -> bool | None:
    """Whether the Job ended well; None: it goes on."""
    status = job.get("status") if isinstance(job, dict) else None
    conditions = status.get("conditions") if isinstance(status, dict) else None
    true = {
        condition.get("type")
        for condition in conditions or []
        if isinstance(condition, dict) and condition.get("status") == "True"
    }
    if "Complete" in true:
        return True
    return False if "Failed" in true else None


@contextmanager
def _asking(job: dict[str, Any]) -> Iterator[KubernetesApi]:
    """The API of the Job's cluster; what keeps it from answering is raised as JobNotSeen."""
    try:
        cluster = Cluster(job["cluster"], job["authority"], job["endpoint"])
        with closing(KubernetesApi(cluster)) as api:
            yield api
    except UNREACHED as error:
        raise JobNotSeen(failures.not_reached(PREFIX, error), lasting=False) from error
    except NoCredentials as problem:
        raise JobNotSeen(NO_CREDENTIALS, lasting=True) from problem
    except TooLarge as problem:
        raise JobNotSeen(TOO_LARGE, lasting=True) from problem
    except (ValueError, ForbiddenAddress) as problem:
        raise JobNotSeen(Failed("States.Runtime", str(problem)), lasting=True) from problem


def _refuse(answer: Answer) -> None:
    if not 200 <= answer.status < 300:
        lasting = answer.status < 500 and answer.status != 429
        raise JobNotSeen(failure_of(answer), lasting=lasting)


def _jobs(namespace: str) -> str:
    return f"/apis/batch/v1/namespaces/{quote(namespace, safe='')}/jobs"


def _path(job: dict[str, Any]) -> str:
    return f"{_jobs(job['namespace'])}/{quote(job['name'], safe='')}"
