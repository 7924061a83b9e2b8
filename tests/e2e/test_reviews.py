"""Two people at once: one proposes a change, the other reviews it, and then it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect  # noqa: A004

from studio.config.embedded.stack import Stack
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.installation import ROLE, account_of
from tests.e2e.screens import close_by_key
from tests.e2e.test_accessibility import Examination, examination

__all__ = ["examination"]

pytestmark = pytest.mark.e2e

FIRST: dict[str, Any] = {
    "StartAt": "Hold",
    "States": {
        "Hold": {"Type": "Wait", "SecondsPath": "$.hold", "Next": "Reserve"},
        "Reserve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "reserve"},
            "Next": "Thank",
        },
        "Thank": {"Type": "Pass", "End": True},
    },
}
RULES = {
    "isRequired": True,
    "bindsPrograms": True,
    "approvals": 1,
    "approvers": [],
    "testsMustPass": False,
    "whatIfMustNotDiverge": False,
    "threadsMustBeResolved": False,
}


def changed(name: str = "Reserve", **fields: Any) -> dict[str, Any]:
    """Reserve with other fields, under another name perhaps."""
    definition: Any = deepcopy(FIRST)
    states = definition["States"]
    state = {**states["Reserve"], **fields}
    definition["States"] = {"Hold": states["Hold"], name: state, "Thank": states["Thank"]}
    definition["States"]["Hold"]["Next"] = name
    return definition  # type: ignore[no-any-return]


def ask(page: Page, method: str, path: str, body: Any, *, status: int = 200) -> Any:
    """The REST API, as the page would ask it."""
    cookies = page.context.cookies()
    token = next(str(each.get("value")) for each in cookies if each.get("name") == "csrftoken")
    answer = page.request.fetch(
        path, method=method, data=body, headers={"X-CSRFToken": token, "Referer": page.url}
    )
    assert answer.status == status, answer.text()
    return answer.json()


@pytest.fixture
def ada(browser: Browser, page: Page, stack: Stack) -> Iterator[Page]:
    """Somebody who writes, in a browser of her own; whoever has ``page`` is the admin."""
    page.goto("/")
    name = f"ada-{uuid4().hex[:6]}"
    body = {"username": name, "role": "editor", "createAccount": True}
    added = ask(page, "POST", "/api/members/", body, status=201)
    context = browser.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    hers = context.new_page()
    hers.goto("/")
    hers.get_by_label("User name").fill(name)
    hers.get_by_label("Password").fill(added["password"])
    hers.get_by_role("button", name="Sign in").click()
    hers.get_by_test_id("machine-row").first.wait_for()
    yield hers
    context.close()


@pytest.fixture
def trips(page: Page, sfn: Any, ada: Page) -> str:
    """A state machine whose changes need an approval, with an alias on its first version."""
    name = f"trips-{uuid4().hex[:8]}"
    made = sfn.create_state_machine(
        name=name, roleArn=ROLE, definition=json.dumps(FIRST), publish=True
    )
    routes = [{"stateMachineVersionArn": made["stateMachineVersionArn"], "weight": 100}]
    sfn.create_state_machine_alias(name="live", routingConfiguration=routes)
    ask(page, "PUT", f"/api/state-machines/{name}/review-rules/", RULES)
    return name


def write(page: Page, name: str, definition: dict[str, Any]) -> None:
    """Have the designer open with this as one's draft."""
    machine = page.request.get(f"/api/state-machines/{name}/").json()
    known = page.request.get(f"/api/drafts/{name}/")
    body = {
        "definition": json.dumps(definition, indent=2),
        "format": "JSON",
        "baseRevisionId": machine["revisionId"],
        "follows": known.json()["sequence"] if known.ok else 0,
    }
    ask(page, "PUT", f"/api/drafts/{name}/", body)
    page.goto(f"/state-machines/{name}/edit")
    page.locator("[data-testid=code-pane] .cm-content").wait_for()
    choose_to_propose(page)


def choose_to_propose(page: Page) -> None:
    """From the menu beside Publish, which closes when a part of the page loads late."""
    item = page.get_by_test_id("propose")
    for _ in range(3):
        page.get_by_test_id("publish-more").click()
        try:
            item.click(timeout=PATIENCE_MS / 3)
        except TimeoutError:
            page.keyboard.press("Escape")
        else:
            return
    item.click()


def card(page: Page, state: str) -> Locator:
    return page.locator(f'[data-testid=state-card][data-state-name="{state}"]')


def expect_push(page: Page, number: int) -> None:
    expect(page.get_by_test_id("proposal")).to_have_attribute("data-push", str(number))


