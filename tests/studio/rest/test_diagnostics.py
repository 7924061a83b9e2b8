"""``/api/diagnostics/``."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


def ask(client: Client, **body: Any) -> Any:
    return client.post("/api/diagnostics/", body, content_type="application/json")


def test_findings_have_places_and_fixes(visitor: Client) -> None:
    text = (
        "StartAt: Ask\nStates:\n  Ask:\n    Type: Task\n"
        "    Resource: arn:aws:states:us-east-1:123456789012:activity:ask\n    Next: Gone\n"
    )
    answer = ask(visitor, definition=text, format="YAML")
    assert answer.status_code == 200
    error, _, advice = answer.json()["diagnostics"]
    assert error == {
        "severity": "ERROR",
        "code": "MISSING_TRANSITION_TARGET",
        "message": "Missing 'Next' target: Gone",
        "location": "/States/Ask/Next",
        "range": {"start": {"line": 6, "column": 11}, "end": {"line": 6, "column": 15}},
        "fixes": [],
    }
    assert (advice["severity"], advice["code"]) == ("WARNING", "NO_TIMEOUT")
    assert advice["fixes"] == [
        {
            "title": "End the task after one day (TimeoutSeconds 86400)",
            "operations": [{"op": "add", "path": "/States/Ask/TimeoutSeconds", "value": 86400}],
        }
    ]


def test_an_empty_text_is_an_answer_and_no_fault(visitor: Client) -> None:
    (found,) = ask(visitor, definition="").json()["diagnostics"]
    assert (found["code"], found["range"]["start"]) == (
        "MISSING_DESCRIPTION",
        {"line": 1, "column": 1},
    )


def test_requests_that_cannot_be_meant(visitor: Client) -> None:
    assert ask(visitor).json()["message"] == "definition: This field is required."
    assert ask(visitor, definition="{}", format="XML").status_code == 400
    assert ask(Client(), definition="{}").status_code == 401
