"""A function's answer, wherever it ran."""

from __future__ import annotations

from executions.interpreter.value import value


@value
class FunctionResponse:
    """What Lambda's Invoke answers.

    ``payload`` is the raw text: the result's JSON, or with ``error_type`` the error object's.
    ``log`` is the end of the call's log where it was asked for. ``length`` is how many bytes the
    payload has as Lambda's Python runtime would have sent it, which writes spaces after commas and
    colons; None where ``payload`` is what was sent, or where nobody wanted to know.
    """

    payload: str
    request_id: str
    error_type: str | None = None
    status_code: int = 200
    executed_version: str | None = "$LATEST"
    log: bytes | None = None
    length: int | None = None
