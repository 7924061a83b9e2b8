"""Schedule expressions: when they come up, on which clock, and over a change of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from executions.actions.triggers.schedule_expression import (
    InvalidSchedule,
    latest_until,
    parse_schedule,
)

START = datetime(2027, 1, 1, tzinfo=UTC)


def times(expression: str, after: str, count: int = 3, zone: str = "UTC") -> list[str]:
    schedule = parse_schedule(expression, zone, START)
    moment: datetime | None = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = []
    while len(found) < count:
        assert moment is not None
        moment = schedule.next_after(moment)
        if moment is None:
            break
        found.append(f"{moment:%Y-%m-%dT%H:%M}")
    return found


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("rate(5 minutes)", "2027-01-01T00:07", ["2027-01-01T00:10", "2027-01-01T00:15"]),
        ("rate(1 minute)", "2026-12-01T00:00", ["2027-01-01T00:00", "2027-01-01T00:01"]),
        ("rate(2 hours)", "2027-01-01T02:00", ["2027-01-01T04:00", "2027-01-01T06:00"]),
        ("rate(7 days)", "2027-01-01T00:00", ["2027-01-08T00:00", "2027-01-15T00:00"]),
        ("cron(0 10 * * ? *)", "2027-01-01T10:00", ["2027-01-02T10:00", "2027-01-03T10:00"]),
        ("cron(15 12 ? * MON-FRI *)", "2027-01-01T13:00", ["2027-01-04T12:15", "2027-01-05T12:15"]),
        ("cron(0/15 8-9 1 * ? *)", "2027-01-01T09:31", ["2027-01-01T09:45", "2027-02-01T08:00"]),
        ("cron(*/30 0 1 1 ? *)", "2027-01-01T00:00", ["2027-01-01T00:30", "2028-01-01T00:00"]),
        ("cron(0 0 L * ? *)", "2027-01-31T00:00", ["2027-02-28T00:00", "2027-03-31T00:00"]),
        ("cron(0 0 29 2 ? *)", "2027-01-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("cron(0 9 15W * ? *)", "2027-05-01T00:00", ["2027-05-14T09:00", "2027-06-15T09:00"]),
        ("cron(0 9 1W * ? *)", "2027-05-01T00:00", ["2027-05-03T09:00", "2027-06-01T09:00"]),
        ("cron(0 9 ? * 6L *)", "2027-01-01T10:00", ["2027-01-29T09:00", "2027-02-26T09:00"]),
        ("cron(0 9 ? * TUE#2 *)", "2027-01-01T10:00", ["2027-01-12T09:00", "2027-02-09T09:00"]),
        ("cron(0 9 ? * 3#5 *)", "2027-01-01T10:00", ["2027-03-30T09:00", "2027-06-29T09:00"]),
        ("cron(0 9 ? * L *)", "2027-01-01T10:00", ["2027-01-02T09:00", "2027-01-09T09:00"]),
        ("cron(0 9 ? * 1 *)", "2027-01-01T10:00", ["2027-01-03T09:00", "2027-01-10T09:00"]),
        ("cron(0 9 ? JAN,JUL SUN *)", "2027-01-31T10:00", ["2027-07-04T09:00", "2027-07-11T09:00"]),
        (
            "cron(0 0 1 1 ? 2028-2030/2)",
            "2027-01-01T00:00",
            ["2028-01-01T00:00", "2030-01-01T00:00"],
        ),
        ("at(2027-06-01T07:30:00)", "2027-01-01T00:00", ["2027-06-01T07:30"]),
        ("at(2027-06-01T07:30:00)", "2027-06-01T07:30", []),
        ("cron(0 0 1 1 ? 2020)", "2027-01-01T00:00", []),
    ],
)
def test_when_it_comes_up(expression: str, after: str, expected: list[str]) -> None:
    assert times(expression, after, max(len(expected), 1)) == expected


def test_it_goes_by_the_clock_of_its_zone() -> None:
    # Winter and summer in Berlin: seven o'clock there is another moment.
    found = times("cron(0 7 ? * * *)", "2027-03-26T07:00", 3, "Europe/Berlin")
    assert found == ["2027-03-27T06:00", "2027-03-28T05:00", "2027-03-29T05:00"]
    assert times("at(2027-07-01T12:00:00)", "2027-01-01T00:00", 1, "Asia/Kolkata") == [
        "2027-07-01T06:30"
    ]


def test_a_time_that_spring_skips_does_not_come_up() -> None:
    # 2027-03-28: Berlin's clock goes from 02:00 to 03:00.
    found = times("cron(30 2 * * ? *)", "2027-03-27T00:00", 3, "Europe/Berlin")
    assert found == ["2027-03-27T01:30", "2027-03-29T00:30", "2027-03-30T00:30"]


def test_a_time_that_autumn_repeats_comes_up_once() -> None:
    # 2027-10-31: Berlin's clock goes from 03:00 back to 02:00.
    found = times("cron(30 2 * * ? *)", "2027-10-30T12:00", 2, "Europe/Berlin")
    assert found == ["2027-10-31T00:30", "2027-11-01T01:30"]
    # From within the repeated hour it does not come up a second time.
    assert times("cron(30 2 * * ? *)", "2027-10-31T01:10", 1, "Europe/Berlin") == [
        "2027-11-01T01:30"
    ]


def test_a_rate_counts_hours_whatever_the_clock_does() -> None:
    found = times("rate(1 days)", "2027-03-27T00:00", 2, "Europe/Berlin")
    assert found == ["2027-03-28T00:00", "2027-03-29T00:00"]


@pytest.mark.parametrize(
    ("expression", "zone", "said"),
    [
        ("every day", "UTC", "no schedule expression"),
        ("rate(0 minutes)", "UTC", "rate"),
        ("rate(5 weeks)", "UTC", "rate"),
        ("cron(0 10 * * *)", "UTC", "has 5 fields"),
        ("cron(0 10 * * * *)", "UTC", r"is \?"),
        ("cron(0 10 ? * ? *)", "UTC", r"is \?"),
        ("cron(60 10 * * ? *)", "UTC", "no minutes"),
        ("cron(0 24 * * ? *)", "UTC", "no hours"),
        ("cron(0 0 32 * ? *)", "UTC", "no day of month"),
        ("cron(0 0 ? * 8 *)", "UTC", "no day of week"),
        ("cron(0 0 ? * 2#6 *)", "UTC", "after #"),
        ("cron(0 0 * 13 ? *)", "UTC", "no month"),
        ("cron(0 0 * * ? 1969)", "UTC", "no year"),
        ("cron(30-10 0 * * ? *)", "UTC", "ends before it begins"),
        ("cron(0/0 0 * * ? *)", "UTC", "after /"),
        ("cron(, 0 * * ? *)", "UTC", "no minutes"),
        ("at(2027-02-30T00:00:00)", "UTC", "day is out of range"),
        ("at(tomorrow)", "UTC", "yyyy-mm-dd"),
        ("cron(0 0 * * ? *)", "Europe/Atlantis", "no time zone"),
        ("cron(0 0 * * ? *)", "../etc/passwd", "no time zone"),
    ],
)
def test_what_is_no_schedule_is_refused(expression: str, zone: str, said: str) -> None:
    with pytest.raises(InvalidSchedule, match=said):
        parse_schedule(expression, zone, START)


@pytest.mark.parametrize(
    "expression",
    ["rate(1 minute)", "rate(3 hours)", "cron(0 7 * * ? *)", "cron(0 0 1 1 ? *)"],
)
@pytest.mark.parametrize("days", [0, 0.01, 1, 40, 400, 4000])
def test_the_latest_of_what_was_missed(expression: str, days: float) -> None:
    schedule = parse_schedule(expression, "UTC", START)
    first = schedule.next_after(START)
    assert first is not None
    now = first + timedelta(days=days)
    latest = latest_until(schedule, first, now)
    assert first <= latest <= now
    following = schedule.next_after(latest)
    assert following is not None
    assert following > now
