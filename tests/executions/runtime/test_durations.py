"""How long a call is expected to take: what decides whether a slot keeps it for itself."""

from __future__ import annotations

from executions.runtime.performance import QUICK_SECONDS, _Durations

QUICK, SLOW = QUICK_SECONDS / 10, QUICK_SECONDS * 10


def _expected(*seconds: float) -> float | None:
    durations = _Durations()
    for each in seconds:
        durations.record("f", each)
    return durations.expected("f")


def test_nothing_is_expected_of_what_was_never_called() -> None:
    assert _expected() is None


def test_a_first_slow_call_is_believed() -> None:
    assert _expected(SLOW) == SLOW
    assert _expected(QUICK, SLOW) == SLOW


def test_one_interruption_makes_no_quick_function_slow() -> None:
    assert _expected(*[QUICK] * 7, SLOW) == QUICK
    assert _expected(*[QUICK] * 6, SLOW, SLOW) == QUICK


def test_what_is_often_slow_is_slow() -> None:
    assert _expected(*[QUICK] * 5, SLOW, SLOW, SLOW) == SLOW
    assert _expected(*[QUICK, SLOW] * 8) == SLOW


def test_what_was_slow_once_may_become_quick() -> None:
    assert _expected(*[SLOW] * 20, *[QUICK] * 6) == QUICK
