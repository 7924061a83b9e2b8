"""A definition as values: what the Amazon States Language says, with its fields in snake case.

Made by ``parse``; immutable; safe to share between executions and threads. Fields hold what the
author wrote (paths and templates as texts and JSON values); ``executions.interpreter.program``
compiles them. A field that is absent and may also be ``null`` (InputPath, ResultPath, OutputPath)
uses ``ABSENT`` for the first and None for the second.

Source: https://states-language.net/spec.html and the Step Functions developer guide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict with str keys. Never mutated."""


class Absent(Enum):
    """The type of ``ABSENT``, so that mypy tells it from None."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

QueryLanguage = Literal["JSONPath", "JSONata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrier:
    """One entry of Retry. Delays are in seconds."""

    error_equals: tuple[str, ...]
    interval_seconds: int = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | None = None
    jitter_strategy: Literal["NONE", "FULL"] = "NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catcher:
    """One entry of Catch."""

    error_equals: tuple[str, ...]
    next: str
    result_path: str | Absent | None = ABSENT
    output: Json | Absent = ABSENT
    assign: Json | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A data-test expression: ``{"Variable": …, "StringEquals": …}``.

    ``operator`` is the language's own name; one that ends in ``Path`` compares with what
    ``operand`` points to.
    """

    variable: str
    operator: str
    operand: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """Every rule holds."""

    rules: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Any rule holds."""

    rules: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The rule does not hold."""

    rule: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonataCondition:
    """A ``Condition`` in JSONata: a text in ``{% %}`` or a literal boolean."""

    expression: Json


Condition = Comparison | And | Or | Not | JsonataCondition


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """One top-level rule of Choices."""

    condition: Condition
    next: str
    output: Json | Absent = ABSENT
    assign: Json | Absent = ABSENT
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFields:
    """What every state type may carry. ``location`` is where the state stands in the definition."""

    name: str
    location: str
    comment: str | None = None
    query_language: QueryLanguage = "JSONPath"
    input_path: str | Absent | None = ABSENT
    output_path: str | Absent | None = ABSENT
    output: Json | Absent = ABSENT
    assign: Json | Absent = ABSENT
    next: str | None = None
    end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState(StateFields):
    """Hands its input on, reshaped."""

    result: Json | Absent = ABSENT
    parameters: Json | Absent = ABSENT
    result_path: str | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState(StateFields):
    """Has work done outside."""

    resource: str
    parameters: Json | Absent = ABSENT
    arguments: Json | Absent = ABSENT
    credentials: Json | Absent = ABSENT
    result_selector: Json | Absent = ABSENT
    result_path: str | Absent | None = ABSENT
    timeout_seconds: Json | Absent = ABSENT
    timeout_seconds_path: str | None = None
    heartbeat_seconds: Json | Absent = ABSENT
    heartbeat_seconds_path: str | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceState(StateFields):
    """Branches on data."""

    choices: tuple[ChoiceRule, ...]
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitState(StateFields):
    """Holds its input until a moment: exactly one of the four (JSONPath) is given."""

    seconds: Json | Absent = ABSENT
    seconds_path: str | None = None
    timestamp: str | None = None
    timestamp_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SucceedState(StateFields):
    """Ends its scope well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailState(StateFields):
    """Ends its scope with an error."""

    error: str | None = None
    error_path: str | None = None
    cause: str | None = None
    cause_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelState(StateFields):
    """Runs branches side by side; their outputs become an array."""

    branches: tuple[Scope, ...]
    parameters: Json | Absent = ABSENT
    arguments: Json | Absent = ABSENT
    result_selector: Json | Absent = ABSENT
    result_path: str | Absent | None = ABSENT
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapState(StateFields):
    """Runs a processor for each item. ``legacy_iterator``: it was written as Iterator."""

    processor: Scope
    mode: Literal["INLINE", "DISTRIBUTED"] = "INLINE"
    execution_type: Literal["STANDARD", "EXPRESS"] | None = None
    legacy_iterator: bool = False
    items: Json | Absent = ABSENT
    items_path: str | None = None
    item_selector: Json | Absent = ABSENT
    parameters: Json | Absent = ABSENT
    max_concurrency: Json | Absent = ABSENT
    max_concurrency_path: str | None = None
    tolerated_failure_count: Json | Absent = ABSENT
    tolerated_failure_count_path: str | None = None
    tolerated_failure_percentage: Json | Absent = ABSENT
    tolerated_failure_percentage_path: str | None = None
    item_reader: Json | Absent = ABSENT
    item_batcher: Json | Absent = ABSENT
    result_writer: Json | Absent = ABSENT
    label: str | None = None
    result_selector: Json | Absent = ABSENT
    result_path: str | Absent | None = ABSENT
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


State = (
    PassState
    | TaskState
    | ChoiceState
    | WaitState
    | SucceedState
    | FailState
    | ParallelState
    | MapState
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """States among which Next may point: the machine itself, a branch, an item processor."""

    start_at: str
    states: dict[str, State] = field(default_factory=dict)
    location: str = ""
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Scope):
    """A whole state machine. ``timeout_seconds`` bounds an execution of it."""

    version: str | None = None
    timeout_seconds: int | None = None
    query_language: QueryLanguage = "JSONPath"
