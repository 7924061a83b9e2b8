"""The fields of a distributed Map: what is taken, what is refused and where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.asl.parse import inspect
from tests.studio.asl.parsing import REFERENCE, ql

GET = "arn:aws:states:::s3:getObject"
PUT = "arn:aws:states:::s3:putObject"
ONE_OF = "Value should be one of the following: "
LONG_LABEL = (
    f"Invalid Label name: Label '{'x' * 41}' exceeds the 40-character limit allowed by the service"
)
WHERE = {"Bucket": "b", "Key.$": "$.key"}
QUERIED = {"Bucket": "b", "Key": "{% $states.input.key %}"}


def found(language: str, **fields: Any) -> list[tuple[str, str]]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "I",
        "States": {"I": {"Type": "Pass", "End": True}},
    }
    state = {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}
    definition = {"QueryLanguage": language, "StartAt": "M", "States": {"M": state}}
    return [
        (each.location.removeprefix("/States/M"), each.message)
        for each in inspect(json.dumps(definition))
    ]


def reader(**config: Any) -> dict[str, Any]:
    return {"ItemReader": {"Resource": GET, "Parameters": WHERE, "ReaderConfig": config}}


TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("JSONPath", reader(InputType="JSON", MaxItems=100_000_000)),
    ("JSONPath", reader(InputType="CSV", CSVHeaderLocation="FIRST_ROW", MaxItemsPath="$.n")),
    ("JSONPath", reader(InputType="CSV", CSVHeaderLocation="GIVEN", CSVHeaders=["a", "a"],
                        CSVDelimiter="TAB", MaxItemsPath="$n")),
    ("JSONPath", reader(InputType="MANIFEST", ManifestType="S3_INVENTORY")),
    ("JSONPath", reader(Transformation="LOAD_AND_FLATTEN", InputType="PARQUET")),
    ("JSONPath", {"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2",
                                 "Parameters": {"Bucket": "b"}}}),
    ("JSONata", {"ItemReader": {"Resource": GET, "Arguments": QUERIED,
                                "ReaderConfig": {"InputType": "JSONL", "MaxItems": "{% $n %}"}}}),
    ("JSONPath", {"ItemBatcher": {"MaxItemsPerBatch": 10, "BatchInput": {"a.$": "$.a"}}}),
    ("JSONPath", {"ItemBatcher": {"MaxItemsPerBatchPath": "$.n", "MaxInputBytesPerBatch": 262144}}),
    ("JSONata", {"ItemBatcher": {"MaxItemsPerBatch": "{% 1 + 1 %}", "BatchInput": "{% {} %}"}}),
    ("JSONPath", {"ResultWriter": {"Resource": PUT, "Parameters": {"Bucket": "b"}}}),
    ("JSONPath", {"ResultWriter": {"WriterConfig": {
        "Transformation": "COMPACT", "OutputType": "JSONL"}}}),
    ("JSONata", {"ResultWriter": {"Resource": PUT, "Arguments": QUERIED, "WriterConfig": {}}}),
    ("JSONPath", {"Label": "Resize-images_2"}),
    ("JSONPath", {"ToleratedFailureCount": 3, "ToleratedFailurePercentage": 99.5}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "fields"), TAKEN)
def test_taken(language: str, fields: dict[str, Any]) -> None:
    assert [each for each in found(language, **fields) if "'n'" not in each[1]] == []


CONFIG = "/ItemReader/ReaderConfig"
REFUSED: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("JSONPath", {"ItemReader": []},
     ("/ItemReader", "Expected value of type [OBJECT]")),
    ("JSONPath", {"ItemReader": {"Parameters": {}}},
     ("/ItemReader", "These fields are required: [Resource]")),
    ("JSONPath", {"ItemReader": {"Resource": GET, "Arguments": {}}},
     ("/ItemReader", ql("Arguments", "JSONPath", "JSONata"))),
    ("JSONata", {"ItemReader": {"Resource": GET, "Parameters": {}}},
     ("/ItemReader", ql("Parameters", "JSONata", "JSONPath"))),
    ("JSONata", {"ItemReader": {"Resource": GET, "Arguments": {},
                                "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.n"}}},
     (CONFIG, ql("MaxItemsPath", "JSONata", "JSONPath"))),
    ("JSONata", {"ItemBatcher": {"MaxItemsPerBatchPath": "$.n"}},
     ("/ItemBatcher", ql("MaxItemsPerBatchPath", "JSONata", "JSONPath"))),
    ("JSONata", {"ResultWriter": {"Resource": PUT, "Arguments": {}, "Parameters": {}}},
     ("/ResultWriter", ql("Parameters", "JSONata", "JSONPath"))),
    ("JSONPath", {"ItemBatcher": {"MaxItemsPerBatchPath": "$$.Execution.Input.n"}},
     ("/ItemBatcher/MaxItemsPerBatchPath", REFERENCE)),
    ("JSONPath", {"ItemBatcher": {"MaxInputBytesPerBatchPath": "$$.Execution.Input.n"}},
     ("/ItemBatcher/MaxInputBytesPerBatchPath", REFERENCE)),
    ("JSONPath", reader(MaxItemsPath="$$.Execution.Input.n"),
     (f"{CONFIG}/MaxItemsPath", REFERENCE)),
    ("JSONPath", {"ItemReader": {"Resource": GET, "Parameters": {"Key.$": "key"}}},
     ("/ItemReader/Parameters", ("The value for the field 'Key.$' must be a valid JSONPath or a "
      "valid intrinsic function call"))),
    ("JSONPath", reader(InputType="XML"),
     (f"{CONFIG}/InputType", f"{ONE_OF}[CSV, JSON, JSONL, PARQUET, MANIFEST]")),
    ("JSONPath", reader(InputType="CSV"),
     (CONFIG, "The field 'CSVHeaderLocation' is required")),
    ("JSONPath", reader(InputType="CSV", CSVHeaderLocation="GIVEN"),
     (CONFIG, "These fields are required: [CSVHeaders]")),
    ("JSONPath", reader(CSVHeaderLocation="GIVEN", CSVHeaders=["a", 1]),
     (f"{CONFIG}/CSVHeaders[1]", "Expected value of type [STRING]")),
    ("JSONPath", reader(CSVDelimiter=";"),
     (f"{CONFIG}/CSVDelimiter", f"{ONE_OF}[COMMA, PIPE, SEMICOLON, SPACE, TAB]")),
    ("JSONPath", reader(MaxItems=-1), (f"{CONFIG}/MaxItems", "Minimum value is 0")),
    ("JSONPath", reader(MaxItems=100_000_001),
     (f"{CONFIG}/MaxItems", "Maximum value is 100000000")),
    ("JSONPath", reader(MaxItems=1, MaxItemsPath="$.n"),
     (CONFIG, "There should only be one of the following fields: [MaxItems, MaxItemsPath]")),
    ("JSONPath", reader(MaxItemsPath="$.n[*]"),
     (f"{CONFIG}/MaxItemsPath", "Value is not a Reference Path")),
    ("JSONPath", reader(Headers=True), (CONFIG, "Field 'Headers' is not supported")),
    ("JSONPath", {"ItemBatcher": {"BatchInput": {}}},
     ("/ItemBatcher", ("One of these fields is required: [MaxItemsPerBatch, MaxItemsPerBatchPath, "
      "MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]"))),
    ("JSONPath", {"ItemBatcher": {"MaxInputBytesPerBatch": 262145}},
     ("/ItemBatcher/MaxInputBytesPerBatch", "Maximum value is 262144")),
    ("JSONPath", {"ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": "x"}},
     ("/ItemBatcher/BatchInput", "Expected value of type [OBJECT]")),
    ("JSONPath", {"ResultWriter": {}},
     ("/ResultWriter", "These fields are required: [Resource, Parameters]")),
    ("JSONata", {"ResultWriter": {"Resource": PUT}},
     ("/ResultWriter", "These fields are required: [Arguments]")),
    ("JSONPath", {"ResultWriter": {"WriterConfig": {"OutputType": "CSV"}}},
     ("/ResultWriter/WriterConfig/OutputType", f"{ONE_OF}[JSON, JSONL]")),
    ("JSONPath", {"Label": "x" * 41},
     ("/Label", LONG_LABEL)),
    ("JSONPath", {"Label": "two words"},
     ("/Label", "Invalid Label name: Label 'two words' contains ' '")),
    ("JSONPath", {"ToleratedFailurePercentage": 101},
     ("/ToleratedFailurePercentage", "Maximum value is 100.0")),
]  # fmt: skip


@pytest.mark.parametrize(("language", "fields", "expected"), REFUSED)
def test_refused(language: str, fields: dict[str, Any], expected: tuple[str, str]) -> None:
    assert found(language, **fields) == [expected]
