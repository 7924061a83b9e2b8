"""What the pages cost in a browser, beside their budgets.

``sizes`` reads what was built. ``opening``, ``graph``, ``burst``, ``long`` and ``items`` measure
the page of an execution alone, against a server that stands in for Stepwell (``stand_in``), so
that their figures are the page's. ``live``, ``history`` and ``designer-…`` run against a whole
installation: from a commit of the engine to the paint, the first rows of a long history, and from
an edit to the server's diagnostics.

Each part is a process of its own with a limit: what waits in the page for something that never
comes is given up, and the parts after it are measured all the same.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.browser import designer, execution_page, history, live, sizes
from benchmarks.browser.figures import Table
from benchmarks.browser.parts import run_limited
from benchmarks.browser.window import window
from studio.config.embedded import install
from studio.config.embedded.ports import free_port
from studio.config.embedded.stack import FirstAccount, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

__all__ = ["PARTS", "main"]

LIMIT_SECONDS = 240
"""For how long a part is waited for, its installation included where it has one."""


def main(*names: str) -> None:
    """Take the figures of these parts, or of all of them: some five minutes."""
    install.bundle()
    table = Table()
    load = f"{os.getloadavg()[0]:.1f}"
    table.line("load of the machine, one minute", load, f"{os.cpu_count()} cores")
    table.line("", "measured", "budget")
    for name in names or PARTS:
        run_limited(name, PARTS[name], table, LIMIT_SECONDS)
    table.line("load of the machine at the end", f"{os.getloadavg()[0]:.1f}")
    table.end()


@contextmanager
def _installed() -> Iterator[tuple[Page, str, FirstAccount]]:
    """A whole installation, and a page in which its first account has signed in."""
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        stack = Stack(Path(folder) / "var", free_port(), durable=False)
        try:
            stack.start()
            account = stack.first_account
            assert account is not None
            with window(stack.url) as page:
                page.goto("/")
                page.get_by_label("User name").fill(account.username)
                page.get_by_label("Password").fill(account.password)
                page.get_by_role("button", name="Sign in").click()
                page.get_by_test_id("machine-row").first.wait_for()
                yield page, stack.url, account
        finally:
            stack.destroy()


def _live(table: Table) -> None:
    with _installed() as (page, url, account):
        live.measure(page, url, account, table)


def _history(table: Table) -> None:
    with _installed() as (page, url, account):
        history.measure(page, url, account, table)


def _designer(part: str, table: Table) -> None:
    with _installed() as (page, _, _):
        designer.PARTS[part](page, table)


PARTS: dict[str, Callable[[Table], None]] = {
    "sizes": sizes.measure,
    **{name: partial(execution_page.measure, name) for name in execution_page.MEASURES},
    "live": _live,
    "history": _history,
    **{f"designer-{part}": partial(_designer, part) for part in designer.PARTS},
}
