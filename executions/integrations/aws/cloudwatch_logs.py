"""CloudWatch Logs: log events are put into streams of a log group.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.connections import Connections, connections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVICE: Final = "logs"
MOST_EVENTS: Final = 10_000
MOST_BYTES: Final = 1_048_576
"""Of one PutLogEvents: each event counts with its UTF-8 bytes and so many more."""
EVENT_BYTES: Final = 26
LONGEST_SPAN: Final = 24 * 3600 * 1000
"""Milliseconds between the first and the last event of one PutLogEvents."""
CALL_SECONDS: Final = 20.0

_MISSING: Final = "ResourceNotFoundException"
_log = logging.getLogger(__name__)


class NotPut(Exception):
    """The events were not taken: the service is away, or refused them."""


class CloudWatchLogs:
    """Puts log events, into one stream for each process, log group and day."""

    def __init__(self, found: Connections | None = None) -> None:
        self._connections = found or connections()
        self._streams: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()
        self._own = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"

    def put(self, group: str, region: str, lines: Sequence[str]) -> None:
        """Put log events, lines of JSON with an ``event_timestamp``; oldest first, in batches.

        Raises NotPut; some of them may have been put by then.
        """
        if not self._connections.is_configured(SERVICE):
            raise NotPut(
                "there are neither credentials for AWS nor an endpoint: set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"
            )
        client = self._connections.client(SERVICE, region, time.time() + CALL_SECONDS)
        for batch in batches(lines):
            stream = f"states/{datetime.now(UTC):%Y-%m-%d}/{self._own}"
            try:
                self._make(client, group, stream)
                answer = self._put_once(client, group, stream, batch)
            except Refused as refused:
                error = refused.response.get("Error", {})
                raise NotPut(f"{error.get('Code')}: {error.get('Message')}") from refused
            except NotReached as problem:
                raise NotPut(str(problem)) from problem
            if rejected := answer.get("rejectedLogEventsInfo"):
                _log.warning("CloudWatch Logs left out events of %s: %s", group, rejected)

    def _put_once(
        self, client: Any, group: str, stream: str, batch: list[dict[str, Any]]
    ) -> dict[str, Any]:
        arguments = {"logGroupName": group, "logStreamName": stream, "logEvents": batch}
        try:
            return call(client, "PutLogEvents", arguments)
        except Refused as refused:
            if refused.response.get("Error", {}).get("Code") != _MISSING:
                raise
        # The stream, or the group with it, was deleted since.
        self._forget(group, stream)
        self._make(client, group, stream)
        return call(client, "PutLogEvents", arguments)

    def _make(self, client: Any, group: str, stream: str) -> None:
        region = client.meta.region_name
        with self._lock:
            if self._streams.get((region, group)) == stream:
                return
        try:
            call(client, "CreateLogStream", {"logGroupName": group, "logStreamName": stream})
        except Refused as refused:
            code = refused.response.get("Error", {}).get("Code")
            if code != "ResourceAlreadyExistsException":
                raise
        with self._lock:
            self._streams[region, group] = stream

    def _forget(self, group: str, stream: str) -> None:
        with self._lock:
            for key in [k for k, v in self._streams.items() if k[1] == group and v == stream]:
                del self._streams[key]


def batches(lines: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """The events of PutLogEvents, in as few calls as its limits allow."""
    events = [(int(orjson.loads(line)["event_timestamp"]), line) for line in lines]
    events.sort(key=lambda event: event[0])
    batch: list[dict[str, Any]] = []
    size = 0
    for timestamp, line in events:
        own = len(line.encode("utf-8", "replace")) + EVENT_BYTES
        if batch and (
            len(batch) == MOST_EVENTS
            or size + own > MOST_BYTES
            or timestamp - batch[0]["timestamp"] > LONGEST_SPAN
        ):
            yield batch
            batch, size = [], 0
        batch.append({"timestamp": timestamp, "message": line})
        size += own
    if batch:
        yield batch


@lru_cache(maxsize=1)
def cloudwatch_logs() -> CloudWatchLogs:
    """The process's own."""
    return CloudWatchLogs()
