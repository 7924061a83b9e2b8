"""Connections that go only where ``addresses`` allows, and end in time."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore

from executions.integrations.http.addresses import AllowList, ForbiddenAddress, resolve

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

_until = threading.local()


@contextmanager
def finishing_by(moment: float) -> Iterator[None]:
    """Within it every wait for the network on this thread ends at ``moment`` (monotonic clock).

    A server that sends a byte a minute would otherwise never run into a time-out.
    """
    _until.moment = moment
    try:
        yield
    finally:
        _until.moment = None


class GuardedNetwork(httpcore.SyncBackend):
    """The network as HTTP Tasks see it."""

    def __init__(self, allowed: AllowList) -> None:
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to an address that was judged, never to the name again.

        Raises ForbiddenAddress and httpcore's own errors.
        """
        try:
            addresses = resolve(host, port, self._allowed)
        except ForbiddenAddress:
            raise
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = super().connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Timed(stream)
        raise last

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Sockets of this machine are none of a workflow's business."""
        raise ForbiddenAddress("HTTP Tasks do not connect to Unix sockets.")


class _Timed(httpcore.NetworkStream):
    """A stream whose waits end when the request's time is over."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float | None:
    moment: float | None = getattr(_until, "moment", None)
    if moment is None:
        return timeout
    left = moment - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("The time for the request is over.")
    return left if timeout is None else min(left, timeout)