def propose(ada: Page, name: str, reviewer: str) -> None:
    write(ada, name, changed(TimeoutSeconds=30))
    ada.get_by_test_id("propose-title").fill("Give up after half a minute")
    ada.locator(f'[data-testid=person][data-person="{reviewer}"]').check()
    ada.get_by_test_id("propose-submit").click()
    expect_push(ada, 1)


def push_renamed(ada: Page, name: str) -> None:
    write(ada, name, changed("Book", TimeoutSeconds=45))
    ada.get_by_test_id("propose-words").fill("Called what it does")
    ada.get_by_test_id("propose-submit").click()
    expect_push(ada, 3)


def comment(page: Page, text: str, field: str = "", suggestion: str = "") -> None:
    if field:
        page.get_by_test_id("thread-field").select_option(label=field)
    place = page.get_by_test_id("new-thread")
    place.get_by_test_id("comment-text").fill(text)
    if suggestion:
        place.get_by_test_id("suggest").click()
        place.get_by_test_id("suggestion-text").fill(suggestion)
    place.get_by_test_id("comment-submit").click()
    expect(page.get_by_test_id("thread").filter(has_text=text)).to_be_visible()


def approve(page: Page) -> None:
    page.get_by_test_id("approve").click()
    page.get_by_test_id("review-submit").click()
    expect(page.get_by_test_id("blockers")).to_contain_text("It can be published")


def test_a_change_is_proposed_reviewed_and_published(
    page: Page, ada: Page, trips: str, stack: Stack, sfn: Any
) -> None:
    reviewer = account_of(stack).username
    alias = f"arn:aws:states:us-east-1:123456789012:stateMachine:{trips}:live"
    running = sfn.start_execution(stateMachineArn=alias, input='{"hold": 3600}')["executionArn"]
    propose(ada, trips, reviewer)
    # An author cannot approve their own.
    expect(ada.get_by_test_id("approve")).to_be_disabled()
    expect(ada.get_by_test_id("publish-proposal")).to_be_disabled()

    # The other one is told, comments on a state and on a field of it, and asks for changes.
    page.goto("/")
    page.get_by_test_id("bell").click()
    page.get_by_test_id("notification").filter(has_text=trips).click()
    expect_push(page, 1)
    card(page, "Reserve").click()
    comment(page, "Is that long enough?")
    comment(page, "Rather this", "TimeoutSeconds", "45")
    expect(card(page, "Reserve").get_by_test_id("card-threads")).to_contain_text("2")
    page.get_by_test_id("ask-for-changes").click()
    page.get_by_test_id("review-message").fill("See the threads")
    page.get_by_test_id("review-submit").click()
    expect(page.get_by_test_id("blockers")).to_contain_text(f"{reviewer} asks for changes")

    # She sees it without a reload, applies what he suggests, renames the state, and pushes again.
    expect(ada.get_by_test_id("blockers")).to_contain_text(f"{reviewer} asks for changes")
    ada.get_by_test_id("apply-suggestion").click()
    expect_push(ada, 2)
    push_renamed(ada, trips)
    thread = page.get_by_test_id("thread").filter(has_text="Is that long enough?")
    expect(thread).to_have_attribute("data-state-name", "Book")
    expect(thread.get_by_test_id("thread-place")).to_have_text("Book")
    expect(card(page, "Book").get_by_test_id("card-threads")).to_contain_text("1")
    resolved = page.locator("[data-testid=thread][data-resolved]")
    expect(resolved).to_contain_text("TimeoutSeconds of Book")

    # A stale approval does not publish.
    approve(page)
    write(ada, trips, changed("Book", TimeoutSeconds=50))
    ada.get_by_test_id("propose-submit").click()
    expect_push(ada, 4)
    row = ada.locator(f'[data-testid=reviewer][data-reviewer="{reviewer}"]')
    expect(row).to_have_attribute("data-stale", "true")
    expect(ada.get_by_test_id("publish-proposal")).to_be_disabled()
    stale = f"/api/state-machines/{trips}/proposals/1/publish/"
    assert ask(ada, "POST", stale, {"push": 3}, status=409)["code"] == "ProposalChanged"
    assert ask(ada, "POST", stale, {"push": 4}, status=409)["code"] == "ProposalNotReady"

    expect_push(page, 4)
    approve(page)
    ada.get_by_test_id("publish-proposal").click()
    expect(ada.get_by_test_id("publish-alias")).to_have_value("live")
    ada.get_by_test_id("publish-proposal-submit").click()
    expect(ada.get_by_test_id("proposal-status")).to_have_attribute("data-proposal", "PUBLISHED")

    # The alias has moved; what runs keeps its version.
    routed = sfn.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]
    assert [(each["stateMachineVersionArn"][-2:], each["weight"]) for each in routed] == [
        (":2", 100)
    ]
    described = sfn.describe_execution(executionArn=running)
    assert described["status"] == "RUNNING"
    assert described["stateMachineVersionArn"].endswith(":1")
    later = sfn.start_execution(stateMachineArn=alias, input='{"hold": 3600}')["executionArn"]
    started = sfn.describe_execution(executionArn=later)
    assert started["stateMachineVersionArn"].endswith(":2")
    for each in (running, later):
        sfn.stop_execution(executionArn=each)


