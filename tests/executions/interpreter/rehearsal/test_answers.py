"""Mocked responses as Step Functions Local writes them."""

from __future__ import annotations

from typing import Any

import pytest

from executions.interpreter.rehearsal.answers import (
    Answer,
    InvalidResponse,
    answer_of,
    numbered,
    read_response,
    write_response,
)

LOCAL = {
    "0": {"Throw": {"Error": "Lambda.Busy", "Cause": "why"}},
    "1-2": {"Throw": {"Error": "Other"}},
    "3": {"Return": {"StatusCode": 200}},
}


def test_attempts_have_their_answers_and_the_last_one_goes_on() -> None:
    response = read_response(LOCAL)
    errors = [getattr(answer_of(response, attempt), "error", None) for attempt in range(5)]
    assert errors == ["Lambda.Busy", "Other", "Other", None, None]
    last = answer_of(response, 99)
    assert last is not None
    assert last.result == '{"StatusCode":200}'
    assert answer_of(read_response({"1": {"Return": 1}}), 0) is None


@pytest.mark.parametrize(
    "document",
    [LOCAL, {"Return": None}, {"Throw": {"Error": "E"}, "AfterSeconds": 2.5}, {"0": {"Return": 0}}],
)
def test_what_is_read_is_written_again(document: dict[str, Any]) -> None:
    assert write_response(read_response(document)) == document


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "A mocked response is"),
        ({}, "A mocked response is"),
        ([], "A mocked response is"),
        ({"first": {"Return": 1}}, "'first' is no number"),
        ({"2-1": {"Return": 1}}, "end before they begin"),
        ({"0-3": {"Return": 1}, "2": {"Return": 2}}, "Attempt 2 is answered twice"),
        ({"0": {}}, "Attempt 0 needs either"),
        ({"Return": 1, "Throw": {"Error": "E"}}, "needs either"),
        ({"Return": 1, "Retrun": 2}, "has 'Retrun'"),
        ({"Throw": {}}, "needs an Error"),
        ({"Throw": {"Error": "E", "cause": "x"}}, "Error and perhaps Cause"),
        ({"Throw": {"Error": "E", "Cause": 1}}, "Cause is a text"),
        ({"Return": 1, "AfterSeconds": -1}, "AfterSeconds"),
        ({"Return": 1, "AfterSeconds": True}, "AfterSeconds"),
        ({"0": 5}, "no object"),
    ],
)
def test_what_is_none_is_told_why(document: Any, said: str) -> None:
    with pytest.raises(InvalidResponse, match=said):
        read_response(document)


def test_equal_answers_become_a_range() -> None:
    busy, done = Answer(0, 0, error="Busy"), Answer(0, 0, result="1")
    assert write_response(numbered([busy, busy, done])) == {
        "0-1": {"Throw": {"Error": "Busy"}},
        "2": {"Return": 1},
    }
