"""``/api/drafts/``: one draft for a person and a state machine, saved as it is typed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

ONE = "/api/drafts/orders/"


def sign_in(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user(name))
    return client


@pytest.fixture
def ada(db: None) -> Client:
    return sign_in("ada")


def save(client: Client, text: str, follows: int = 0, **more: Any) -> Any:
    body = {"definition": text, "follows": follows, **more}
    return client.put(ONE, body, content_type="application/json")


def test_a_draft_is_kept_as_it_was_typed(ada: Client) -> None:
    assert ada.get(ONE).status_code == 404
    base = str(uuid4())
    text = "{ broken\n\n"
    settings = {"type": "EXPRESS", "sampleInput": "{}"}
    saved = save(ada, text, format="YAML", baseRevisionId=base, settings=settings)
    assert saved.status_code == 200
    draft = ada.get(ONE).json()
    assert draft == saved.json()
    del draft["updateDate"]
    assert draft == {
        "name": "orders",
        "definition": text,
        "format": "YAML",
        "baseRevisionId": base,
        "settings": settings,
        "sequence": 1,
    }
    (row,) = ada.get("/api/drafts/").json()["results"]
    assert row["name"] == "orders"
    assert "definition" not in row


def test_settings_that_no_machine_could_have_are_refused(ada: Client) -> None:
    assert save(ada, "{}", settings={"sampleInput": "x" * 300_000}).status_code == 400
    assert save(ada, "{}", settings=["EXPRESS"]).status_code == 400
    assert ada.get(ONE).status_code == 404


def test_another_window_is_not_overwritten(ada: Client) -> None:
    save(ada, "one")
    assert save(ada, "two", follows=1).json()["sequence"] == 2
    late = save(ada, "three", follows=1)
    assert (late.status_code, late.json()["code"]) == (409, "DraftChanged")
    assert ada.get(ONE).json()["definition"] == "two"


def test_saving_twice_is_saving_once(ada: Client) -> None:
    save(ada, "one")
    save(ada, "two", follows=1)
    again = save(ada, "two", follows=1)  # The first answer was lost.
    assert (again.status_code, again.json()["sequence"]) == (200, 2)


def test_nobody_else_sees_it(ada: Client) -> None:
    save(ada, "one")
    grace = sign_in("grace")
    assert grace.get(ONE).status_code == 404
    assert grace.get("/api/drafts/").json() == {"results": []}
    save(grace, "mine")
    grace.delete(ONE)
    assert ada.get(ONE).json()["definition"] == "one"
    assert Client().get(ONE).status_code == 401


def test_discarding(ada: Client) -> None:
    save(ada, "one")
    assert ada.delete(ONE).status_code == 204
    assert ada.delete(ONE).status_code == 204
    assert ada.get(ONE).status_code == 404
    # What another window goes on writing begins anew rather than being lost.
    assert save(ada, "two", follows=1).json()["sequence"] == 1


def test_a_name_that_no_state_machine_can_have(ada: Client) -> None:
    answer = ada.put("/api/drafts/a b/", {"definition": ""}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidName")
