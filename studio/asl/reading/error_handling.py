"""Retry and Catch.

Source: https://states-language.net/spec.html#errors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT, Catcher, Retrier
from studio.asl.expressions.query_template import IN_CATCHER
from studio.asl.reading.assign import read_assign
from studio.asl.reading.fields import EMPTY, expected_type
from studio.asl.reading.query_language import check_query_language, is_jsonata

if TYPE_CHECKING:
    from typing import Literal

    from studio.asl.definition import QueryLanguage
    from studio.asl.reading.fields import Fields

MAX_DELAY_SECONDS: Final = 31_622_400
"""A leap year: the most that MaxDelaySeconds may be."""

RETRIER_FIELDS: Final = frozenset(
    {
        "ErrorEquals",
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
        "Comment",
    }
)
CATCHER_FIELDS: Final = frozenset(
    {"ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment"}
)


def read_retry(state: Fields) -> tuple[Retrier, ...]:
    """Read Retry."""
    return tuple(_read_retrier(fields) for fields in state.objects("Retry"))


def read_catch(state: Fields, language: QueryLanguage) -> tuple[Catcher, ...]:
    """Read Catch."""
    return tuple(_read_catcher(fields, language) for fields in state.objects("Catch"))


def _read_retrier(fields: Fields) -> Retrier:
    fields.only(RETRIER_FIELDS)
    fields.require("ErrorEquals")
    interval = fields.integer("IntervalSeconds", 0)
    delay = fields.integer("MaxDelaySeconds", 1, MAX_DELAY_SECONDS)
    attempts = fields.integer("MaxAttempts", 0)
    backoff = fields.number("BackoffRate", 1.0)
    jitter = fields.choice("JitterStrategy", ("NONE", "FULL"))
    full: Literal["NONE", "FULL"] = "FULL" if jitter == "FULL" else "NONE"
    return Retrier(
        error_equals=_read_error_equals(fields),
        interval_seconds=1 if interval is None else interval,
        max_attempts=3 if attempts is None else attempts,
        backoff_rate=2.0 if backoff is None else backoff,
        max_delay_seconds=delay,
        jitter_strategy=full,
    )


def _read_catcher(fields: Fields, language: QueryLanguage) -> Catcher:
    fields.only(CATCHER_FIELDS)
    check_query_language(fields, language)
    fields.require("ErrorEquals", "Next")
    jsonata = is_jsonata(language)
    return Catcher(
        error_equals=_read_error_equals(fields),
        next=fields.text("Next") or "",
        result_path=ABSENT if jsonata else fields.result_path(),
        output=fields.query("Output", IN_CATCHER) if jsonata else fields.json("Output"),
        assign=read_assign(fields, language, IN_CATCHER),
    )


def _read_error_equals(fields: Fields) -> tuple[str, ...]:
    if "ErrorEquals" not in fields:
        return ()
    names = fields.json("ErrorEquals")
    if not isinstance(names, list):
        fields.wrong_type("ErrorEquals", "ARRAY")
        return ()
    if not names:
        fields.problem(EMPTY, "ErrorEquals")
    for index, name in enumerate(names):
        if not isinstance(name, str):
            fields.problem(expected_type("STRING"), f"ErrorEquals[{index}]")
    return tuple(name for name in names if isinstance(name, str))
