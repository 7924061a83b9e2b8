"""Which field each state type supports, and which query language each field belongs to.

Source: https://states-language.net/spec.html#state-type-table, and what AWS refuses.
"""

from __future__ import annotations

from typing import Final

_EVERY: Final = frozenset({"Type", "Comment", "QueryLanguage"})
_MOVES: Final = frozenset({"Next", "End"})
_FLOW: Final = frozenset({"InputPath", "OutputPath", "Output", "Assign"})
_RESULT: Final = frozenset({"ResultPath", "ResultSelector"})
_ERRORS: Final = frozenset({"Retry", "Catch"})

STATE_FIELDS: Final[dict[str, frozenset[str]]] = {
    "Pass": _EVERY | _MOVES | _FLOW | {"Result", "ResultPath", "Parameters"},
    "Task": _EVERY
    | _MOVES
    | _FLOW
    | _RESULT
    | _ERRORS
    | {
        "Resource",
        "Parameters",
        "Arguments",
        "Credentials",
        "TimeoutSeconds",
        "TimeoutSecondsPath",
        "HeartbeatSeconds",
        "HeartbeatSecondsPath",
    },
    "Choice": _EVERY | _FLOW | {"Choices", "Default"},
    "Wait": _EVERY | _MOVES | _FLOW | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
    "Succeed": _EVERY | {"InputPath", "OutputPath", "Output"},
    "Fail": _EVERY | {"Error", "ErrorPath", "Cause", "CausePath"},
    "Parallel": _EVERY
    | _MOVES
    | _FLOW
    | _RESULT
    | _ERRORS
    | {"Branches", "Parameters", "Arguments"},
    "Map": _EVERY
    | _MOVES
    | _FLOW
    | _RESULT
    | _ERRORS
    | {
        "ItemProcessor",
        "Iterator",
        "ItemReader",
        "ItemSelector",
        "ItemBatcher",
        "ResultWriter",
        "Items",
        "ItemsPath",
        "Parameters",
        "MaxConcurrency",
        "MaxConcurrencyPath",
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
        "Label",
    },
}
"""By state type, every field it may carry in either query language."""
JSONPATH_FIELDS: Final = frozenset(
    {
        "InputPath",
        "OutputPath",
        "ResultPath",
        "ResultSelector",
        "Parameters",
        "Result",
        "ItemsPath",
        "SecondsPath",
        "TimestampPath",
        "TimeoutSecondsPath",
        "HeartbeatSecondsPath",
        "ErrorPath",
        "CausePath",
        "MaxConcurrencyPath",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentagePath",
        "MaxItemsPath",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatchPath",
        "Variable",
    }
)
"""Fields that exist in JSONPath states only."""

JSONATA_FIELDS: Final = frozenset({"Arguments", "Output", "Items", "Condition"})
"""Fields that exist in JSONata states only."""

MACHINE_FIELDS: Final = frozenset(
    {"Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"}
)
BRANCH_FIELDS: Final = frozenset({"Comment", "StartAt", "States"})
PROCESSOR_FIELDS: Final = BRANCH_FIELDS | {"ProcessorConfig"}
