"""One call through botocore, its many exceptions told apart into the two that matter."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final

LONGEST_RESULT: Final = 262_144
"""Bytes of a Task's result that Step Functions takes. The machine refuses what is longer."""


class Refused(Exception):
    """The service answered with an error; ``response`` is botocore's."""

    def __init__(self, response: dict[str, Any]) -> None:
        super().__init__(response)
        self.response = response


class NotReached(Exception):
    """No answer came, or none that could be read."""


def call(
    client: Any, operation: str, arguments: dict[str, Any], *, longest: int = LONGEST_RESULT
) -> dict[str, Any]:
    """Call ``operation`` (``PutItem``) once and give its answer, ResponseMetadata included.

    A streamed body is read, but of one of more than ``longest`` bytes no more than tells so: an
    object may be larger than this machine's memory.

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
        for name, value in answer.items():
            if hasattr(value, "read"):
                with closing(value):
                    body = value.read(longest + 1)
                    # The second read is what tells an answer that broke off from one that ended.
                    answer[name] = body if len(body) > longest else body + value.read()
    except ClientError as error:
        raise Refused(dict(error.response)) from error
    except (HTTPClientError, ConnectionError, BotoCoreError, ValueError, TypeError) as error:
        raise NotReached(str(error)) from error
    return answer
