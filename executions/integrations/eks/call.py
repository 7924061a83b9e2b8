"""``arn:aws:states:::eks:call``: one request to a cluster's Kubernetes API.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import httpcore

from executions.integration import Failed, Succeeded, TaskOutcome, TaskRequest, unusable
from executions.integrations.aws import failures
from executions.integrations.aws.action import json_text
from executions.integrations.eks.cluster import KubernetesApi, NoCredentials, failure_of, shown
from executions.integrations.eks.parameters import (
    checked_call,
    cluster_of,
    content_of,
    lists_of_texts,
)
from executions.integrations.http.addresses import ForbiddenAddress
from executions.integrations.http.exchange import TooLarge

if TYPE_CHECKING:
    from executions.integrations.http.exchange import Answer

LONGEST_SECONDS: Final = 60.0
"""How long an API server may take to answer."""
PREFIX: Final = "EKS"
UNREACHED: Final = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)

NO_CREDENTIALS: Final = Failed(
    "States.Permissions",
    "The cluster was not asked: it has to be told who asks, and this installation has no AWS "
    "credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE) in the "
    "environment of the workers.",
)
TOO_LARGE: Final = Failed(
    "States.DataLimitExceeded",
    "The state/task 'eks' returned a result with a size exceeding the maximum number of bytes "
    "service limit.",
)


class KubernetesAction(ABC):
    """One request, and an outcome of whatever comes of it: from 300 on the status is a failure."""

    lost_error: str | None = "States.TaskFailed"
    lost_cause = (
        "The worker that called the cluster died before it answered; "
        "whether the call took effect is not known."
    )

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Make one request; the definition's Retry decides about a second one."""
        seconds = LONGEST_SECONDS
        if request.deadline is not None:
            seconds = min(seconds, max(request.deadline - time.time(), 0.1))
        try:
            parameters = self._checked(json.loads(request.parameters))
            with closing(KubernetesApi(cluster_of(parameters))) as api:
                answer = self._ask(api, parameters, seconds)
        except NoCredentials:
            return NO_CREDENTIALS
        except (ValueError, ForbiddenAddress) as problem:
            return unusable(request, problem)
        except TooLarge:
            return TOO_LARGE
        except UNREACHED as error:
            return failures.not_reached(PREFIX, error)
        if not 200 <= answer.status < 300:
            return failure_of(answer)
        return self._outcome(request, parameters, answer)

    @abstractmethod
    def _checked(self, parameters: Any) -> dict[str, Any]:
        """The parameters, or ValueError."""

    @abstractmethod
    def _ask(self, api: KubernetesApi, parameters: dict[str, Any], seconds: float) -> Answer:
        """Make the request."""

    def _outcome(
        self, _request: TaskRequest, _parameters: dict[str, Any], answer: Answer
    ) -> TaskOutcome:
        """What an answer means that is no failure."""
        return Succeeded(json_text(shown(answer)))


class EksCall(KubernetesAction):
    """Makes the request that the parameters describe."""

    def _checked(self, parameters: Any) -> dict[str, Any]:
        return checked_call(parameters)

    def _ask(self, api: KubernetesApi, parameters: dict[str, Any], seconds: float) -> Answer:
        body = parameters.get("RequestBody")
        return api.ask(
            parameters["Method"],
            parameters["Path"],
            seconds=seconds,
            query=lists_of_texts(parameters.get("QueryParameters", {}), "QueryParameters"),
            body=None if body is None else content_of(body),
            content_type=_content_type(parameters["Method"], body),
        )


def _content_type(method: str, body: Any) -> str:
    """Kubernetes has several kinds of patches, and tells them by this.

    Which one AWS sends nobody has written down; of those that take an object the merge patch is
    the one that every resource knows, custom ones too.
    """
    if method != "PATCH":
        return "application/json"
    if isinstance(body, list):
        return "application/json-patch+json"
    return "application/merge-patch+json"
