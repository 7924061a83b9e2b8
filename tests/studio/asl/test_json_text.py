"""The strict JSON reader and writer."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.asl import json_text
from studio.asl.errors import StatesError
from studio.asl.json_text import InvalidJson, canonical, dumps, is_longer, loads

VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
BRACE = "Unexpected character ('}' (code 125))"
COLON = "a colon to separate field name and value"
ESCAPED = "has to be escaped using backslash to be included in string value"
CLOSE = "Unexpected end-of-input: expected close marker for"

REFUSED = [
    ("not some json", f"Unrecognized token 'not': was expecting {VALUE}", 1, 4),
    (
        "{'not': 'json'",
        "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
        1,
        3,
    ),
    ("", "No content to map due to end-of-input", 1, 1),
    (" \n ", "No content to map due to end-of-input", 2, 2),
    ("{", f"{CLOSE} Object (start marker at line: 1, column: 1)", 1, 2),
    ("[1,\n{", f"{CLOSE} Object (start marker at line: 2, column: 1)", 2, 2),
    ('{"a":[1,2}', f"{BRACE}: was expecting comma to separate Array entries", 1, 11),
    ('{"a" 1}', f"Unexpected character ('1' (code 49)): was expecting {COLON}", 1, 7),
    ("[1,]", f"Unexpected character (']' (code 93)): expected a valid value {VALUE}", 1, 5),
    ('{"a":1,}', f"{BRACE}: was expecting double-quote to start field name", 1, 9),
    ("[1,\n 2,\n  x]", f"Unrecognized token 'x': was expecting {VALUE}", 3, 4),
    ("NaN", f"Unrecognized token 'NaN': was expecting {VALUE}", 1, 4),
    ('{"a":[Infinity]}', f"Unrecognized token 'Infinity': was expecting {VALUE}", 1, 15),
    ("-Infinity", "Invalid numeric value: '-Infinity'", 1, 3),
    ("[1e999]", "Numeric value out of range: '1e999'", 1, 7),
    ("01", "Invalid numeric value: '01'", 1, 3),
    ("1.", "Invalid numeric value: '1.'", 1, 3),
    ('{"a":1} x', f"Unrecognized token 'x': was expecting {VALUE}", 1, 10),
    ('{"a":1}{', "Trailing text found after the value", 1, 9),
    ('"\\x"', "Unrecognized character escape 'x' (code 120)", 1, 4),
    ('"a\tb"', f"Illegal unquoted character ((CTRL-CHAR, code 9)): {ESCAPED}", 1, 4),
    ('["\\ud800"]', "Lone surrogate in a string: \\ud800", 1, 9),
    ('["\\udc00\\ud800"]', "Lone surrogate in a string: \\udc00", 1, 9),
    ("[\n\ud800]", "Lone surrogate U+D800", 2, 1),
    (b'{"a":"\xff"}', "Invalid UTF-8: unexpected byte 0xff", 1, 7),
    ("\ufeff{}", f"Unexpected character ('\ufeff' (code 65279)): expected a valid value {VALUE}",
     1, 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "line", "column"), REFUSED)
def test_tells_what_is_wrong_and_where(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(InvalidJson) as refused:
        loads(text)
    assert (refused.value.message, refused.value.line, refused.value.column) == (
        message,
        line,
        column,
    )


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000,
        '[{"a":' * 50_000 + "1",
        "[" * 101 + "]" * 101,
        "[" * 500 + "1" + "]" * 500,
    ],
    ids=lambda text: f"{text[:6]}*{len(text)}",
)
def test_refuses_depth_quickly(text: str) -> None:
    before = time.process_time()
    with pytest.raises(InvalidJson, match=r"nesting depth \(101\) exceeds .* \(100\)"):
        loads(text)
    assert time.process_time() - before < 1


def test_depth_counts_structure_only() -> None:
    assert loads("[" * 100 + "]" * 100)
    brackets = "[{" * 200 + '\\"' + "}]]" * 50 + "\\\\"
    assert loads(f'["{brackets}","",{{"{brackets}":"[["}}]')
    with pytest.raises(InvalidJson):
        loads(f'[[["{brackets}"]]]', max_depth=2)
    assert loads(f'[[["{brackets}"]]]', max_depth=3)


def test_numbers_keep_their_kind() -> None:
    text = "[1,1.0,-0.0,0.1,123456789012345678901234567890,-9223372036854775809,true]"
    assert dumps(loads(text)) == text
    assert type(loads("[1.0]")[0]) is float
    assert dumps(18446744073709551615) == "18446744073709551615"


def test_long_integers_obey_the_same_rules() -> None:
    digits = "1" * 25
    assert loads(f"[{digits}]") == [int(digits)]
    assert loads(f'["{digits}", 1.{digits}]')[0] == digits
    for text in (f"[{digits},NaN]", f"[{digits}", f"[{digits}]]", f'[{digits},"\\ud800"]'):
        with pytest.raises(InvalidJson):
            loads(text)
    with pytest.raises(InvalidJson, match="Number value length"):
        loads("1" * 1_001)
    with pytest.raises(InvalidJson):
        loads("[" * 101 + digits + "]" * 101)


def test_a_name_given_twice_counts_the_last_time() -> None:
    assert loads('{"a":1,"b":2,"a":3}') == {"a": 3, "b": 2}


def test_writes_compactly_and_keeps_other_scripts() -> None:
    assert dumps({"ä": ["🆗", None, True, 1.5], "b": {}}) == '{"ä":["🆗",null,true,1.5],"b":{}}'


def test_writing_ends_at_absurd_depth() -> None:
    value: object = 1
    for _ in range(300):
        value = [value]
    with pytest.raises(StatesError):
        dumps(value)


def test_canonical_tells_kinds_apart_and_orders_members() -> None:
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})
    assert len({canonical(value) for value in (1, 1.0, True, "1", None)}) == 5
    assert canonical({"b": 10**30, "a": 1}) == '{"a":1,"b":1' + "0" * 30 + "}"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab.$[]{}\"\\' "), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_reads_what_the_standard_library_writes(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert canonical(loads(text)) == canonical(value)
    assert canonical(loads(text.encode())) == canonical(value)
    assert canonical(json.loads(dumps(value))) == canonical(value)


@given(st.text('{}[]",:\\u0123456789dDeE.-+ntrufalsxNI \n', max_size=30))
def test_refuses_just_what_is_not_json(text: str) -> None:
    """A text is refused where the standard library refuses it; what only it takes is refused."""
    try:
        expected = json.loads(text, parse_constant=lambda name: pytest.fail("constant"))
        json.dumps(expected, ensure_ascii=False, allow_nan=False).encode()
        valid = True
    except (ValueError, pytest.fail.Exception):
        valid = False
    if valid:
        loads(text)
        return
    with pytest.raises(InvalidJson) as refused:
        loads(text)
    assert refused.value.message


@given(JSON)
def test_measures_no_more_than_is_written(value: object) -> None:
    written = len(dumps(value))
    assert not is_longer(value, written)


def test_measures_shared_parts_once() -> None:
    value: object = ["x" * 100]
    for _ in range(60):
        value = [value, value]
    assert is_longer(value, 2**50)
    assert json_text.MAX_DEPTH == 100
