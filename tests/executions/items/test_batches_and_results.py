"""Items put together, and results written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions.items.child_result import ChildResult, written
from executions.items.item_batcher import ItemBatcher, batches
from executions.items.object_store import ObjectStore
from executions.items.problems import DataLimitExceeded, ItemReaderFailed, ResultWriterFailed
from executions.items.result_writer import ResultWriter, output_of, write_results
from tests.executions.items.conftest import BUCKET

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))
"""A busy machine is no fault."""

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:orders/Each"
RUN = "arn:aws:states:us-east-1:123456789012:mapRun:orders/Each:6f1b"
FOLDER = "out/6f1b"


def result(number: int, output: Any, **fields: Any) -> ChildResult:
    given_fields: dict[str, Any] = {
        "status": "SUCCEEDED",
        "name": f"child-{number}",
        "state_machine_arn": MACHINE,
        "input": json.dumps({"n": number}),
        "execution_arn": f"arn:aws:states:us-east-1:123456789012:execution:orders/Each:{number}",
        "output": None if output is None else json.dumps(output),
        "start_date": 1738633790.099,
        "stop_date": 1738633790.163,
        "redrive_status_reason": "Execution is SUCCEEDED and cannot be redriven",
    }
    return ChildResult(**given_fields | fields)


FAILED = result(
    9,
    None,
    status="FAILED",
    error="Declined",
    cause="No money",
    redrive_status="REDRIVABLE",
    redrive_status_reason=None,
)


@UNHURRIED
@given(
    st.lists(st.text(max_size=30), max_size=30),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(260, 500),
    st.none() | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
def test_batches_are_full_and_lose_nothing(
    values: list[str], most: int | None, size: int | None, batch_input: Any
) -> None:
    config: dict[str, Any] = {"MaxItemsPerBatch": most, "MaxInputBytesPerBatch": size}
    if batch_input is not None:
        config["BatchInput"] = batch_input
    batcher = ItemBatcher.of(config)
    items = [(json.dumps(value), index) for index, value in enumerate(values)]
    made = list(batches(iter(items), batcher))
    inputs = [json.loads(text) for text, _ in made]
    assert [item for batch in inputs for item in batch["Items"]] == values
    assert [tag for _, tags in made for tag in tags] == list(range(len(values)))
    if batch_input is not None:
        assert all(batch["BatchInput"] == batch_input for batch in inputs)
    for (text, tags), after in zip(made, [*made[1:], None], strict=False):
        assert len(text.encode()) <= batcher.max_bytes
        assert most is None or len(tags) <= most
        if after is not None:  # One more would not have fitted.
            larger = len(text.encode()) + 1 + len(items[after[1][0]][0].encode())
            assert len(tags) == most or larger > batcher.max_bytes
        # Where one ends, reading on begins with the next.
        assert (
            list(batches(iter(items[tags[-1] + 1 :]), batcher))
            == made[made.index((text, tags)) + 1 :]
        )


def test_a_batch_as_step_functions_gives_it() -> None:
    batcher = ItemBatcher.of({"MaxItemsPerBatch": 2, "BatchInput": {"factCheck": "December 2022"}})
    made = [text for text, _ in batches([("1", 0), ("2", 1), ("3", 2)], batcher)]
    assert made == [
        '{"BatchInput":{"factCheck":"December 2022"},"Items":[1,2]}',
        '{"BatchInput":{"factCheck":"December 2022"},"Items":[3]}',
    ]


def test_an_item_that_fits_into_no_batch() -> None:
    with pytest.raises(DataLimitExceeded):
        list(batches([('"' + "x" * 100 + '"', 0)], ItemBatcher(None, 100)))


@pytest.mark.parametrize("limit", [-1, 1.5, "2", True])
def test_what_is_no_limit(limit: Any) -> None:
    with pytest.raises(ItemReaderFailed):
        ItemBatcher.of({"MaxItemsPerBatch": limit})


def test_the_forms_of_a_result() -> None:
    results = [result(1, [1, {"a": 2}]), result(2, {"b": 3}), FAILED]
    assert list(written(results[:2], "COMPACT")) == ['[1,{"a":2}]', '{"b":3}']
    assert list(written(results[:2], "FLATTEN")) == ["1", '{"a":2}', '{"b":3}']
    (first, _, failed) = map(json.loads, written(results, "NONE"))
    assert first == {
        "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:orders/Each:1",
        "Input": '{"n": 1}',
        "InputDetails": {"Included": True},
        "Name": "child-1",
        "Output": '[1, {"a": 2}]',
        "OutputDetails": {"Included": True},
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": "2025-02-04T01:49:50.099Z",
        "StateMachineArn": MACHINE,
        "Status": "SUCCEEDED",
        "StopDate": "2025-02-04T01:49:50.163Z",
    }
    assert (failed["Error"], failed["Cause"], "Output" in failed) == ("Declined", "No money", False)
    assert [json.loads(text) for text in written([FAILED], "COMPACT")] == [failed]


def test_a_result_as_deep_as_a_workflow_can_make_it() -> None:
    deep = "[" * 250 + "]" * 250
    assert list(written([replace(result(1, []), output=deep)], "COMPACT")) == [deep]
    assert list(written([replace(result(1, []), output=deep)], "FLATTEN")) == [deep[1:-1]]


def test_results_without_a_bucket() -> None:
    results = [result(1, [1, 2]), result(2, 3)]
    assert output_of(ResultWriter.of(None, None), results) == "[[1,2],3]"
    assert output_of(ResultWriter.of(None, {"Transformation": "FLATTEN"}), results) == "[1,2,3]"
    assert output_of(ResultWriter.of(None, None), []) == "[]"


def read(store: ObjectStore, key: str) -> str:
    with store.open(BUCKET, key).stream as stream:
        return stream.read().decode()


@pytest.mark.parametrize("prefix", ["out", "out/"])
def test_results_are_exported(store: ObjectStore, prefix: str) -> None:
    writer = ResultWriter.of({"Bucket": BUCKET, "Prefix": prefix}, None)
    groups: dict[Any, Any] = {"SUCCEEDED": [result(1, "é"), result(2, 2)], "FAILED": [FAILED]}
    for _ in range(2):  # after a crash it is written again
        assert write_results(writer, store, RUN, groups) == {
            "MapRunArn": RUN,
            "ResultWriterDetails": {"Bucket": BUCKET, "Key": f"{FOLDER}/manifest.json"},
        }
    listed = {found.key: found.size for found in store.list(BUCKET, "")}
    assert sorted(listed) == [
        f"{FOLDER}/{name}.json" for name in ("FAILED_0", "SUCCEEDED_0", "manifest")
    ]
    assert json.loads(read(store, f"{FOLDER}/manifest.json")) == {
        "DestinationBucket": BUCKET,
        "MapRunArn": RUN,
        "ResultFiles": {
            group: [{"Key": key, "Size": size} for key, size in listed.items() if group in key]
            for group in ("FAILED", "PENDING", "SUCCEEDED")
        },
    }
    results = json.loads(read(store, f"{FOLDER}/SUCCEEDED_0.json"))
    assert [(each["Name"], each["Output"]) for each in results] == [
        ("child-1", '"\\u00e9"'),
        ("child-2", "2"),
    ]


@pytest.mark.parametrize("output_type", ["JSON", "JSONL"])
def test_a_full_file_is_followed_by_another(store: ObjectStore, output_type: str) -> None:
    config = {"Transformation": "COMPACT", "OutputType": output_type}
    writer = ResultWriter.of({"Bucket": BUCKET, "Prefix": "out"}, config)

    def results() -> Iterator[ChildResult]:
        for number in range(10):
            yield result(number, "x" * 20 + str(number))

    write_results(writer, store, RUN, {"SUCCEEDED": results()}, largest_file=80)
    manifest = json.loads(read(store, f"{FOLDER}/manifest.json"))
    files = manifest["ResultFiles"]["SUCCEEDED"]
    assert len(files) == 4
    assert all(file["Size"] <= 80 for file in files)
    texts = [read(store, file["Key"]) for file in files]
    if output_type == "JSON":
        assert files[3]["Key"] == f"{FOLDER}/SUCCEEDED_3.json"
        values = [value for text in texts for value in json.loads(text)]
    else:
        assert files[3]["Key"] == f"{FOLDER}/SUCCEEDED_3.jsonl"
        values = [json.loads(line) for text in texts for line in text.splitlines()]
    assert values == ["x" * 20 + str(number) for number in range(10)]


def test_a_bucket_that_is_not_there(store: ObjectStore) -> None:
    writer = ResultWriter.of({"Bucket": "no-such-bucket"}, None)
    with pytest.raises(ResultWriterFailed, match="The specified bucket does not exist") as problem:
        write_results(writer, store, RUN, {})
    assert problem.value.error == "States.ResultWriterFailed"


@pytest.mark.parametrize(
    ("arguments", "config"),
    [
        ({}, None),
        ({"Bucket": 7}, None),
        ({"Bucket": "b", "Prefix": 7}, None),
        ([], None),
        (None, {"Transformation": "FLAT"}),
        (None, {"OutputType": "CSV"}),
    ],
)
def test_what_is_no_result_writer(arguments: Any, config: Any) -> None:
    with pytest.raises(ResultWriterFailed):
        ResultWriter.of(arguments, config)
