"""What a rule makes of an event: the whole, a part, a constant, a template."""

from __future__ import annotations

import json
from typing import Any

import pytest

from executions.actions.triggers.input_transformer import InputFrom, InvalidInput

EVENT = {
    "id": "7",
    "time": "2027-01-31T09:00:00Z",
    "detail": {"name": 'Ada "the first"', "count": 3, "tags": ["a", "b"]},
}


def made(**how: Any) -> Any:
    source = InputFrom(**how)
    source.check()
    return json.loads(source.make(EVENT, rule="orders", rule_arn="arn:rule"))


def test_nothing_given_is_the_whole_event() -> None:
    assert made() == EVENT


def test_a_path_is_a_part_of_it() -> None:
    assert made(path="$.detail.tags") == ["a", "b"]
    assert made(path="$.detail.gone") is None


def test_a_constant_is_itself() -> None:
    assert made(constant='{"fixed": true}') == {"fixed": True}


def test_a_template_has_values_as_json_and_texts_in_strings() -> None:
    template = '{"who": "Dear <name>!", "count": <count>, "tags": <tags>, "all": "<tags>"}'
    paths = {"name": "$.detail.name", "count": "$.detail.count", "tags": "$.detail.tags"}
    assert made(template=template, paths=paths) == {
        "who": 'Dear Ada "the first"!',
        "count": 3,
        "tags": ["a", "b"],
        "all": '["a","b"]',
    }


def test_what_is_not_there_is_null_or_nothing() -> None:
    paths = {"gone": "$.detail.gone"}
    assert made(template='{"a": <gone>, "b": "x<gone>y"}', paths=paths) == {"a": None, "b": "xy"}


def test_a_template_knows_its_rule_and_the_event() -> None:
    template = '{"rule": <aws.events.rule-name>, "event": <aws.events.event.json>}'
    assert made(template=template) == {"rule": "orders", "event": EVENT}
    assert "detail" not in made(template="<aws.events.event>")


def test_a_value_cannot_break_out_of_its_string() -> None:
    event = {"detail": {"name": '", "admin": true, "x": "'}}
    source = InputFrom(template='{"name": "<name>"}', paths={"name": "$.detail.name"})
    text = source.make(event, rule="r", rule_arn="a")
    assert json.loads(text) == {"name": '", "admin": true, "x": "'}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"constant": "{"}, "input is not JSON"),
        ({"constant": "{}", "path": "$"}, "one of input"),
        ({"path": "detail"}, "no JSONPath"),
        ({"template": "<name>"}, "has <name>"),
        ({"template": "<a b>", "paths": {"a b": "$"}}, "no variable's name"),
        ({"template": "{}", "paths": {"AWSname": "$"}}, "no variable's name"),
        ({"template": "x" * 9000}, "8192"),
    ],
)
def test_what_can_give_no_input_is_refused(how: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        InputFrom(**how).check()


def test_a_template_that_gives_no_json_fails() -> None:
    source = InputFrom(template='{"a": <a>', paths={"a": "$.id"})
    with pytest.raises(InvalidInput, match="is not JSON"):
        source.make(EVENT, rule="r", rule_arn="a")
