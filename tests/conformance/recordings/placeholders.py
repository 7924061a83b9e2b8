"""Compares what we answer with what was recorded, whose names and times are placeholders.

A placeholder stands for one value wherever it comes up, and another placeholder for another value.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

Names = dict[str, str]
"""What each placeholder was found to stand for."""

_PLACEHOLDER = re.compile(
    r"<[^<>]*>|activity_arn|activity_name|snf_role_arn|sfn_role_arn|invalid_execution_arn"
    r"|ssm_nonexistent_arn|state_machine_alias_base_name|state_machine_alias_name|log_group_name"
    r"|111111111111|lambda_function_name|/var/task/handler\.py"
)
_TIMES = frozenset({"timestamp", "date", "datetime", "creation-date", "start-date"})
_ANYTHING = frozenset({"x-amzn-RequestId", "X-Amzn-Trace-Id", "RequestId"})
"""Placeholders of headers: the same value may come up under several of them."""
_HTTP_TIME = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
_LOG_TIME = re.compile(r"\d{13}")
_ADDED_SINCE = frozenset({"encryptionConfiguration"})
"""Members that AWS answers with since some recordings were made."""


def learn_names(recorded: Any, seen: Any, names: Names) -> Names | None:
    """What the placeholders stand for if ``seen`` is what was ``recorded``; None if it is not."""
    learnt = dict(names)
    return learnt if _same(recorded, seen, learnt) else None


def _same(recorded: Any, seen: Any, names: Names) -> bool:
    if isinstance(recorded, dict):
        # Recordings show JSON texts parsed where they are objects.
        if isinstance(seen, str):
            seen = _parse(seen)
        return (
            isinstance(seen, dict)
            and set(recorded) <= set(seen)
            and set(seen) - set(recorded) <= _ADDED_SINCE
            and all(
                _same(recorded[key], seen[key], names) or _is_as_long(key, seen[key])
                for key in recorded
            )
        )
    if isinstance(recorded, list):
        if isinstance(seen, str):
            seen = _parse(seen)
        return (
            isinstance(seen, list)
            and len(recorded) == len(seen)
            and all(_same(one, other, names) for one, other in zip(recorded, seen, strict=True))
        )
    if isinstance(recorded, str):
        if isinstance(seen, list) and len(seen) == 1:
            (seen,) = seen  # A header, of which AllHttpHeaders has a list.
        if isinstance(seen, datetime):
            return recorded in _TIMES
        if recorded in _TIMES and isinstance(seen, str):
            return any(form.fullmatch(seen) for form in (_ISO_TIME, _HTTP_TIME, _LOG_TIME))
        if recorded in _ANYTHING:
            return bool(seen)
        return isinstance(seen, str) and _same_text(recorded, seen, names)
    return type(recorded) is type(seen) and bool(recorded == seen)


def _is_as_long(key: str, seen: Any) -> bool:
    """Whether it is a duration that was billed: that depends on the machine it was recorded on."""
    return key == "billedDurationInMilliseconds" and seen > 0 and seen % 100 == 0


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _same_text(recorded: str, seen: str, names: Names) -> bool:
    pattern = ""
    groups: dict[str, str] = {}
    end = 0
    for found in _PLACEHOLDER.finditer(recorded):
        pattern += re.escape(recorded[end : found.start()])
        end = found.end()
        placeholder = found.group()
        if placeholder in names:
            pattern += re.escape(names[placeholder])
        elif placeholder in groups:
            pattern += f"(?P={groups[placeholder]})"
        else:
            groups[placeholder] = f"name{len(groups)}"
            pattern += f"(?P<{groups[placeholder]}>.+?)"
    match = re.fullmatch(pattern + re.escape(recorded[end:]), seen, re.DOTALL)
    if match is None:
        return False
    for placeholder, group in groups.items():
        if match[group] in names.values():
            return False
        names[placeholder] = match[group]
    return True
