"""A Retrier tells errors that pass from errors that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.errors import InvalidExpression
from studio.asl.outline import objects
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline, StateOutline

EVERYTHING: Final = ("States.ALL", "States.TaskFailed")
PASSING_LAMBDA_ERRORS: Final = (
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
)
"""What AWS recommends to retry:
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
"""


def retrier_is_selective(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each Retrier that repeats whatever went wrong.

    One that follows another is left alone: its author has told errors apart. So is one that
    retries nothing (MaxAttempts 0).
    """
    for state in outline.states():
        for index, retrier in objects(state.fields.get("Retry")):
            names = retrier.get("ErrorEquals")
            found = names[0] if isinstance(names, list) and len(names) == 1 else None
            if index == 0 and found in EVERYTHING and retrier.get("MaxAttempts") != 0:
                place = f"{state.location}/Retry[0]/ErrorEquals"
                message = (
                    f"'{found}' repeats the state after errors, too, that every attempt will meet, "
                    "such as bad input: name those that pass, or put a Retrier with MaxAttempts 0 "
                    "for those that stay before it"
                )
                fixes = tuple(_fixes(state))
                yield Diagnostic("WARNING", "RETRIES_EVERYTHING", message, place, fixes)


def _fixes(state: StateOutline) -> Iterator[Fix]:
    if state.type == "Task" and _calls_lambda(state.fields.get("Resource")):
        path = f"{state.pointer}/Retry/0/ErrorEquals"
        replace = {"op": "replace", "path": path, "value": list(PASSING_LAMBDA_ERRORS)}
        yield Fix("Retry what passes at AWS Lambda: its own errors and throttling", (replace,))


def _calls_lambda(arn: Json) -> bool:
    try:
        return parse_resource(arn if isinstance(arn, str) else "").service == "lambda"
    except InvalidExpression:
        return False
