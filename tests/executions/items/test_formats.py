"""Every format, read through and read on from every place."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions.items.formats.csv_rows import DELIMITERS, read_csv
from executions.items.formats.json_items import NOT_ITERABLE, read_json, read_json_lines
from executions.items.formats.limits import LARGEST_ITEM
from executions.items.formats.parquet_rows import read_parquet
from executions.items.problems import ItemReaderFailed

UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))
"""A busy machine is no fault."""

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(['"', "\\", '\\"', "]}", '[{"']),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
INDENTS = st.sampled_from([None, 0, 2])


class Trickle(io.BytesIO):
    """Gives few bytes at a time, as a network may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size, 3) if size and size > 0 else size)


Read = Callable[[io.BytesIO, int], Iterator[tuple[Any, ...]]]


def read_through(data: bytes, read: Read, again: type[io.BytesIO] = Trickle) -> list[Any]:
    """The values, read at once and, from each place between two, once more."""
    whole = [(item[0], item[-1]) for item in read(io.BytesIO(data), 0)]
    for index, (_, offset) in enumerate(whole):
        rest = [(item[0], item[-1]) for item in read(again(data), offset)]
        assert rest == whole[index + 1 :]
    return [value for value, _ in whole]


@UNHURRIED
@given(st.lists(JSON, max_size=6), INDENTS, st.booleans(), st.booleans())
def test_an_array_gives_its_elements(
    values: list[Any], indent: int | None, ascii_only: bool, mark: bool
) -> None:
    data = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode()
    data = b"\xef\xbb\xbf" * mark + data
    assert read_through(data, lambda stream, start: read_json(stream, "", start)) == values


@UNHURRIED
@given(
    st.dictionaries(TEXT, JSON, max_size=4),
    st.lists(TEXT, min_size=1, max_size=3),
    st.lists(JSON, max_size=4) | st.dictionaries(TEXT, JSON, max_size=4),
    INDENTS,
)
def test_a_pointer_leads_to_items(
    beside: dict[str, Any], path: list[str], items: Any, indent: int | None
) -> None:
    document: Any = items
    for name in reversed(path):
        document = beside | {name: document} | {"last": 1} if name != "last" else {name: document}
    pointer = "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in path)
    data = json.dumps(document, indent=indent).encode()
    expected = (
        [{"Key": name, "Value": value} for name, value in items.items()]
        if isinstance(items, dict)
        else items
    )
    assert read_through(data, lambda stream, start: read_json(stream, pointer, start)) == expected


@UNHURRIED
@given(st.lists(JSON, max_size=6), st.sampled_from(["\n", "\r\n", "\n\n  \n"]), st.booleans())
def test_json_lines_give_their_values(values: list[Any], end: str, ends: bool) -> None:
    data = end.join(map(json.dumps, values)) + end * ends
    assert read_through(data.encode(), read_json_lines) == values


@UNHURRIED
@given(
    st.lists(st.lists(TEXT, min_size=2, max_size=2).filter(any), max_size=6),
    st.sampled_from(sorted(DELIMITERS)),
)
def test_rows_give_objects(rows: list[list[str]], name: str) -> None:
    # The module itself cannot write a lone carriage return that it would read again.
    rows = [[field.replace("\r", "") or "x" for field in row] for row in rows]
    file = io.StringIO()
    csv.writer(file, delimiter=DELIMITERS[name]).writerows([["b", "a"], *rows])
    got = read_through(
        file.getvalue().encode() if rows else b"b,a\nx,y\n",
        lambda stream, start: read_csv(stream, None, DELIMITERS[name] if rows else ",", start),
    )
    assert got == [{"a": row[1], "b": row[0]} for row in rows or [["x", "y"]]]


def test_rows_as_step_functions_reads_them() -> None:
    # Recorded: a blank line of spaces is a row, fields too many or too few are no fault.
    rows = b"Value4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n"
    given_headers = read_csv(io.BytesIO(b"V1,V2,V3\n" + rows), ["H1", "H2", "H3"])
    assert json.dumps([row for row, _ in given_headers], separators=(",", ":")) == (
        '[{"H1":"V1","H2":"V2","H3":"V3"},{"H1":"Value4","H2":"Value5","H3":"Value6"},'
        '{"H1":"","H2":"","H3":""},{"H1":"true","H2":"1","H3":"\'HelloWorld\'"},'
        '{"H1":"Null","H2":"None","H3":""},{"H1":"   ","H2":"","H3":""}]'
    )
    first_row = read_csv(io.BytesIO(b"H1,\n" + rows), None)
    assert json.dumps([row for row, _ in first_row], separators=(",", ":")) == (
        '[{"":"Value5","H1":"Value4"},{"":"","H1":""},{"":"1","H1":"true"},'
        '{"":"None","H1":"Null"},{"":"","H1":"   "}]'
    )


