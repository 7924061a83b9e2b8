"""Sensitive values in texts, and credentials in logs."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from studio.credential_log import CredentialFormatter, without_credentials
from studio.redaction import hide, hide_payload, hide_text
from studio.sensitive_fields import marks_of

CANARY = "canary-7f3a"


@pytest.fixture(autouse=True)
def _sensitive(settings: Any) -> None:
    settings.SENSITIVE = frozenset({"pin"})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"pin": 1, "Pin": [2], "pins": 3}, {"pin": "********", "Pin": "********", "pins": 3}),
        ([{"a": {"PIN": None}}], [{"a": {"PIN": "********"}}]),
        ({"t": '{"pin":1}'}, {"t": '{"pin":"********"}'}),
        ({"t": '["{\\"pin\\":1}"]'}, {"t": '["{\\"pin\\":\\"********\\"}"]'}),
        ({"t": "{ not json pin"}, {"t": "{ not json pin"}),
        ({"t": '{"n": 1.0}'}, {"t": '{"n": 1.0}'}),
        (12345678901234567890123, 12345678901234567890123),
    ],
)
def test_what_is_hidden(value: Any, shown: Any) -> None:
    assert json.loads(hide_text(json.dumps(value))) == shown


def test_what_has_nothing_to_hide_is_as_it_was(settings: Any) -> None:
    text = '{ "a" : 1.0 }'
    assert hide_text(text) == text
    assert hide_text("no JSON, pin") == "no JSON, pin"
    settings.SENSITIVE = frozenset()
    assert hide_text('{"pin":1}') == '{"pin":1}'


MARKS = marks_of(json.dumps(["token", "$.card.number", "$.items[*].code"]))


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        # A key alone, wherever it stands.
        (
            {"token": 1, "a": [{"Token": {"b": 2}}]},
            {"token": "********", "a": [{"Token": "********"}]},
        ),
        # A path, wherever its keys follow one another: states move values.
        ({"card": {"number": 1, "name": 2}}, {"card": {"number": "********", "name": 2}}),
        ({"order": {"card": {"number": 1}}}, {"order": {"card": {"number": "********"}}}),
        ({"card": [{"number": 1}]}, {"card": [{"number": "********"}]}),
        ({"card": {"holder": {"number": 1}}, "number": 2}, None),
        ({"items": [{"code": 1}, {"code": 2}]}, {"items": [{"code": "********"}] * 2}),
        ({"items": {"code": 1}}, {"items": {"code": "********"}}),
        # A text within counts as what it says.
        ({"card": '{"number":1}'}, {"card": '{"number":"********"}'}),
        ('{"token":1}', '{"token":"********"}'),
        # The installation's names still count.
        ({"pin": 1}, {"pin": "********"}),
    ],
)
def test_what_marks_hide(payload: Any, shown: Any) -> None:
    event = {"token": "of the answer", "input": json.dumps(payload)}
    hidden = json.loads(hide_text(json.dumps(event), MARKS))
    assert hidden["token"] == "of the answer"
    assert json.loads(hidden["input"]) == (payload if shown is None else shown)
    assert hide(payload, MARKS) == (payload if shown is None else shown)


def test_marks_alone_suffice(settings: Any) -> None:
    settings.SENSITIVE = frozenset()
    assert hide_payload('{"token":1}', MARKS) == '{"token":"********"}'
    assert hide_text('{"input":"{\\"token\\":1}"}', MARKS) == (
        '{"input":"{\\"token\\":\\"********\\"}"}'
    )


def test_definitions_are_no_payloads() -> None:
    text = json.dumps({"definition": json.dumps({"States": {"A": {"token": 1, "pin": 2}}})})
    (definition,) = json.loads(hide_text(text, MARKS)).values()
    assert json.loads(definition) == {"States": {"A": {"token": 1, "pin": "********"}}}


def test_payloads_that_are_no_texts() -> None:
    event = {"stateExitedEventDetails": {"assignedVariables": {"token": '"t"', "n": "1"}}}
    assert json.loads(hide_text(json.dumps(event), MARKS)) == {
        "stateExitedEventDetails": {"assignedVariables": {"token": "********", "n": "1"}}
    }


@pytest.mark.parametrize(
    ("pointer", "is_hidden"),
    [
        ("/card/number", True),
        ("/orders/0/card/number/last", True),
        ("/items/3/code", True),
        ("/number", False),
        ("", False),
    ],
)
def test_differences_at_a_pointer(pointer: str, is_hidden: bool) -> None:
    difference = {"pointer": pointer, "expected": f'"{CANARY}"', "actual": None}
    shown = json.loads(hide_text(json.dumps(difference), MARKS))
    assert (CANARY not in str(shown)) is is_hidden
    assert (shown["pointer"], shown["actual"]) == (pointer, None)


@pytest.mark.parametrize("length", range(1, 90, 3))
def test_a_text_that_was_cut_off_shows_nothing(length: int) -> None:
    within = json.dumps({"n": 1, "card": {"Number": CANARY}, "t": json.dumps({"token": CANARY})})
    hidden = hide_text(json.dumps({"input": within[:length]}), MARKS)
    assert "canary" not in hidden
    assert isinstance(json.loads(hidden)["input"], str)


def test_a_member_that_is_there_twice_shows_nothing() -> None:
    within = f'{{"a":{{"token":"{CANARY}"}},"a":1}}'
    assert CANARY not in hide_text(json.dumps({"input": within}), MARKS)
    escaped = f'{{"a":{{"t\\u006fken":"{CANARY}"}},"a":1}}'
    assert CANARY not in hide_text(json.dumps({"input": escaped}), MARKS)
    assert CANARY not in hide_text(json.dumps({"input": escaped[:-6]}), MARKS)


def test_what_lies_too_deep_is_hidden_whole() -> None:
    text = json.dumps({"pin": CANARY})
    for _ in range(12):
        text = json.dumps([text])
    assert CANARY not in hide_text(text)


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {CANARY}",
        f"headers={{'Authorization': 'AWS4-HMAC-SHA256 Credential=A, Signature={CANARY}'}}",
        f"[(b'authorization', b'Basic {CANARY}'), (b'host', b'x')]",
        f'{{"Cookie": "stepwell_session_8000={CANARY}; csrftoken={CANARY}"}}',
        f"set-cookie: x={CANARY}; HttpOnly",
        f'{{"ApiKeyValue": "{CANARY}"}}',
        f"{{'ClientSecret': '{CANARY}', 'ClientID': 'c'}}",
        f"password={CANARY}",
        f"GET /?swt_{CANARY}-and-more-of-it",
        f"aws_secret_access_key = {CANARY}",
        f'{{\n  "secretAccessKey": "{CANARY}"\n}}',
    ],
)
def test_credentials_do_not_reach_a_log(line: str) -> None:
    assert CANARY in line
    assert CANARY not in without_credentials(line)


def test_nor_in_a_traceback() -> None:
    formatter = CredentialFormatter("%(levelname)s %(message)s")
    try:
        raise ValueError({"Authorization": CANARY, "host": "example.org"})
    except ValueError as error:
        args = (type(error), error, error.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed: %s", ("odd",), args)
    text = formatter.format(record)
    assert CANARY not in text
    assert "example.org" in text
    assert text.startswith("ERROR failed: odd")


def test_what_is_no_credential_stays() -> None:
    for line in ("3 passwords were changed", "the cookie jar", "authorizations: 3", "Cookies"):
        assert without_credentials(line) == line
