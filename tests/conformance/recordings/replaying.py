"""Makes the recorded calls again, in their order, and finds the recorded answers in ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError

from tests.conformance.recordings.placeholders import Names, learn_names
from tests.conformance.recordings.reading import Recording


class Replay:
    """The calls of one recording, made with boto3.

    ``client`` refuses by itself what boto3 refuses, as when it was recorded; ``lenient`` does not,
    so that the server has to. ``work`` lets what was started come to its end.
    """

    def __init__(self, client: Any, lenient: Any, work: Callable[[], None]) -> None:
        self._client = client
        self._lenient = lenient
        self._work = work
        self._started: dict[str, list[str]] = {}
        self._executions: dict[str, str] = {}
        self.answers: list[tuple[str, list[Any]]] = []
        """Of each call its operation, and its answer in the forms a recording may show it in."""

    def make_calls(self, recording: Recording) -> None:
        """Make every call. What boto3 refuses the server must refuse as well."""
        for call in recording.calls:
            assert "service" not in call, f"there is no {call['service']} here"
            params = self._with_our_names(call["params"])
            self.answers.append((call["operation"], self._call(call["operation"], params)))

    def _call(self, operation: str, params: dict[str, Any]) -> list[Any]:
        method = xform_name(operation)
        try:
            answer = getattr(self._client, method)(**params)
        except ParamValidationError as refusal:
            if not self._is_refused(method, params):
                raise AssertionError(f"{operation} took what boto3 refuses: {refusal}") from None
            return _forms("ParamValidationError", str(refusal))
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            text = f"An error occurred ({code}) when calling the {operation} operation: {message}"
            return [_without_headers(dict(error.response)), *_forms(code, text)]
        if operation == "StartExecution":
            machine, _, name = answer["executionArn"].rpartition(":")
            if "name" not in params:
                self._started.setdefault(machine, []).append(name)
            self._work()
        return [_without_headers(answer)]

    def _is_refused(self, method: str, params: dict[str, Any]) -> bool:
        try:
            getattr(self._lenient, method)(**params)
        except ClientError as error:
            return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] == 400)
        return False

    def _with_our_names(self, params: dict[str, Any]) -> dict[str, Any]:
        """Put our execution's made-up name in the place of the recorded one."""
        arn = params.get("executionArn")
        if arn is None:
            return params
        machine, _, _ = arn.rpartition(":")
        if arn not in self._executions and self._started.get(machine):
            self._executions[arn] = f"{machine}:{self._started[machine].pop(0)}"
        return {**params, "executionArn": self._executions.get(arn, arn)}


def first_unmatched(recorded: dict[str, Any], answers: list[tuple[str, list[Any]]]) -> str | None:
    """Say which recorded answer ours do not have, or give None.

    Every recorded answer must be one of ours, and in the same order. Some calls were recorded
    under no label (those that only wait for something) and some answers under two.
    """
    names: Names = {}
    at = 0
    for label, answer in recorded.items():
        for index in range(at, len(answers)):
            learnt = next(
                (
                    found
                    for form in answers[index][1]
                    if (found := learn_names(answer, form, names)) is not None
                ),
                None,
            )
            if learnt is not None:
                names, at = learnt, index
                break
        else:
            left = "\n".join(
                f"  {operation}: {json.dumps(forms[-1], default=str)}"
                for operation, forms in answers[at:]
            )
            return f"{label}: recorded {json.dumps(answer)}, ours from there on\n{left}"
    return None


def _forms(name: str, text: str) -> list[Any]:
    return [text, {"exception_typename": name, "exception_value": text}]


def _without_headers(answer: dict[str, Any]) -> dict[str, Any]:
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return {**answer, "ResponseMetadata": {"HTTPHeaders": {}, "HTTPStatusCode": status}}