def test_publishing_directly_leads_to_a_proposal(ada: Page, trips: str) -> None:
    write(ada, trips, changed(TimeoutSeconds=30))
    title = ada.get_by_test_id("propose-title")
    expect(title).to_be_visible()
    close_by_key(ada.get_by_role("dialog"))
    ada.get_by_test_id("publish").click()
    expect(title).to_be_visible()


def test_what_is_approved_is_what_was_looked_at(
    page: Page, ada: Page, trips: str, stack: Stack
) -> None:
    propose(ada, trips, account_of(stack).username)
    page.goto(f"/state-machines/{trips}/proposals/1")
    page.get_by_test_id("approve").click()
    page.get_by_test_id("review-submit").wait_for()
    machine = ada.request.get(f"/api/state-machines/{trips}/").json()
    pushed = {
        "definition": json.dumps(changed(TimeoutSeconds=86_400)),
        "format": "JSON",
        "baseRevisionId": machine["revisionId"],
        "follows": 1,
    }
    ask(ada, "POST", f"/api/state-machines/{trips}/proposals/1/pushes/", pushed)
    expect_push(page, 2)
    page.get_by_test_id("review-submit").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("has been changed")
    assert ask(page, "GET", f"/api/state-machines/{trips}/proposals/1/", None)["reviews"] == []


def test_a_webhook_is_made_tried_and_turned_off(page: Page, trips: str) -> None:
    page.goto(f"/state-machines/{trips}/webhooks")
    page.get_by_test_id("add-review-webhooks").click()
    page.get_by_label("Address").fill("https://127.0.0.1:1/hook")
    page.get_by_test_id("review-webhook-submit").click()
    expect(page.get_by_test_id("made-secret")).not_to_be_empty()
    page.get_by_test_id("secret-kept").click()
    row = page.get_by_test_id("review-webhook")
    row.get_by_test_id("show-deliveries").click()
    page.get_by_test_id("add-review-deliveries").click()
    # It is not called: workers reach only the public internet.
    delivery = page.get_by_test_id("review-delivery")
    expect(delivery).to_contain_text("STEPWELL_HTTP_ALLOW")
    close_by_key(page.get_by_role("dialog"))
    row.get_by_role("button", name="Turn off").click()
    expect(row).to_have_attribute("data-off", "true")


def test_mails_are_chosen(page: Page, ada: Page) -> None:
    ada.goto("/account")
    chosen = ada.locator("[data-testid=mail-choice][data-event=PUSHED]")
    # Drawn anew when the request is on its way: uncheck() would look before that.
    with ada.expect_response(
        lambda answer: answer.request.method == "PUT" and "/mails/" in answer.url and answer.ok
    ):
        chosen.click()
    expect(chosen).not_to_be_checked()
    ada.reload()
    expect(chosen).not_to_be_checked()
    expect(ada.locator("[data-testid=mail-choice][data-event=APPROVED]")).to_be_checked()


def test_axe_finds_nothing(
    page: Page, ada: Page, trips: str, stack: Stack, examination: Examination
) -> None:
    propose(ada, trips, account_of(stack).username)
    page.goto("/proposals")
    page.get_by_test_id("proposal-row").filter(has_text=trips).wait_for()
    examination.look()
    page.get_by_test_id("proposal-row").filter(has_text=trips).get_by_role("link").click()
    card(page, "Reserve").click()
    comment(page, "Rather this", "TimeoutSeconds", "45")
    examination.look()
    page.get_by_test_id("approve").click()
    page.get_by_test_id("review-submit").wait_for()
    examination.look()
    close_by_key(page.get_by_role("dialog"))
    page.get_by_test_id("bell").click()
    page.get_by_role("dialog", name="Notifications").wait_for()
    examination.look()
    close_by_key(page.get_by_role("dialog", name="Notifications"))
    page.goto(f"/state-machines/{trips}/versions")
    page.get_by_test_id("alias").wait_for()
    examination.look()
    page.get_by_test_id("move-alias").click()
    page.get_by_test_id("move-submit").wait_for()
    examination.look()
    page.goto(f"/state-machines/{trips}/webhooks")
    page.get_by_test_id("review-webhooks").wait_for()
    examination.look()
    page.goto("/account")
    page.get_by_test_id("mail-choices").wait_for()
    examination.look()
    examination.verdict()