def json_of(data: bytes, pointer: str = "") -> list[Any]:
    return list(read_json(io.BytesIO(data), pointer))


def lines_of(data: bytes) -> list[Any]:
    return list(read_json_lines(io.BytesIO(data)))


def rows_of(data: bytes) -> list[Any]:
    return list(read_csv(io.BytesIO(data), None))


LONG = b'"' + b"x" * LARGEST_ITEM + b'"'


@pytest.mark.parametrize(
    ("read", "data", "cause"),
    [
        (json_of, b'{"Hello": "world"}', NOT_ITERABLE),
        (json_of, b"7", NOT_ITERABLE),
        (json_of, b" ", "Invalid JSON: the object is empty"),
        (json_of, b"[1 2]", "Invalid JSON at byte 3: expected ',' or ']', found '2'"),
        (json_of, b"[1,]", "Invalid JSON at byte 3: expected a value, found ']'"),
        (json_of, b"[1", "Invalid JSON at byte 2: expected ',' or ']', found the end"),
        (json_of, b'[{"a": [1', "Invalid JSON: the value at byte 1 does not end"),
        (json_of, b"[1] 2", "Invalid JSON at byte 4: expected the end, found '2'"),
        (json_of, b"[nul]", "Invalid JSON in the value at byte 1: Unrecognized token 'nul'"),
        (json_of, b"[" + LONG + b"]", "The item at byte 1 is larger than 262144 bytes"),
        (lines_of, b"1\n{\n", "Invalid JSON in the line at byte 2"),
        (lines_of, b"1\n" + LONG, "The item at byte 2 is larger than 262144 bytes"),
        (lines_of, b"\xff\n", "Invalid JSON in the line at byte 0"),
        (rows_of, b"", "The CSV file is empty"),
        (rows_of, b"a,b\n", "The CSV file contains only CSV headers."),
        (rows_of, b"a,a\n1,2\n", "CSV headers cannot contain duplicates."),
        (rows_of, b"a" * 10_241 + b"\n1\n", "CSV headers cannot be larger than 10240 bytes."),
        (rows_of, b"a\n1\n" + b"x," * LARGEST_ITEM, "The item at byte 4 is larger"),
        (rows_of, b"a\n\xff\n", "The line that ends at byte 4 is not UTF-8"),
    ],
)
def test_what_cannot_be_read(read: Callable[[bytes], Any], data: bytes, cause: str) -> None:
    with pytest.raises(ItemReaderFailed) as problem:
        read(data)
    assert problem.value.cause.startswith(cause)


@pytest.mark.parametrize(
    ("pointer", "cause"),
    [
        ("/none", "The ItemsPointer '/none' leads to nothing: no 'none' there"),
        ("/a/0", "The ItemsPointer '/a/0' leads to nothing: no '0' there"),
        ("a", "The ItemsPointer 'a' does not begin with '/'"),
        ("/b", NOT_ITERABLE),
    ],
)
def test_a_pointer_that_leads_nowhere(pointer: str, cause: str) -> None:
    with pytest.raises(ItemReaderFailed) as problem:
        json_of(b'{"a": [1], "b": 2}', pointer)
    assert problem.value.cause == cause


def test_parquet_gives_its_rows() -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [
        {
            "order": number,
            "paid": number % 2 == 0,
            "price": Decimal("1.50"),
            "at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
            "tags": ["a", None],
            "raw": b"\xff",
        }
        for number in range(7)
    ]
    file = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows), file, row_group_size=3)
    got = read_through(file.getvalue(), read_parquet, io.BytesIO)
    assert got[6] == {
        "order": 6,
        "paid": True,
        "price": 1.5,
        "at": "2024-01-02T03:04:05+00:00",
        "tags": ["a", None],
        "raw": "/w==",
    }
    assert [row["order"] for row in got] == list(range(7))
    with pytest.raises(ItemReaderFailed, match="The Parquet file cannot be read"):
        list(read_parquet(io.BytesIO(b"no parquet")))
