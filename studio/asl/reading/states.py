"""The eight state types, read from their JSON objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.asl.definition import (
    ABSENT,
    ChoiceState,
    FailState,
    PassState,
    SucceedState,
    TaskState,
    WaitState,
)
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.payload_template import compile_text_expression
from studio.asl.expressions.query_template import AT_ENTRY, AT_EXIT
from studio.asl.expressions.timestamps import is_timestamp
from studio.asl.reading.assign import read_assign
from studio.asl.reading.choices import read_choices
from studio.asl.reading.error_handling import read_catch, read_retry
from studio.asl.reading.fields import MAX_SECONDS, Fields
from studio.asl.reading.query_language import is_jsonata, is_jsonata_text
from studio.asl.reading.task_resource import read_resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Absent, Json, QueryLanguage, State

    Reader = Callable[[Fields, str, QueryLanguage], State]


def read_flow(fields: Fields, name: str, language: QueryLanguage) -> dict[str, Any]:
    """Read what every state type may carry, as keyword arguments of StateFields."""
    jsonata = is_jsonata(language)
    states = AT_EXIT if fields.values.get("Type") in ("Task", "Parallel", "Map") else AT_ENTRY
    return {
        "name": name,
        "location": fields.location,
        "comment": fields.text("Comment"),
        "query_language": language,
        "input_path": ABSENT if jsonata else fields.path("InputPath"),
        "output_path": ABSENT if jsonata else fields.path("OutputPath"),
        "output": fields.query("Output", states) if jsonata else fields.json("Output"),
        "assign": read_assign(fields, language, states),
        "next": fields.text("Next"),
        "end": fields.boolean("End"),
    }


def read_template(fields: Fields, name: str, language: QueryLanguage) -> Json | Absent:
    """Read a payload template of a JSONPath state; ABSENT in a JSONata one, which has none."""
    return ABSENT if is_jsonata(language) else fields.template(name)


def read_seconds(fields: Fields, name: str, language: QueryLanguage, minimum: int) -> Json | Absent:
    """Read a number of seconds: an integer or, in a JSONata state, an expression."""
    value = fields.json(name)
    if is_jsonata(language) and is_jsonata_text(value):
        return fields.query(name)
    seconds = fields.integer(name, minimum, MAX_SECONDS)
    return ABSENT if seconds is None else seconds


def require_transition(fields: Fields) -> None:
    """Note when not exactly one of Next and End is given."""
    if fields.values.get("End") is False:
        # Taken as if it were not there.
        if "Next" not in fields:
            Fields({}, fields.location, fields.diagnostics).require_one("Next", "End")
        return
    fields.require_one("Next", "End")


def _read_pass(fields: Fields, name: str, language: QueryLanguage) -> State:
    require_transition(fields)
    return PassState(
        **read_flow(fields, name, language),
        result=fields.json("Result"),
        parameters=read_template(fields, "Parameters", language),
        result_path=ABSENT if is_jsonata(language) else fields.result_path(),
    )


def _read_task(fields: Fields, name: str, language: QueryLanguage) -> State:
    require_transition(fields)
    resource = read_resource(fields, language)
    fields.at_most_one("TimeoutSeconds", "TimeoutSecondsPath")
    fields.at_most_one("HeartbeatSeconds", "HeartbeatSecondsPath")
    timeout = read_seconds(fields, "TimeoutSeconds", language, 1)
    heartbeat = read_seconds(fields, "HeartbeatSeconds", language, 1)
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        fields.problem("HeartbeatSeconds must be smaller than TimeoutSeconds", "HeartbeatSeconds")
    return TaskState(
        **read_flow(fields, name, language),
        resource=resource,
        parameters=read_template(fields, "Parameters", language),
        arguments=fields.query("Arguments"),
        credentials=_read_credentials(fields, language),
        result_selector=read_template(fields, "ResultSelector", language),
        result_path=ABSENT if is_jsonata(language) else fields.result_path(),
        timeout_seconds=timeout,
        timeout_seconds_path=fields.reference_path("TimeoutSecondsPath"),
        heartbeat_seconds=heartbeat,
        heartbeat_seconds_path=fields.reference_path("HeartbeatSecondsPath"),
        retry=read_retry(fields),
        catch=read_catch(fields, language),
    )


def _read_credentials(fields: Fields, language: QueryLanguage) -> Json | Absent:
    credentials = fields.object("Credentials")
    if credentials is None:
        return ABSENT
    if "RoleArn" not in credentials and "RoleArn.$" not in credentials:
        credentials.problem("The field 'RoleArn' is required but was missing")
    return fields.query("Credentials") if is_jsonata(language) else fields.template("Credentials")


def _read_choice(fields: Fields, name: str, language: QueryLanguage) -> State:
    fields.require("Choices")
    return ChoiceState(
        **read_flow(fields, name, language),
        choices=read_choices(fields, language),
        default=fields.text("Default"),
    )


def _read_wait(fields: Fields, name: str, language: QueryLanguage) -> State:
    require_transition(fields)
    if is_jsonata(language):
        fields.require_one("Seconds", "Timestamp")
    else:
        fields.require_one("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
    timestamp = fields.text("Timestamp")
    expression = is_jsonata(language) and is_jsonata_text(timestamp)
    if expression:
        fields.query("Timestamp")
    if timestamp is not None and not expression and not is_timestamp(timestamp):
        fields.problem("String does not match RFC3339 timestamp", "Timestamp")
    return WaitState(
        **read_flow(fields, name, language),
        seconds=read_seconds(fields, "Seconds", language, 0),
        seconds_path=fields.reference_path("SecondsPath"),
        timestamp=timestamp,
        timestamp_path=fields.reference_path("TimestampPath"),
    )


def _read_succeed(fields: Fields, name: str, language: QueryLanguage) -> State:
    return SucceedState(**read_flow(fields, name, language))


def _read_fail(fields: Fields, name: str, language: QueryLanguage) -> State:
    fields.at_most_one("Error", "ErrorPath")
    fields.at_most_one("Cause", "CausePath")
    if is_jsonata(language):
        fields.query("Error")
        fields.query("Cause")
    return FailState(
        name=name,
        location=fields.location,
        comment=fields.text("Comment"),
        query_language=language,
        error=fields.text("Error"),
        error_path=_read_text_expression(fields, "ErrorPath"),
        cause=fields.text("Cause"),
        cause_path=_read_text_expression(fields, "CausePath"),
    )


def _read_text_expression(fields: Fields, name: str) -> str | None:
    value = fields.text(name)
    if value is not None:
        try:
            compile_text_expression(value, name)
        except InvalidExpression as error:
            fields.problem(error.message, name)
    return value


LEAF_READERS: Final[dict[str, Reader]] = {
    "Pass": _read_pass,
    "Task": _read_task,
    "Choice": _read_choice,
    "Wait": _read_wait,
    "Succeed": _read_succeed,
    "Fail": _read_fail,
}
"""Readers of the state types that hold no other states."""
