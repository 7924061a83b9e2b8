"""EventBridge Scheduler's expressions: ``rate(5 minutes)``, ``cron(0 7 ? * MON-FRI *)``, ``at(…)``.

Pure: moments go in and come out as datetimes in UTC. A cron or at expression is read on the clock
of a time zone. A time that the clock jumps over in spring does not come up; one that it shows twice
in autumn comes up once, the first time. Rates count hours and days of 60 minutes and 24 hours.

Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199

_FORM = re.compile(r"(rate|cron|at)\((.*)\)", re.DOTALL)
_RATE = re.compile(r"([1-9][0-9]{0,8}) (minute|hour|day)(s?)")
_AT: Final = "%Y-%m-%dT%H:%M:%S"
_AT_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_MONTHS: Final = {name.upper(): n for n, name in enumerate(calendar.month_abbr) if name}
# Sunday is 1.
_WEEKDAYS: Final = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}


class InvalidSchedule(ValueError):
    """The expression, or the time zone, is none; says what is wrong."""


class Times(Protocol):
    """The times of an expression."""

    def next_after(self, moment: datetime) -> datetime | None:
        """The first one after ``moment``, both in UTC; None where there is none any more."""
        ...


def parse_schedule(expression: str, zone: str, start: datetime) -> Times:
    """The times of an expression, read in the time zone; a rate counts from ``start`` (UTC).

    Raises InvalidSchedule.
    """
    form = _FORM.fullmatch(expression.strip())
    if form is None:
        raise InvalidSchedule(
            f"{expression!r} is no schedule expression. Write rate(5 minutes), "
            "cron(0 7 ? * MON-FRI *) or at(2027-01-31T09:00:00)."
        )
    kind, inner = form[1], form[2].strip()
    clock = _zone(zone)
    if kind == "rate":
        return Rate(_interval(inner), start)
    if kind == "cron":
        return _cron(inner, clock)
    if not _AT_SHAPE.fullmatch(inner):
        raise InvalidSchedule(f"at({inner}) must be at(yyyy-mm-ddThh:mm:ss).")
    try:
        local = datetime.strptime(inner, _AT)  # noqa: DTZ007 - the zone comes next
    except ValueError as fault:
        raise InvalidSchedule(f"at({inner}): {fault}") from None
    return Once(local.replace(tzinfo=clock).astimezone(UTC))


def latest_until(times: Times, first: datetime, now: datetime) -> datetime:
    """The last of the times from ``first`` (one of them) to ``now``, both in UTC."""
    latest = first
    for back in (timedelta(hours=1), timedelta(days=1), timedelta(days=31), timedelta(days=366)):
        after = max(first, now - back)
        found = times.next_after(after)
        if (found is not None and found <= now) or after == first:
            while found is not None and found <= now:
                latest = found
                found = times.next_after(found)
            return latest
    # Rarer than once a year: a few steps.
    found = times.next_after(first)
    while found is not None and found <= now:
        latest, found = found, times.next_after(found)
    return latest


@dataclass(frozen=True, slots=True)
class Once:
    """A single time."""

    moment: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        """It, if it is still to come."""
        return self.moment if self.moment > moment else None


@dataclass(frozen=True, slots=True)
class Rate:
    """Times at equal distances, the first one at ``start``."""

    interval: timedelta
    start: datetime

    def next_after(self, moment: datetime) -> datetime | None:
        """The first one after ``moment``."""
        if moment < self.start:
            return self.start
        try:
            return self.start + ((moment - self.start) // self.interval + 1) * self.interval
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Cron:
    """Times on the clock of a zone. ``days`` gives those of a year and month, in order."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    years: frozenset[int]
    days: Callable[[int, int], tuple[int, ...]]
    zone: ZoneInfo

    def next_after(self, moment: datetime) -> datetime | None:
        """The first one after ``moment``."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        for year in range(local.year, LAST_YEAR + 1):
            if year not in self.years:
                continue
            for month in range(local.month if year == local.year else 1, 13):
                if month not in self.months:
                    continue
                for day in self.days(year, month):
                    if date(year, month, day) >= local.date():
                        found = self._on(datetime(year, month, day), local, moment)  # noqa: DTZ001
                        if found is not None:
                            return found
        return None

    def _on(self, day: datetime, after: datetime, moment: datetime) -> datetime | None:
        for hour in self.hours:
            for minute in self.minutes:
                time = day.replace(hour=hour, minute=minute)
                if time <= after:
                    continue
                found = time.replace(tzinfo=self.zone).astimezone(UTC)
                is_shown = found.astimezone(self.zone).replace(tzinfo=None) == time
                # Otherwise the clock jumps over it, or has shown it before and shows it again.
                if is_shown and found > moment:
                    return found
        return None


def _interval(text: str) -> timedelta:
    found = _RATE.fullmatch(text)
    if found is None:
        raise InvalidSchedule(f"rate({text}) must be rate(NUMBER minutes), hours or days.")
    try:
        return timedelta(**{f"{found[2]}s": int(found[1])})
    except OverflowError:
        raise InvalidSchedule(f"rate({text}) is too long.") from None


def _cron(text: str, zone: ZoneInfo) -> Cron:
    fields = text.split()
    if len(fields) != 6:
        raise InvalidSchedule(
            f"cron({text}) has {len(fields)} fields. It takes six: minutes, hours, day of month, "
            "month, day of week, year."
        )
    minutes, hours, days, months, weekdays, years = fields
    if (days == "?") == (weekdays == "?"):
        raise InvalidSchedule(
            f"cron({text}): one of day of month and day of week is ?, the other one is not."
        )
    return Cron(
        tuple(sorted(_numbers(minutes, "minutes", 0, 59))),
        tuple(sorted(_numbers(hours, "hours", 0, 23))),
        frozenset(_numbers(months, "month", 1, 12, _MONTHS)),
        frozenset(_numbers(years, "year", FIRST_YEAR, LAST_YEAR)),
        _days_of_month(days) if weekdays == "?" else _days_of_week(weekdays),
        zone,
    )


def _days_of_month(text: str) -> Callable[[int, int], tuple[int, ...]]:
    """``L`` is the last day, ``15W`` the weekday nearest to the 15th within the month."""
    last, near, plain = False, [], []
    for part in text.split(","):
        if part == "L":
            last = True
        elif part.endswith("W"):
            near.append(_number(part[:-1], "day of month", 1, 31, {}))
        else:
            plain.append(part)
    numbers = _numbers(",".join(plain), "day of month", 1, 31) if plain else set()

    def days(year: int, month: int) -> tuple[int, ...]:
        length = calendar.monthrange(year, month)[1]
        found = {day for day in numbers if day <= length}
        found |= {_nearest_weekday(year, month, day, length) for day in near if day <= length}
        if last:
            found.add(length)
        return tuple(sorted(found))

    return days


def _days_of_week(text: str) -> Callable[[int, int], tuple[int, ...]]:
    """``6L`` is the last Friday, ``3#2`` the second Tuesday, ``L`` Saturday."""
    last: list[int] = []
    nth: list[tuple[int, int]] = []
    plain: list[str] = []
    for part in text.split(","):
        if part == "L":
            plain.append("7")
        elif part.endswith("L"):
            last.append(_number(part[:-1], "day of week", 1, 7, _WEEKDAYS))
        elif "#" in part:
            weekday, _, number = part.partition("#")
            nth.append(
                (
                    _number(weekday, "day of week", 1, 7, _WEEKDAYS),
                    _number(number, "day of week after #", 1, 5, {}),
                )
            )
        else:
            plain.append(part)
    numbers = _numbers(",".join(plain), "day of week", 1, 7, _WEEKDAYS) if plain else set()

    def days(year: int, month: int) -> tuple[int, ...]:
        first, length = calendar.monthrange(year, month)
        found = set()
        for day in range(1, length + 1):
            # Python's Monday is 0, AWS's Sunday is 1.
            weekday = (first + day) % 7 + 1
            if (
                weekday in numbers
                or (weekday in last and day + 7 > length)
                or (weekday, (day - 1) // 7 + 1) in nth
            ):
                found.add(day)
        return tuple(sorted(found))

    return days


def _nearest_weekday(year: int, month: int, day: int, length: int) -> int:
    weekday = date(year, month, day).weekday()
    if weekday == 5:
        return day - 1 if day > 1 else day + 2
    if weekday == 6:
        return day + 1 if day < length else day - 2
    return day


def _numbers(
    text: str, what: str, least: int, most: int, names: dict[str, int] | None = None
) -> set[int]:
    """A field of lists, ranges and steps: ``*``, ``1,3``, ``MON-FRI``, ``0/15``, ``8-18/2``."""
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        stride = _number(step, f"{what} after /", 1, most, {}) if slash else 1
        if span == "*":
            first, end = least, most
        else:
            begin, dash, finish = span.partition("-")
            first = _number(begin, what, least, most, names or {})
            end = most if slash else first
            if dash:
                end = _number(finish, what, least, most, names or {})
            if end < first:
                raise InvalidSchedule(f"The range {span} of {what} ends before it begins.")
        found |= set(range(first, end + 1, stride))
    return found


def _number(text: str, what: str, least: int, most: int, names: dict[str, int]) -> int:
    number = names.get(text.upper())
    if number is None and text.isascii() and text.isdecimal() and len(text) <= 4:
        number = int(text)
    if number is None or not least <= number <= most:
        raise InvalidSchedule(f"{text!r} is no {what}: that is {least} to {most}.")
    return number


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidSchedule(
            f"{name!r} is no time zone of the IANA database, such as Europe/Berlin."
        ) from None
