"""A form that is sent, as tokens are asked for; and the headers that Step Functions sets itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from executions.integrations.http.exchange import Request, with_query
from executions.integrations.http.form import FORM, encode_form

if TYPE_CHECKING:
    from executions.integrations.http.exchange import Client, Exchange


def form_exchange(client: Client, seconds: float) -> Exchange:
    """What sends forms with ``client``, each answered within so many seconds.

    It raises what ``Client.send`` does.
    """

    def exchange(
        method: str,
        url: str,
        headers: dict[str, str],
        query: dict[str, str],
        form: dict[str, str],
    ) -> tuple[int, str]:
        body = encode_form(form).encode()
        sent = Request(
            method,
            with_query(url, list(query.items())),
            {},
            service_headers(FORM),
            headers,
            body,
            None,
            url,
        )
        answer = client.send(sent, seconds)
        return answer.status, answer.body.decode("utf-8", "replace")

    return exchange


def service_headers(content_type: str | None) -> dict[str, str]:
    """The headers of every request of an HTTP Task."""
    return ({} if content_type is None else {"Content-Type": content_type}) | {
        "User-Agent": f"Amazon|StepFunctions|HttpInvoke|{settings.AWS_REGION}",
        "Range": "bytes=0-262144",
    }
