"""Definitions in JSON and YAML: what they say, and where things stand in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from studio.asl.review import review
from studio.asl.source.locate import Locator, locate
from studio.asl.source.positions import Position
from studio.asl.source.yaml_text import InvalidYaml, read_yaml, yaml_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON_TEXT = """{
  "StartAt": "Pay \\u0041😀", "States": {
    "A/Next": {"Type": "Pass", "Catch": [ {"Next": "x"},
      {"Next": "y"} ]}
  }
}"""
YAML_TEXT = """\
StartAt: Pay 😀  # é
States:
  A/Next:
    Type: &pass Pass
    Catch: [{Next: x}, {Next: "y"}]
  B: {Type: *pass}
"""


def place(text: str, location: str, source_format: str) -> tuple[int, int, int, int] | None:
    found = Locator(text, source_format).locate(location)  # type: ignore[arg-type]
    if found is None:
        return None
    return (found.start.line, found.start.column, found.end.line, found.end.column)


@pytest.mark.parametrize(
    ("location", "in_json", "in_yaml"),
    [
        ("/StartAt", (2, 14, 2, 28), (1, 10, 1, 16)),
        ("/States", (2, 30, 2, 38), (2, 1, 2, 7)),
        ("/States/A/Next", (3, 5, 3, 13), (3, 3, 3, 9)),
        ("/States/A/Next/Catch[1]/Next", (4, 16, 4, 19), (5, 31, 5, 34)),
        ("/States/A/Next/Catch[2]", None, None),
        ("/States/C", None, None),
        ("", (1, 1, 1, 2), (1, 1, 1, 2)),
        ("/", (1, 1, 1, 2), (1, 1, 1, 2)),
    ],
)
def test_a_location_has_lines_and_columns(location: str, in_json: object, in_yaml: object) -> None:
    assert place(JSON_TEXT, location, "JSON") == in_json
    assert place(YAML_TEXT, location, "YAML") == in_yaml


def test_an_alias_stands_where_it_is_written() -> None:
    assert place(YAML_TEXT, "/States/B/Type", "YAML") == (6, 13, 6, 18)


def test_of_a_name_given_twice_the_last_counts() -> None:
    assert place('{"a": 1,\n"a": 2}', "/a", "JSON") == (2, 6, 2, 7)


def test_a_broken_text_has_no_places() -> None:
    assert locate('{"a": ', "/a") is None
    assert locate("a: [", "/a", "YAML") is None


def test_yaml_is_read_as_json() -> None:
    text = """
    base: &base {Type: Pass, End: true}
    merged: {<<: *base, End: false}
    plain: [yes, 2020-01-01T00:00:00Z, 0x10, 1.5, ~, "1", .5, -3, 1e3]
    text: |
      two
      lines
    """
    assert read_yaml(text)[0] == {
        "base": {"Type": "Pass", "End": True},
        "merged": {"Type": "Pass", "End": False},
        "plain": ["yes", "2020-01-01T00:00:00Z", 16, 1.5, None, "1", 0.5, -3, 1000.0],
        "text": "two\nlines\n",
    }
    assert read_yaml(JSON_TEXT)[0] == json.loads(JSON_TEXT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line 1"),
        ("a: 1\na: 2", "'a' is here a second time at line 2, column 1"),
        ("a: 1\n---\nb: 2", "another at line 2"),
        ("a: !!python/object:os.system x", "'python/object:os.system' is not supported"),
        ("a: !Sub x", "'!Sub' is not supported"),
        ("a: .nan", "JSON has no number '.nan'"),
        ("a: &a [*a]", "anchor 'a'"),
        ("[1]: 2", "A name must be a text"),
        ("# nothing", "no document"),
        ("a: \ud800", "Lone surrogate"),
        ("é: \x01", "control characters"),
        ("[" * 1_000_000, "nested 100 levels deep"),
        ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
            for old, new in zip("abcdefgh", "bcdefghi", strict=True)), "stand for more values"),
    ],
)  # fmt: skip
def test_yaml_that_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidYaml) as refused:
        read_yaml(text)
    assert said in yaml_problem(text, refused.value)


FOLDER = Path(__file__).parents[2] / "samples"
SAMPLES = [*sorted(FOLDER.glob("[a-d]*.json")), *sorted(FOLDER.glob("[a-d]*.yaml"))]


def every_place(value: Any, location: str) -> Iterator[tuple[str, str | None, Any]]:
    """Give the location of every value, the name of each that is a member, and the value."""
    pairs: list[tuple[str, str | None, Any]] = []
    if isinstance(value, dict):
        pairs = [(f"{location}/{name}", name, each) for name, each in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{location}[{index}]", None, each) for index, each in enumerate(value)]
    for place, name, each in pairs:
        yield place, name, each
        yield from every_place(each, place)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_value_and_every_name_of_a_text_has_its_place(sample: Path) -> None:
    text = sample.read_text()
    source_format: Any = "YAML" if sample.suffix == ".yaml" else "JSON"
    value = read_yaml(text)[0] if source_format == "YAML" else json.loads(text)
    lines = text.splitlines()
    locator = Locator(text, source_format)
    for location, name, each in every_place(value, ""):
        assert locator.locate(location) is not None, location
        place = locator.locate_name(location)
        if name is None:
            assert place is None, location
            continue
        assert place is not None, location
        assert place.start.line == place.end.line
        written = lines[place.start.line - 1][place.start.column - 1 : place.end.column - 1]
        assert read_yaml(written)[0] in (name, each, int(name) if name.isdigit() else name)


def test_names_that_are_there_twice() -> None:
    text = '{"StartAt": "A",\n "States": {"A": {"Type": "Fail"}, "A": {"Type": "Succeed"}}}'
    ((location, name, place),) = Locator(text).repeated_names()
    assert (location, name) == ("/States", "A")
    assert (place.start, place.end) == (Position(2, 13), Position(2, 16))
    (found,) = review(text)
    assert (found.diagnostic.code, found.range) == ("REPEATED_NAME", place)
