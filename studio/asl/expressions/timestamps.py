"""Timestamps: RFC 3339 as the Amazon States Language wants it, ``2016-03-14T01:59:00Z``.

An upper-case ``T`` parts date and time; an upper-case ``Z`` or a numeric offset must end it.

Source: https://states-language.net/spec.html#timestamps
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:Z|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
_OFFSET_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):(\d\d))",
    re.ASCII | re.IGNORECASE,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_nanoseconds(text: str) -> int:
    """Read a timestamp as nanoseconds since the epoch, exactly.

    Raises ValueError where ``text`` is no timestamp or names no moment (25 o'clock).
    """
    return _nanoseconds(_TIMESTAMP, text)


def _nanoseconds(form: re.Pattern[str], text: str) -> int:
    match = form.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute = map(int, match.group(1, 2, 3, 4, 5))
    second, fraction, sign, offset_hours, offset_minutes = match.group(6, 7, 8, 9, 10)
    offset = timedelta()
    if sign:
        offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
        if int(offset_minutes) > 59 or offset > timedelta(hours=18):
            raise ValueError(text)
        offset = -offset if sign == "-" else offset
    moment = datetime(year, month, day, hour, minute, int(second or 0), tzinfo=UTC)
    since = (moment - _EPOCH) - offset
    nanoseconds = (since.days * 86_400 + since.seconds) * 1_000_000_000
    return nanoseconds + (int(fraction.ljust(9, "0")) if fraction else 0)


def epoch_seconds(text: str) -> float:
    """Read a timestamp as seconds since the epoch. Raises ValueError as above."""
    return epoch_nanoseconds(text) / 1e9


def offset_date_time_seconds(text: str) -> float:
    """Read what AWS calls an ISO-8601 extended offset date-time as seconds since the epoch.

    What a Wait finds at run time: seconds may be left out, and letters be small. Raises ValueError.
    Source: https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
    (ISO_OFFSET_DATE_TIME, which the service's causes name in its words).
    """
    return _nanoseconds(_OFFSET_DATE_TIME, text) / 1e9


def is_timestamp(text: str) -> bool:
    """Tell whether ``text`` is a timestamp."""
    try:
        epoch_nanoseconds(text)
    except ValueError:
        return False
    return True


def format_timestamp(seconds: float) -> str:
    """Write a moment as the context object shows it: UTC with milliseconds and ``Z``."""
    moment = _EPOCH + timedelta(milliseconds=round(seconds * 1000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
