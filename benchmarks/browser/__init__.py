"""What the pages cost in a browser, beside their budgets.

``sizes`` reads what was built. ``execution_page`` measures the page of an execution alone, against
a server that stands in for Stepwell (``stand_in``), so that its figures are the page's. ``live``
and ``designer`` run against a whole installation: from a commit of the engine to the paint, and
from an edit to the server's diagnostics.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks.browser import designer, execution_page, live, sizes
from benchmarks.browser.figures import Table
from benchmarks.browser.window import window
from studio.config.embedded import install
from studio.config.embedded.ports import free_port
from studio.config.embedded.stack import Stack

__all__ = ["main"]


def main() -> None:
    """Take every figure in turn, in some four minutes."""
    install.bundle()
    table = Table()
    load = f"{os.getloadavg()[0]:.1f}"
    table.line("load of the machine, one minute", load, f"{os.cpu_count()} cores")
    table.line("", "measured", "budget")
    sizes.measure(table)
    execution_page.measure(table)
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
                live.measure(page, stack.url, account, table)
                designer.measure(page, table)
        finally:
            stack.destroy()
    table.line("load of the machine at the end", f"{os.getloadavg()[0]:.1f}")
    table.end()
