"""``/api/data-flow/``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

DEFINITION: dict[str, Any] = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": {
            "Type": "Pass",
            "Parameters": {"order": {"id": 7, "lines": [{"sku": "a"}]}},
            "Assign": {"customer.$": "$.name"},
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.order.lines",
            "ItemProcessor": {
                "StartAt": "Ship",
                "States": {
                    "Ship": {"Type": "Pass", "Assign": {"shipped": True}, "End": True},
                },
            },
            "ResultPath": "$.shipped",
            "End": True,
        },
    },
}


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


def ask(client: Client, definition: object, state: str, **more: str) -> Any:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    body = {"definition": text, "stateName": state, **more}
    return client.post("/api/data-flow/", body, content_type="application/json")


def test_a_state_is_offered_what_earlier_states_make(visitor: Client) -> None:
    offered = ask(visitor, DEFINITION, "Each").json()
    built = ["$", "$.order", "$.order.id", "$.order.lines", "$.order.lines[0]"]
    built.append("$.order.lines[0].sku")
    assert offered["input"] == built
    assert offered["effective"] == built
    assert offered["output"] == [*built, "$.shipped", "$.shipped[0]", "$.shipped[0].sku"]
    assert offered["variables"] == ["customer"]


def test_a_state_inside_has_its_item_and_the_variables_around_it(visitor: Client) -> None:
    offered = ask(visitor, DEFINITION, "Ship").json()
    assert offered["input"] == ["$", "$.sku"]
    assert offered["variables"] == ["customer", "shipped"]
    distributed = json.loads(json.dumps(DEFINITION))
    processor = distributed["States"]["Each"]["ItemProcessor"]
    processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert ask(visitor, distributed, "Ship").json()["variables"] == ["shipped"]


def test_nothing_is_known_of_what_cannot_be_read(visitor: Client) -> None:
    nothing = ask(visitor, "{", "Each").json()
    assert (nothing["input"], nothing["variables"]) == (["$"], [])
    assert ask(visitor, DEFINITION, "Nobody").json() == nothing
    assert ask(visitor, "a: [", "Each", format="YAML").json() == nothing
    assert ask(visitor, "[]", "Each").json() == nothing


def test_yaml_is_followed_like_json(visitor: Client) -> None:
    text = "StartAt: A\nStates:\n  A: {Type: Pass, Result: {b: 1}, Next: C}\n  C: {Type: Succeed}\n"
    assert ask(visitor, text, "C", format="YAML").json()["input"] == ["$", "$.b"]


def test_requests_that_cannot_be_meant(visitor: Client) -> None:
    assert ask(Client(), DEFINITION, "Each").status_code == 401
    answer = visitor.post("/api/data-flow/", {"definition": "{}"}, "application/json")
    assert answer.json()["message"] == "stateName: This field is required."
