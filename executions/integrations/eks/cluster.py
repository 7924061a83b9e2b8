"""The Kubernetes API server of a cluster of EKS, asked in the name of who performs the Task.

Who that is the server learns from a token: a request to STS that says who calls, signed and not
sent. What they may do is the cluster's own affair (access entries, or ``aws-auth``).

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html, and
https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html for the token.
"""

from __future__ import annotations

import base64
import binascii
import re
import ssl
from dataclasses import dataclass
from http.client import responses
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.conf import settings

from executions.integration import LONGEST_CAUSE, Failed
from executions.integrations.aws.action import json_text
from executions.integrations.aws.connections import connections
from executions.integrations.http.addresses import AllowList
from executions.integrations.http.exchange import Answer, Client, Request, with_query

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN_SECONDS: Final = 60
_ENDPOINT_REGION: Final = re.compile(r"\.([a-z0-9-]+)\.eks\.amazonaws\.com")


class NoCredentials(Exception):
    """There is nobody in whose name a cluster could be asked."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster's API server is. ``authority`` is its certificate, PEM in base64."""

    name: str
    authority: str
    endpoint: str

    def trusted(self) -> ssl.SSLContext:
        """Trust in this cluster's certificate, and in no other. Raises ValueError."""
        try:
            pem = base64.b64decode(self.authority, validate=True).decode("ascii")
            return ssl.create_default_context(cadata=pem)
        except (binascii.Error, UnicodeDecodeError, ssl.SSLError) as error:
            raise ValueError(
                'The value for the field "CertificateAuthority" must be a certificate in PEM, '
                "encoded with base64, as DescribeCluster gives it"
            ) from error


class KubernetesApi:
    """Asks one cluster's API server, which has to be at an address that HTTP Tasks may call."""

    def __init__(self, cluster: Cluster) -> None:
        """Raise ValueError for a cluster that names no usable certificate."""
        self._cluster = cluster
        allowed = AllowList.of(settings.HTTP_ALLOW)
        self._client = Client(allowed, trusted=cluster.trusted())

    def ask(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        query: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """Make one request; a redirect is an answer like any other.

        Raises NoCredentials, ValueError and ForbiddenAddress for a request that cannot be made,
        TooLarge, and httpcore's errors.
        """
        url = with_query(self._cluster.endpoint.rstrip("/") + path, list(query))
        headers = {"Accept": "application/json, */*"}
        if body is not None:
            headers["Content-Type"] = content_type
        secret = {"Authorization": f"Bearer {_token(self._cluster)}"}
        request = Request(method, url, headers, {}, secret, body, body, url)
        return self._client.send(request, seconds, redirects=0)

    def close(self) -> None:
        """Close what is open."""
        self._client.close()


def shown(answer: Answer) -> dict[str, Any]:
    """An answer as the Task's result, or as the cause of its failure, has it."""
    return {
        "ResponseBody": body_of(answer),
        "StatusCode": answer.status,
        "StatusText": answer.reason or responses.get(answer.status, ""),
    }


def body_of(answer: Answer) -> Any:
    """The body as a JSON value where it is one, or else as a text."""
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return answer.body.decode("utf-8", "replace")


def failure_of(answer: Answer) -> Failed:
    """The refusal of an API server."""
    return Failed(f"EKS.{answer.status}", json_text(shown(answer))[:LONGEST_CAUSE])


def _token(cluster: Cluster) -> str:
    from botocore.auth import SigV4QueryAuth  # imported late: see aws.connections
    from botocore.awsrequest import AWSRequest

    credentials = connections().credentials()
    if credentials is None:
        raise NoCredentials
    found = _ENDPOINT_REGION.search(cluster.endpoint)
    region = found[1] if found else settings.AWS_REGION
    asked = AWSRequest(
        "GET",
        f"https://sts.{region}.amazonaws.com/",
        params={"Action": "GetCallerIdentity", "Version": "2011-06-15"},
        headers={"x-k8s-aws-id": cluster.name},
    )
    signing = SigV4QueryAuth(credentials.get_frozen_credentials(), "sts", region, TOKEN_SECONDS)
    signing.add_auth(asked)
    signed = base64.urlsafe_b64encode(str(asked.url).encode()).decode().rstrip("=")
    return f"k8s-aws-v1.{signed}"
