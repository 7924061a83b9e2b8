"""Sensitive values in texts, and credentials in logs."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from studio.credential_log import CredentialFormatter, without_credentials
from studio.redaction import hide_text

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
