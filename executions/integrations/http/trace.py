"""What an HTTP Task sent and what came back, as TestState shows it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executions.integration import Trace
    from executions.integrations.http.exchange import Answer, Request

_SHOWN: Final = ("User-Agent", "Range")
"""Of what the service sets, AWS's example shows these, and a Content-Type that only follows from
the body it leaves out."""


class HttpTrace:
    """The Task's own request and the last answer; calls for an OAuth token are not in it.

    Unless ``reveal_secrets``, what the connection has added to headers, query and body is left out.
    The answer is always whole.
    """

    def __init__(self, *, reveal_secrets: bool) -> None:
        self._reveal = reveal_secrets
        self.shown: Trace = {}
        """``request`` and ``response`` by AWS's names, as far as it came."""

    def note_request(self, request: Request) -> None:
        """Keep what is about to be sent."""
        service = {name: request.service_headers[name] for name in _SHOWN}
        added = request.secret_headers if self._reveal else {}
        body = request.body if self._reveal else request.open_body
        url = request.url if self._reveal else request.open_url
        self.shown["request"] = {
            "protocol": urlsplit(url).scheme,
            "method": request.method,
            "url": url,
            "headers": _listed((request.headers | added | service).items()),
        } | ({} if body is None else {"body": body.decode()})

    def note_answer(self, request: Request, answer: Answer) -> None:
        """Keep what has come back."""
        self.shown["response"] = {
            "protocol": urlsplit(request.open_url).scheme,
            "statusCode": str(answer.status),
            "statusMessage": answer.reason,
            "headers": _listed(answer.headers),
            "body": answer.body.decode("utf-8", "replace"),
        }


def _listed(headers: Iterable[tuple[str, str]]) -> str:
    return f"[{', '.join(f'{name}: {value}' for name, value in headers)}]"
