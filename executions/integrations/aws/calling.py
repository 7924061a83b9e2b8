"""One call through botocore, its many exceptions told apart into the two that matter."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The service answered with an error; ``response`` is botocore's."""

    def __init__(self, response: dict[str, Any]) -> None:
        super().__init__(response)
        self.response = response


class NotReached(Exception):
    """No answer came, or none that could be read."""


def call(client: Any, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Call ``operation`` (``PutItem``) once and give its answer, ResponseMetadata included.

    Raises Refused and NotReached.
    """
    from botocore import xform_name  # imported late: see connections.py
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,  # noqa: A004
        HTTPClientError,
    )

    try:
        answer: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
    except ClientError as error:
        raise Refused(dict(error.response)) from error
    except (HTTPClientError, ConnectionError, BotoCoreError, ValueError, TypeError) as error:
        raise NotReached(str(error)) from error
    return answer
