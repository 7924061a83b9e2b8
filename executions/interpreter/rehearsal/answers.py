"""Mocked responses as AWS Step Functions Local writes them, and some more.

``{"0": {"Return": …}, "1-2": {"Throw": {"Error": …, "Cause": …}}}``: numbers are those of a state's
attempts, from 0. Ours are two additions: an answer alone, ``{"Return": …}``, is for every attempt,
and ``AfterSeconds`` is how long the attempt takes. An Error may be null: who works at an activity
need not say why it failed.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from studio.asl import json_text
from studio.asl.definition import Json

LAST_ATTEMPT: Final = 999_999
"""No response says more of an attempt."""

_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?", re.ASCII)
_FIELDS: Final = {"Return", "Throw", "AfterSeconds"}


class InvalidResponse(ValueError):
    """What is given is no mocked response; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What attempts ``first`` to ``last`` give: ``result`` (JSON text), or else an error."""

    first: int
    last: int
    result: str | None = None
    error: str | None = None
    cause: str | None = None
    after_seconds: float = 0.0


Response = tuple[Answer, ...]
"""Answers in the order of their attempts."""


def read_response(document: Json) -> Response:
    """Read one mocked response. Raises InvalidResponse."""
    if not isinstance(document, dict) or not document:
        raise InvalidResponse(
            'A mocked response is {"Return": …}, {"Throw": {"Error": …}}, or an object of these by '
            'numbers of attempts, such as {"0": {"Throw": …}, "1-2": {"Return": …}}.'
        )
    if document.keys() & _FIELDS:
        return (_read_answer(document, 0, LAST_ATTEMPT, "The response"),)
    answers = []
    for attempts, each in document.items():
        match = _RANGE.fullmatch(attempts)
        if match is None:
            raise InvalidResponse(
                f'\'{attempts}\' is no number of an attempt. Write "0", or "1-3" for several.'
            )
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if first > last:
            raise InvalidResponse(f"The attempts '{attempts}' end before they begin.")
        answers.append(_read_answer(each, first, last, f"Attempt {attempts}"))
    answers.sort(key=lambda answer: answer.first)
    for before, after in pairwise(answers):
        if after.first <= before.last:
            raise InvalidResponse(f"Attempt {after.first} is answered twice.")
    return tuple(answers)


def write_response(response: Response) -> dict[str, Any]:
    """Write a response as ``read_response`` reads it."""
    if len(response) == 1 and (response[0].first, response[0].last) == (0, LAST_ATTEMPT):
        return _write_answer(response[0])
    return {
        str(each.first) if each.first == each.last else f"{each.first}-{each.last}": _write_answer(
            each
        )
        for each in response
    }


def answer_of(response: Response, attempt: int) -> Answer | None:
    """Give what an attempt gives. After the last answer it goes on for every later attempt."""
    for answer in response:
        if answer.first <= attempt <= answer.last:
            return answer
    last = response[-1]
    return last if attempt > last.last else None


def numbered(answers: Sequence[Answer]) -> Response:
    """Number answers one after another; equal ones that follow each other become a range."""
    response: list[Answer] = []
    for number, each in enumerate(answers):
        rest = (each.result, each.error, each.cause, each.after_seconds)
        if response and rest == (
            response[-1].result,
            response[-1].error,
            response[-1].cause,
            response[-1].after_seconds,
        ):
            first = response.pop().first
            response.append(Answer(first, number, *rest))
        else:
            response.append(Answer(number, number, *rest))
    return tuple(response)


def _read_answer(document: Json, first: int, last: int, where: str) -> Answer:
    if not isinstance(document, dict):
        raise InvalidResponse(f"{where} is no object with Return or Throw.")
    for name in document:
        if name not in _FIELDS:
            raise InvalidResponse(
                f"{where} has '{name}'; it may have {', '.join(sorted(_FIELDS))}."
            )
    if ("Return" in document) is ("Throw" in document):
        raise InvalidResponse(f"{where} needs either Return or Throw.")
    after = document.get("AfterSeconds", 0)
    if (
        isinstance(after, bool)
        or not isinstance(after, int | float)
        or not 0 <= after <= 31_536_000
    ):
        raise InvalidResponse(f"{where}: AfterSeconds is a number from 0 to a year's 31536000.")
    if "Return" in document:
        return Answer(first, last, json_text.dumps(document["Return"]), None, None, float(after))
    thrown = document["Throw"]
    if not isinstance(thrown, Mapping) or thrown.keys() - {"Error", "Cause"}:
        raise InvalidResponse(f"{where}: Throw is an object with Error and perhaps Cause.")
    error, cause = thrown.get("Error"), thrown.get("Cause")
    if "Error" not in thrown or not (error is None or (isinstance(error, str) and error)):
        raise InvalidResponse(f"{where}: Throw needs an Error, which is a text or null.")
    if cause is not None and not isinstance(cause, str):
        raise InvalidResponse(f"{where}: Cause is a text.")
    return Answer(first, last, None, error, cause, float(after))


def _write_answer(answer: Answer) -> dict[str, Any]:
    document: dict[str, Any]
    if answer.result is not None:
        document = {"Return": json_text.loads(answer.result)}
    else:
        document = {"Throw": {"Error": answer.error}}
        if answer.cause is not None:
            document["Throw"]["Cause"] = answer.cause
    if answer.after_seconds:
        document["AfterSeconds"] = answer.after_seconds
    return document
