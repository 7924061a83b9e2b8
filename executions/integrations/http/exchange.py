"""One HTTP request and its answer, with everything bounded: where it goes, its time, its size."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

import httpcore

from executions.integrations.http.network import GuardedNetwork, finishing_by

if TYPE_CHECKING:
    from executions.integrations.http.addresses import AllowList

LONGEST_BODY: Final = 262_144
"""Bytes of an answer that are taken, as many as Step Functions asks for."""
MOST_REDIRECTS: Final = 10
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ORIGIN: Final = {"http": 80, "https": 443}


class Exchange(Protocol):
    """Makes a request with a form as its body; gives status and text."""

    def __call__(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        query: dict[str, str],
        form: dict[str, str],
    ) -> tuple[int, str]:
        """Make the request."""
        ...


class UnusableAddress(ValueError):
    """The URL is none that an HTTP Task may call."""


class TooLarge(Exception):
    """The answer is longer than is taken."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request. ``secret_headers`` go to the URL's own origin only, whatever it redirects to."""

    method: str
    url: str
    headers: dict[str, str]
    service_headers: dict[str, str]
    """Those that Step Functions sets by itself."""
    secret_headers: dict[str, str]
    body: bytes | None
    open_body: bytes | None
    """The body without what a connection added, for another origin."""
    open_url: str
    """The URL without what a connection added."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read whole."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header; ``name`` is in small letters."""
        return next((value for key, value in self.headers if key.lower() == name), None)


class Client:
    """Makes requests. Safe to use from many threads."""

    def __init__(self, allowed: AllowList, *, trusted: ssl.SSLContext | None = None) -> None:
        self._allowed = allowed
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted or _trusted(),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=10.0,
            network_backend=GuardedNetwork(allowed),
        )

    def send(self, request: Request, seconds: float, *, redirects: int = MOST_REDIRECTS) -> Answer:
        """Make the request, follow its redirects, and read the answer within ``seconds``.

        After ``redirects`` of them the next one is the answer.

        Raises UnusableAddress, ForbiddenAddress, TooLarge, and httpcore's errors.
        """
        method, url, body = request.method, request.url, request.body
        redirects_left = redirects
        with finishing_by(time.monotonic() + seconds):
            while True:
                self._check(url)
                same = _origin(url) == _origin(request.url)
                headers = request.headers | request.service_headers
                headers |= request.secret_headers if same else {}
                if not same and body is not None:
                    body = request.open_body
                answer = self._once(method, url, headers, body)
                location = answer.header("location")
                if answer.status not in _REDIRECTS or location is None or not redirects_left:
                    return answer
                redirects_left -= 1
                url = _joined(url, location)
                if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                    method, body = "GET", None

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()

    def _once(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Answer:
        with self._pool.stream(
            method,
            url,
            headers=[(name.encode("latin-1"), value.encode()) for name, value in headers.items()],
            content=body,
        ) as response:
            read = bytearray()
            for chunk in response.iter_stream():
                read += chunk
                if len(read) > LONGEST_BODY:
                    raise TooLarge
            reason = response.extensions.get("reason_phrase", b"")
            return Answer(
                response.status,
                reason.decode("latin-1"),
                [
                    (name.decode("latin-1"), value.decode("latin-1"))
                    for name, value in response.headers
                ],
                bytes(read),
            )

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UnusableAddress(f"{url!r} is not a URL: {error}") from error
        if not url.isascii():
            raise UnusableAddress(
                f"{url!r} is not a URL: it has letters that are none of ASCII. Write a host's name "
                "as xn--…, and others as %…."
            )
        if parts.scheme not in _ORIGIN or not parts.hostname:
            raise UnusableAddress(f"{url!r} is not an https address.")
        if parts.username is not None or parts.password is not None:
            raise UnusableAddress("A URL must not carry credentials. Use a connection.")
        if port == 0:
            raise UnusableAddress(f"{url!r} names no port.")
        if parts.scheme == "http" and not self._is_allowed(parts.hostname):
            raise UnusableAddress(
                f"{url!r} is not an https address. Plain http is for hosts in STEPWELL_HTTP_ALLOW."
            )

    def _is_allowed(self, host: str) -> bool:
        if self._allowed.has_name(host):
            return True
        try:
            return self._allowed.has_address(ip_address(host))
        except ValueError:
            return False


def with_query(url: str, query: list[tuple[str, str]]) -> str:
    """The URL with parameters added at its end; a fragment is dropped."""
    url = url.partition("#")[0]
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def _joined(url: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise UnusableAddress(f"A redirect leads to no URL, {location!r}: {error}") from error


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _ORIGIN.get(parts.scheme)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
