"""A lean client of the AWS protocol: boto3's own signer, without boto3's own costs."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class Client:
    """One connection of one client."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._url = url
        self._signer = SigV4Auth(Credentials(key, secret), "states", "us-east-1")
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation; its answer.

        Raises:
            RuntimeError: anything but a 200.
        """
        body = json.dumps(parameters).encode()
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"AWSStepFunctions.{operation}",
        }
        request = AWSRequest("POST", self._url + "/", headers=headers, data=body)
        self._signer.add_auth(request)
        self._connection.request("POST", "/", body, dict(request.headers))
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"{operation}: {response.status} {answer.decode()[:500]}")
        result: dict[str, Any] = json.loads(answer)
        return result
