"""Several teams on one installation: workspaces, links into them, and single sign-on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.config.embedded.stack import Stack
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.installation import account_of, running_stack
from tests.e2e.screens import machine_row
from tests.e2e.test_accessibility import Examination
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider

pytestmark = pytest.mark.e2e

FIRST = "123456789012"
SECOND = "222222222222"
NOBODYS = "999999999999"


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture(scope="module")
def teams(provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation of its own: a second workspace gives everybody's pages a choice."""
    settings = {
        "STEPWELL_OIDC_ISSUER": provider.issuer,
        "STEPWELL_OIDC_CLIENT_ID": CLIENT_ID,
        "STEPWELL_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "STEPWELL_OIDC_NAME": "Acme",
    }
    with running_stack(tmp_path_factory.mktemp("teams") / "var", **settings) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, teams: Stack) -> Iterator[Page]:
    """Somebody who has not signed in."""
    context = browser.new_context(
        base_url=teams.url, color_scheme="light", viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def call(page: Page, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the page's own session gets from the REST API."""
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    answer = page.request.fetch(
        f"/api/{path}",
        method=method,
        data=json.dumps(body) if body is not None else None,
        headers={"X-CSRFToken": cookies["csrftoken"], "Content-Type": "application/json"},
    )
    assert answer.ok, answer.text()
    return answer.json()


def propose(page: Page) -> str:
    """Make a proposal in the workspace that the session is in; the path of its page."""
    machine = call(page, "GET", "state-machines/orders/")
    changed = json.loads(machine["definition"]) | {"Comment": "Longer"}
    body = {
        "title": "Say more",
        "definition": json.dumps(changed),
        "format": "JSON",
        "baseRevisionId": machine["revisionId"],
    }
    number = call(page, "POST", "state-machines/orders/proposals/", body)["number"]
    return f"/state-machines/orders/proposals/{number}"


def card(page: Page, account: str) -> Any:
    return page.locator(f'[data-testid="workspace"][data-account="{account}"]')


def test_workspaces_are_made_renamed_and_gone_into(visitor: Page, teams: Stack) -> None:
    page = visitor
    examination = Examination(page)
    page.goto("/workspaces")
    sign_in_with_password(page, teams)
    expect(card(page, FIRST)).to_contain_text("You are here")
    expect(card(page, FIRST).get_by_test_id("workspace-member")).to_have_count(1)

    page.get_by_test_id("new-workspace").click()
    page.get_by_label("Name", exact=True).fill("Payments")
    page.get_by_role("textbox", name="Account id").fill("12")
    expect(page.get_by_text("An account id has twelve digits.")).to_be_visible()
    page.get_by_role("textbox", name="Account id").fill(FIRST)
    page.get_by_test_id("create-workspace").click()
    expect(page.get_by_role("alert").filter(has_text="already")).to_be_visible()
    examination.look()
    page.get_by_role("textbox", name="Account id").fill(SECOND)
    page.get_by_test_id("create-workspace").click()
    second = card(page, SECOND)
    expect(second.get_by_test_id("account-id")).to_have_text(SECOND)
    expect(second.get_by_test_id("your-role")).to_have_text("admin")

    second.get_by_test_id("rename-workspace").click()
    page.get_by_label("Name", exact=True).fill("<b>Payments</b>")
    page.get_by_test_id("rename-submit").click()
    expect(second.get_by_role("heading", name="<b>Payments</b>")).to_be_visible()
    choice = page.get_by_test_id("workspace-choice")
    expect(choice.locator("option", has_text="<b>Payments</b>")).to_have_count(1)
    examination.look()

    second.get_by_test_id("go-there").click()
    expect(second).to_contain_text("You are here")
    expect(choice).to_have_value(SECOND)
    examination.verdict()


def test_a_link_leads_into_its_own_workspace(visitor: Page, teams: Stack) -> None:
    page = visitor
    examination = Examination(page)
    page.goto("/workspaces")
    sign_in_with_password(page, teams)
    expect(card(page, FIRST)).to_be_visible()
    if card(page, SECOND).count() == 0:
        call(page, "POST", "workspaces/", {"name": "Payments", "accountId": SECOND})
    path = propose(page)
    page.goto(f"{path}?workspace={FIRST}")
    expect(page.get_by_test_id("proposal-status")).to_be_visible()

    page.request.put(
        "/api/session/workspace/",
        data={"accountId": SECOND},
        headers={
            "X-CSRFToken": next(
                each["value"] for each in page.context.cookies() if each["name"] == "csrftoken"
            )
        },
    )
    page.goto(f"{path}?workspace={FIRST}")
    go_over = page.get_by_test_id("go-over")
    expect(page.get_by_role("heading", name="This link leads into Default")).to_be_visible()
    # Who loads it once more is still told.
    page.reload()
    expect(go_over).to_be_visible()
    examination.look()
    go_over.click()
    expect(page.get_by_test_id("proposal-status")).to_be_visible()
    expect(page).to_have_url(f"{teams.url}{path}")
    expect(page.get_by_test_id("workspace-choice")).to_have_value(FIRST)

    page.goto(f"{path}?workspace={NOBODYS}")
    expect(page.get_by_role("heading", name="not yours")).to_be_visible()
    expect(page.get_by_text(NOBODYS)).to_be_visible()
    examination.look()
    # The rest of the page still works.
    page.get_by_role("link", name="Stepwell, all state machines").click()
    expect(machine_row(page, "orders")).to_be_visible()
    examination.verdict()


def test_single_sign_on(visitor: Page, provider: OpenIdProvider) -> None:
    page = visitor
    examination = Examination(page)
    provider.person = {"sub": "s-7", "preferred_username": "grace"}
    page.goto("/workspaces?from=a-link")
    button = page.get_by_role("link", name="Sign in with Acme")
    expect(button).to_be_visible()
    examination.look()
    button.click()
    # Back where she wanted to go, with an account that an admin can give a role now.
    expect(page.get_by_test_id("account-link")).to_have_text("grace")
    expect(page).to_have_url(re.compile("/workspaces"))
    expect(page.get_by_role("heading", name="You belong to no workspace")).to_be_visible()
    expect(page.get_by_test_id("new-workspace")).to_be_disabled()
    examination.look()
    page.get_by_test_id("account-link").click()
    expect(page.get_by_test_id("no-password")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("Your session at Acme goes on")
    # The provider knows her still; the same account again, and no second one.
    page.get_by_role("link", name="Sign in with Acme").click()
    expect(page.get_by_test_id("account-link")).to_have_text("grace")

    # A name that somebody has here already is not taken over: the page says so.
    page.get_by_role("button", name="Sign out").click()
    provider.person = {"sub": "s-8", "preferred_username": "grace"}
    page.get_by_role("link", name="Sign in with Acme").click()
    expect(page.get_by_text("manage.py identity link")).to_be_visible()
    examination.look()
    examination.verdict()


def sign_in_with_password(page: Page, stack: Stack) -> None:
    """The form beside the provider's button."""
    account = account_of(stack)
    page.get_by_label("User name").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in with a password").click()
