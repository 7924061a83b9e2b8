"""A page goes on where the one before ended, for its own request only, and for a day."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from studio.aws.page_tokens import TOKEN_SECONDS, next_token, read_page, read_position
from studio.errors import InvalidToken
from studio.models import StateMachine

OPERATION = "ListStateMachines"
REQUEST: dict[str, Any] = {"maxResults": 2}


def names(request: dict[str, Any], by: str = "name") -> tuple[list[str], str | None]:
    rows, more = read_page(OPERATION, request, StateMachine.objects.all(), by)
    return [row.name for row in rows], more.get("nextToken")


@pytest.fixture
def five(db: None) -> None:
    StateMachine.objects.bulk_create(
        StateMachine(name=name, created_at=timezone.now()) for name in "bdace"
    )


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(("by", "order"), [("name", "abcde"), ("-name", "edcba")])
def test_pages_hold_every_row_once(by: str, order: str) -> None:
    found: list[str] = []
    request = dict(REQUEST)
    while True:
        page, token = names(request, by)
        found += page
        if token is None:
            break
        assert len(page) == 2
        request = {**REQUEST, "nextToken": token}
    assert "".join(found) == order


@pytest.mark.usefixtures("five")
def test_a_last_page_that_is_full_has_no_token() -> None:
    assert names({"maxResults": 5}) == (list("abcde"), None)
    assert names({}) == (list("abcde"), None)
    assert names({"maxResults": 0}) == (list("abcde"), None)


@pytest.mark.usefixtures("five")
def test_rows_that_come_and_go_neither_repeat_nor_hide_others() -> None:
    _, token = names(REQUEST)
    StateMachine.objects.filter(name__in="ab").delete()
    StateMachine.objects.create(name="aa", created_at=timezone.now())
    assert names({**REQUEST, "nextToken": token})[0] == ["c", "d"]


def refused(operation: str, request: dict[str, Any]) -> bool:
    try:
        read_position(operation, request)
    except InvalidToken:
        return True
    return False


def test_a_token_is_for_its_request_and_account(settings: Any) -> None:
    token = next_token(OPERATION, REQUEST, "b")
    assert read_position(OPERATION, {**REQUEST, "nextToken": token}) == "b"
    assert refused("ListActivities", {**REQUEST, "nextToken": token})
    assert refused(OPERATION, {"maxResults": 3, "nextToken": token})
    assert refused(OPERATION, {"nextToken": token})
    settings.AWS_ACCOUNT_ID = "210987654321"
    assert refused(OPERATION, {**REQUEST, "nextToken": token})


def test_a_token_that_was_changed_or_made_elsewhere(settings: Any) -> None:
    token = next_token(OPERATION, REQUEST, "b")
    for place in range(0, len(token), 3):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        assert refused(OPERATION, {**REQUEST, "nextToken": changed}), place
    assert refused(OPERATION, {**REQUEST, "nextToken": signing.dumps(["x", "b"])})
    settings.SECRET_KEY = "another installation's, another installation's"
    assert refused(OPERATION, {**REQUEST, "nextToken": token})


def test_a_token_is_good_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    request = {**REQUEST, "nextToken": next_token(OPERATION, REQUEST, "b")}
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + TOKEN_SECONDS - 60)
    assert read_position(OPERATION, request) == "b"
    monkeypatch.setattr(time, "time", lambda: now + TOKEN_SECONDS + 60)
    assert refused(OPERATION, request)
