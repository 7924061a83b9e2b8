"""Compares our history with a recorded one, whose names and times are placeholders."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.recordings.reading import Event

_PLACEHOLDER = re.compile(
    r"<[^<>]*>|activity_arn|snf_role_arn|sqs_queue_url|lambda_function_name|lambda_function_1_name"
    r"|map_run_arn|111111111111|task_token"
)
_ANYTHING = ("timestamp", "date", '"timestamp"', '"date"')
_ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
_ADDED_SINCE = {"RedriveCount"}
"""Members AWS has added to the context object after some recordings were made."""


def first_difference(recorded: list[Event], seen: list[Event]) -> str | None:
    """Say where two histories part, or give None.

    Where branches race the recording has no ids; such histories are compared as collections of
    event types, and exactly wherever there are ids.
    """
    recorded = [_in_newer_form(event, recorded) for event in recorded]
    if any(isinstance(event["id"], list) for event in recorded):
        return _first_difference_without_order(recorded, seen)
    names: dict[str, str] = {}
    for index, event in enumerate(recorded):
        if index >= len(seen):
            return f"our history ends before {_head(event)}"
        ours = seen[index]
        if _head(event) != _head(ours):
            return f"recorded {_head(event)}, ours {_head(ours)}"
        # The input names what later events repeat under a placeholder of its own.
        if not _same(_details(event), _details(ours), names, learn=index == 0):
            return (
                f"{_head(event)}: recorded {json.dumps(_details(event))},"
                f" ours {json.dumps(_details(ours))}"
            )
    if len(seen) != len(recorded) and recorded[-1]["type"] in _ENDS:
        return f"our history goes on with {_head(seen[len(recorded)])}"
    return None


def first_log_difference(recorded: list[Event], seen: list[Event]) -> str | None:
    """Say where two sequences of log events part, or give None."""
    if len(recorded) != len(seen):
        return f"recorded {len(recorded)} log events, ours are {len(seen)}"
    for event, ours in zip(recorded, seen, strict=True):
        if list(event) != list(ours) or not _same(event, ours, {}, learn=True):
            return f"recorded {json.dumps(event)}, ours {json.dumps(ours)}"
    return None


def _first_difference_without_order(recorded: list[Event], seen: list[Event]) -> str | None:
    left = [event["type"] for event in seen]
    for event in recorded:
        if event["type"] not in left:
            return f"we have no further {event['type']}"
        left.remove(event["type"])
    heads = [_head(event) for event in seen]
    for event in recorded:
        if isinstance(event["id"], int) and _head(event) not in heads:
            return f"we have no {_head(event)}"
    return None


def _in_newer_form(event: Event, recorded: list[Event]) -> Event:
    """Let a distributed Map's MapStateExited follow MapRunStarted, as it does since 2024.

    Before, it followed MapRunSucceeded.
    """
    if event["type"] != "MapStateExited":
        return event
    for before in recorded:
        if before["id"] == event["previousEventId"] and before["type"] == "MapRunSucceeded":
            return {**event, "previousEventId": before["previousEventId"]}
    return event


def _head(event: Event) -> tuple[int, int, str]:
    return event["id"], event["previousEventId"], event["type"]


def _details(event: Event) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key.endswith("Details") and value}


def _same(recorded: Any, seen: Any, names: dict[str, str], *, learn: bool) -> bool:
    if isinstance(recorded, dict):
        return _same_object(recorded, seen, names, learn=learn)
    if isinstance(recorded, list):
        seen = _parsed(seen)
        return (
            isinstance(seen, list)
            and len(recorded) == len(seen)
            and all(
                _same(one, other, names, learn=learn)
                for one, other in zip(recorded, seen, strict=True)
            )
        )
    if isinstance(recorded, str):
        return isinstance(seen, str) and _same_text(recorded, seen, names, learn=learn)
    seen = _parsed(seen)
    return bool(type(recorded) is type(seen) and recorded == seen)


def _same_object(
    recorded: dict[str, Any], seen: Any, names: dict[str, str], *, learn: bool
) -> bool:
    seen = _parsed(seen)
    if not isinstance(seen, dict):
        return False
    if set(recorded) - set(seen) or set(seen) - set(recorded) - _ADDED_SINCE:
        return False
    return all(_same(recorded[key], seen[key], names, learn=learn) for key in recorded)


def _parsed(seen: Any) -> Any:
    """Parse a JSON text: recordings show objects in it, and some show all of it."""
    if not isinstance(seen, str):
        return seen
    try:
        return json.loads(seen)
    except ValueError:
        return None


def _same_text(recorded: str, seen: str, names: dict[str, str], *, learn: bool) -> bool:
    if recorded in (seen, *_ANYTHING) or names.get(recorded) == seen:
        return True
    if _PLACEHOLDER.search(recorded):
        pattern = ".*".join(re.escape(part) for part in _PLACEHOLDER.split(recorded))
        return re.fullmatch(pattern, seen, re.DOTALL) is not None
    if learn:
        return names.setdefault(recorded, seen) == seen
    return False
