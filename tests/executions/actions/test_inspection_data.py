"""What a tested state shows of its stages: every member that AWS's model has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.model import StructureShape

from executions.actions.state_tests import StateTest, begin_state_test
from executions.integrations.http.exchange import Answer, Request
from executions.integrations.http.trace import HttpTrace
from studio.aws.model import service_model

ROLE = "arn:aws:iam::123456789012:role/tests"
PROCESSOR = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "End": True}},
}
TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "f"},
    "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}],
    "Catch": [{"ErrorEquals": ["Lost"], "Next": "Mend"}],
    "End": True,
}
QUERY = {
    "Type": "Task",
    "QueryLanguage": "JSONata",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": "f"},
    "Assign": {"seen": "{% $states.result.StatusCode %}"},
    "End": True,
}
MAP = {
    "Type": "Map",
    "ItemsPath": "$.items",
    "ItemSelector": {"n.$": "$$.Map.Item.Value"},
    "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"all.$": "$.all"}},
    "ToleratedFailureCount": 1,
    "ToleratedFailurePercentage": 10,
    "ItemProcessor": PROCESSOR,
    "End": True,
}


def reading(resource: str = "getObject", **config: Any) -> dict[str, Any]:
    where = {"Bucket": "b"} if resource == "listObjectsV2" else {"Bucket": "b", "Key": "k"}
    reader = {"Resource": f"arn:aws:states:::s3:{resource}", "Parameters": where}
    if config:
        reader["ReaderConfig"] = config
    return {
        "Type": "Map",
        "ItemReader": reader,
        "ItemSelector": {"item.$": "$$.Map.Item.Value"},
        "ItemProcessor": PROCESSOR,
        "End": True,
    }


def answer_of(definition: dict[str, Any], **members: Any) -> dict[str, Any]:
    test = StateTest(definition=json.dumps(definition), role_arn=ROLE, has_mock=True, **members)
    inspection, task = begin_state_test(test)
    assert task is None
    return inspection.answer()


def failing(error: str) -> dict[str, Any]:
    return {"has_error_output": True, "mock_error": error}


def items_of(data: str, *, resource: str = "getObject", **config: Any) -> Any:
    answer = answer_of(reading(resource, **config), mock_result="[]", map_item_reader_data=data)
    assert answer["status"] == "SUCCEEDED", answer
    return [each["item"] for each in json.loads(answer["inspectionData"]["afterItemSelector"])]


def test_every_member_of_the_model_is_shown_by_some_state() -> None:
    given = json.dumps({"items": [1, 2, 3], "all": True})
    pointed = reading(InputType="JSON", ItemsPointer="/rows")
    answers = [
        answer_of(TASK, mock_result="{}"),
        answer_of(TASK, **failing("Broken")),
        answer_of(TASK, **failing("Lost")),
        answer_of(QUERY, mock_result='{"StatusCode": 200}'),
        answer_of(MAP, input=given, mock_result="[]"),
        answer_of(pointed, mock_result="[]", map_item_reader_data='{"rows": [1]}'),
        _with_an_exchange(),
    ]
    shown = set[str]()
    for answer in answers:
        shown |= _members(answer["inspectionData"])
    shape = service_model().shape_for("InspectionData")
    assert isinstance(shape, StructureShape)
    missing = {name for name in _names(shape) if name not in shown}
    assert missing == set(), "no state shows them"
    assert shown - _names(shape) == set(), "AWS's model does not have them"


def _with_an_exchange() -> dict[str, Any]:
    inspection, _ = begin_state_test(
        StateTest(definition=json.dumps(TASK), has_mock=True, mock_result="{}")
    )
    trace = HttpTrace(reveal_secrets=True)
    url = "https://example.com/"
    request = Request("POST", url, {}, {"User-Agent": "u", "Range": "r"}, {}, b"{}", b"{}", url)
    trace.note_request(request)
    trace.note_answer(request, Answer(200, "OK", [], b"done"))
    inspection.note_trace(trace.shown)
    return inspection.answer()


def _members(data: dict[str, Any], before: str = "") -> set[str]:
    found = set[str]()
    for name, value in data.items():
        found |= _members(value, f"{name}.") if isinstance(value, dict) else {before + name}
    return found


def _names(shape: StructureShape, before: str = "") -> set[str]:
    found = set[str]()
    for name, member in shape.members.items():
        found |= (
            _names(member, f"{name}.") if isinstance(member, StructureShape) else {before + name}
        )
    return found


def test_items_are_batched_after_they_were_selected() -> None:
    given = json.dumps({"items": [1, 2, 3], "all": True})
    data = answer_of(MAP, input=given, mock_result="[]")["inspectionData"]
    assert data["afterItemsPath"] == "[1, 2, 3]"
    assert data["afterItemSelector"] == '[{"n":1},{"n":2},{"n":3}]'
    assert data["afterItemBatcher"] == (
        '[{"BatchInput":{"all":true},"Items":[{"n":1},{"n":2}]},'
        '{"BatchInput":{"all":true},"Items":[{"n":3}]}]'
    )


def test_the_items_that_a_pointer_leads_to_are_shown() -> None:
    state = reading(InputType="JSON", ItemsPointer="/a/rows")
    data = answer_of(state, mock_result="[]", map_item_reader_data='{"a": {"rows": ["x", {}]}}')
    assert data["inspectionData"]["afterItemsPointer"] == '["x", {}]'


@pytest.mark.parametrize(
    ("text", "config", "items"),
    [
        ("[1, 2]", {}, [1, 2]),
        ("[1, 2, 3]", {"InputType": "JSON", "MaxItems": 2}, [1, 2]),
        ('{"a": 1}\n{"a": 2}\n', {"InputType": "JSONL"}, [{"a": 1}, {"a": 2}]),
        (
            "id,name\n1,Ada\n",
            {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            [{"id": "1", "name": "Ada"}],
        ),
        (
            "1;Ada\n",
            {
                "InputType": "CSV",
                "CSVHeaderLocation": "GIVEN",
                "CSVHeaders": ["id", "name"],
                "CSVDelimiter": "SEMICOLON",
            },
            [{"id": "1", "name": "Ada"}],
        ),
    ],
)
def test_data_is_read_as_the_reader_says(text: str, config: Any, items: Any) -> None:
    assert items_of(text, **config) == items


def test_a_listing_is_an_array_of_objects() -> None:
    listed = [{"Key": "a", "Size": 1}, {"Key": "b", "Size": 2}]
    assert items_of(json.dumps(listed), resource="listObjectsV2") == listed


@pytest.mark.parametrize(
    ("text", "config", "cause"),
    [
        ("not json", {"InputType": "JSON"}, ""),
        ('{"a": 1}', {"InputType": "JSON"}, "Attempting to map over non-iterable node."),
        ("bucket,key\n", {"InputType": "MANIFEST"}, "mapItemReaderData is one object"),
    ],
)
def test_data_that_cannot_be_read_fails_the_state(text: str, config: Any, cause: str) -> None:
    answer = answer_of(reading(**config), mock_result="[]", map_item_reader_data=text)
    assert (answer["status"], answer["error"]) == ("FAILED", "States.ItemReaderFailed")
    assert cause in answer["cause"]


def test_an_item_that_fits_into_no_batch_fails_the_state() -> None:
    state = {**MAP, "ItemBatcher": {"MaxInputBytesPerBatch": 30}}
    answer = answer_of(state, input=json.dumps({"items": ["x" * 40]}), mock_result="[]")
    assert (answer["status"], answer["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_an_item_knows_where_it_comes_from() -> None:
    selected = {"ItemSelector": {"about.$": "$$.Map.Item"}}
    data = answer_of(MAP | selected, input='{"items": ["x"], "all": 1}', mock_result="[]")
    assert json.loads(data["inspectionData"]["afterItemSelector"]) == [
        {"about": {"Index": 0, "Value": "x", "Source": "STATE_DATA"}}
    ]
    pointed = reading(InputType="JSON", ItemsPointer="/rows") | selected
    data = answer_of(pointed, mock_result="[]", map_item_reader_data='{"rows": {"k": 1}}')
    assert json.loads(data["inspectionData"]["afterItemSelector"]) == [
        {"about": {"Index": 0, "Key": "k", "Value": 1, "Source": "S3://b/k"}}
    ]
