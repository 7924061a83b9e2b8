"""One installation, one browser, and a person who has signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from studio.config.embedded.stack import Stack
from tests.e2e.installation import account_of, boto3_client, running_stack
from tests.e2e.screens import ExecutionScreen, sign_in
from tests.e2e.workflows import Workflows

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RECORDINGS = ("--tracing", "--video", "--screenshot")
"""Options of pytest-playwright that look at a context from its beginning to its end."""
PATIENCE_MS = 45_000
"""How long a condition may take on a busy machine. No test measures time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in this thread until the
    session ends, and the asynchronous tests of other folders want to run one themselves.
    """
    items.sort(key=lambda item: item.path.is_relative_to(HERE))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The installation, once for all browser tests."""
    with running_stack(tmp_path_factory.mktemp("stepwell") / "var") as running:
        yield running


@pytest.fixture(scope="session")
def sfn(stack: Stack) -> Iterator[Any]:
    """boto3 with the first account's key."""
    with boto3_client(stack) as client:
        yield client


@pytest.fixture(scope="session")
def base_url(stack: Stack) -> str:
    """What pytest-playwright puts before every address."""
    return stack.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of one that Playwright would download."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="session")
def signed_in(browser: Browser, stack: Stack) -> Any:
    """The cookies of somebody who has signed in; the form itself has tests of its own."""
    context = browser.new_context(base_url=stack.url)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/")
    sign_in(page, account_of(stack))
    page.get_by_test_id("machine-row").first.wait_for()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], signed_in: Any) -> dict[str, Any]:
    """Every page belongs to somebody signed in, in a window of a usual size."""
    return {
        **browser_context_args,
        "storage_state": signed_in,
        "viewport": {"width": 1440, "height": 900},
        "color_scheme": "light",
    }


@pytest.fixture(scope="session")
def profile(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """The browser as somebody has it who was here before: it knows the bundle.

    Fetching and compiling that anew takes a second of a processor, as much as many a test. It is
    kept compiled by the process that draws the pages of an address, and that ends with the last of
    them: so one stays open, with nothing in it.
    """
    context = browser.new_context(**browser_context_args)
    context.new_page().goto("/healthz")
    yield context
    context.close()


@pytest.fixture
def has_own_context(request: pytest.FixtureRequest) -> bool:
    """Whether a test asks for another context than everybody's, or is to be recorded."""
    return request.node.get_closest_marker("browser_context_args") is not None or any(
        request.config.getoption(each) != "off" for each in RECORDINGS
    )


@pytest.fixture
def context(request: pytest.FixtureRequest, has_own_context: bool) -> Iterator[BrowserContext]:
    """Patient, whatever else the machine does."""
    context: BrowserContext = (
        request.getfixturevalue("new_context")()
        if has_own_context
        else request.getfixturevalue("profile")
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    there_before = context.pages
    yield context
    for page in context.pages:
        if page not in there_before:
            page.close()


@pytest.fixture
def page(
    context: BrowserContext, has_own_context: bool, stack: Stack, signed_in: Any
) -> Iterator[Page]:
    """A page; what throws in it, or offends against its own policy, fails the test."""
    page = context.new_page()
    if not has_own_context:
        forget_the_last_test(page, stack, signed_in)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda message: (
            wrong.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    assert wrong == []


def forget_the_last_test(page: Page, stack: Stack, signed_in: Any) -> None:
    """Empty everything that a page can keep (cookies, storage, databases), and sign in anew."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": stack.url, "storageTypes": "all"})
    devtools.detach()
    page.context.clear_cookies()
    page.context.add_cookies(signed_in["cookies"])


@pytest.fixture
def workflows(sfn: Any, tmp_path: Path) -> Workflows:
    """State machines and executions, made through boto3."""
    return Workflows(sfn, tmp_path)


@pytest.fixture
def screen(page: Page) -> ExecutionScreen:
    """The execution page, in a tester's words."""
    return ExecutionScreen(page)
