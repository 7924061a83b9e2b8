"""What the pages cost in a browser, beside their budgets: the designer with 1,000 states, sizes.

The execution page's figures come from ``frontend/bench/browser.py``, against a stand-in server; the
designer is measured against a whole installation, since its diagnostics are the server's. Frames
are those of a headless Chromium that draws without a graphics card.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from studio.config.embedded import install
from studio.config.embedded.ports import free_port
from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import Stack

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BUILT = PROJECT / "static" / "app"

FIRST_CARD = """
new MutationObserver((_, watch) => {
  if (!document.querySelector('[data-testid=state-card]')) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.firstCard = performance.now();
  }));
}).observe(document, { subtree: true, childList: true });
"""

# Times between frames, in milliseconds, while `move(n)` is called before each.
FRAMES = """
(ms, move) => new Promise((done) => {
  const times = [];
  const begin = performance.now();
  let last = begin;
  const frame = (now) => {
    times.push(now - last);
    last = now;
    if (now - begin > ms) done(times.slice(2));
    else { move(times.length); requestAnimationFrame(frame); }
  };
  requestAnimationFrame(frame);
})
"""


def definition(states: int) -> dict[str, Any]:
    """So many states, three scopes deep: a Parallel of chains that each hold a Map."""

    def chain(names: list[str]) -> dict[str, Any]:
        following: list[str | None] = [*names[1:], None]
        return {
            "StartAt": names[0],
            "States": {
                name: {"Type": "Pass", **({"Next": after} if after else {"End": True})}
                for name, after in zip(names, following, strict=True)
            },
        }

    branches = []
    for number in range(states // 25):
        scope = chain([f"Pass {number}-{step}" for step in range(12)])
        last = scope["States"][f"Pass {number}-11"]
        del last["End"]
        last["Next"] = f"Each {number}"
        inner = chain([f"Inner {number}-{step}" for step in range(12)])
        each = {"Type": "Map", "ItemProcessor": inner, "End": True}
        scope["States"][f"Each {number}"] = each
        branches.append(scope)
    every = {"Type": "Parallel", "Branches": branches, "End": True}
    return {"StartAt": "All", "States": {"All": every}}


def report(what: str, measured: str, budget: str) -> None:
    """Print one line of the table."""
    print(f"{what:<58}{measured:>22}   {budget}", flush=True)


def frames(times: list[float]) -> str:
    """The 95th percentile and the worst, in milliseconds."""
    return f"{sorted(times)[int(len(times) * 0.95)]:.1f} / {max(times):.0f} ms"


def sizes() -> None:
    """JavaScript of a page before anything is pressed, gzipped: what its chunks import at once."""
    manifest: dict[str, Any] = json.loads((BUILT / ".vite" / "manifest.json").read_text())

    def closure(*names: str) -> int:
        found: set[str] = set()
        queue = list(names)
        while queue:
            name = queue.pop()
            if name not in found:
                found.add(name)
                queue += manifest[name].get("imports", [])
        files = {manifest[name]["file"] for name in found}
        return sum(len(gzip.compress((BUILT / each).read_bytes())) for each in files)

    features = "src/features/"
    pages = {
        "execution": f"{features}executions/execution-page.tsx",
        "designer": f"{features}designer/designer-page.tsx",
    }
    for page, entry in pages.items():
        size = closure("src/main.tsx", entry)
        report(f"JavaScript of the {page} page, gzipped", f"{size / 1000:.0f} kB", "230 kB")
    editor = closure("src/main.tsx", pages["designer"], f"{features}designer/code/code-pane.tsx")
    more = editor - closure("src/main.tsx", pages["designer"])
    report("  the editor beside it, lazily", f"{more / 1000:.0f} kB", "160 kB")


def panned(page: Page) -> list[float]:
    """Drag the canvas with the mouse for three seconds."""
    times: list[float] = page.evaluate(
        f"""() => {{
          const pane = document.querySelector('.react-flow__pane');
          const box = pane.getBoundingClientRect();
          const at = (type, n) => (type === 'mousedown' ? pane : window).dispatchEvent(
            new MouseEvent(type, {{ bubbles: true, cancelable: true, view: window, buttons: 1,
              clientX: box.left + box.width / 2 + 160 * Math.sin(n / 14),
              clientY: box.top + box.height / 2 + 120 * Math.cos(n / 14) }}));
          at('mousedown', 0);
          return ({FRAMES})(3000, (n) => at('mousemove', n)).finally(() => at('mouseup', 0));
        }}"""
    )
    return times


def zoomed(page: Page) -> list[float]:
    """Turn the wheel to and fro for three seconds."""
    times: list[float] = page.evaluate(
        f"""() => {{
          const pane = document.querySelector('.react-flow__pane');
          const box = pane.getBoundingClientRect();
          return ({FRAMES})(3000, (n) => pane.dispatchEvent(new WheelEvent('wheel', {{
            bubbles: true, cancelable: true, view: window,
            clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
            deltaY: Math.floor(n / 20) % 2 ? 30 : -30 }})));
        }}"""
    )
    return times


def opened(page: Page, name: str, states: int) -> None:
    """Save a draft of so many states and open it."""
    token = next(each["value"] for each in page.context.cookies() if each["name"] == "csrftoken")
    page.request.put(
        f"/api/drafts/{name}/",
        data={"definition": json.dumps(definition(states), indent=2), "follows": 0},
        headers={"X-CSRFToken": token, "Referer": page.url},
    )
    page.goto(f"/state-machines/{name}/edit")
    page.wait_for_function("() => window.firstCard > 0")


def designer(page: Page) -> None:
    """Take the designer's figures in turn."""
    page.goto("/")
    idle: list[float] = page.evaluate(f"() => ({FRAMES})(2000, () => undefined)")
    report("a page at rest on this machine: p95 / worst frame", frames(idle), "")
    opened(page, "bench-100", 100)
    ready = float(page.evaluate("() => window.firstCard"))
    report("designer, 100 states: opened to first paint", f"{ready:.0f} ms", "1000 ms")

    opened(page, "bench-1000", 1000)
    paint = float(
        page.evaluate(
            """() => window.firstCard - Math.max(...performance.getEntriesByType('resource')
                 .filter(({ name }) => name.includes('/api/drafts/'))
                 .map(({ responseEnd }) => responseEnd))"""
        )
    )
    report("designer, 1,000 states: data to first paint", f"{paint:.0f} ms", "500 ms")
    page.locator(".cm-content").wait_for()
    report("  pan, start view: p95 / worst frame", frames(panned(page)), "17 / 50 ms")
    report("  zoom, start view: p95 / worst frame", frames(zoomed(page)), "17 / 50 ms")
    page.get_by_test_id("graph").focus()
    page.keyboard.press("0")
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=state-card]').length >= 900"
    )
    each = page.evaluate(
        """() => {
          const all = document.querySelector('.graph').getElementsByTagName('*').length;
          return all / document.querySelectorAll('[data-testid=state-card]').length;
        }"""
    )
    report("  elements of the graph a state, all in view", f"{each:.1f}", "12")
    report("  pan, all in view: p95 / worst frame", frames(panned(page)), "17 / 50 ms")
    report("  zoom, all in view: p95 / worst frame", frames(zoomed(page)), "17 / 50 ms")

    opened(page, "bench-500", 500)
    page.locator(".cm-content").wait_for()
    page.get_by_test_id("below-problems").click()
    page.keyboard.press("Escape")
    page.get_by_test_id("graph").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    field = page.get_by_test_id("field-OutputPath")
    took: list[float] = []
    for text in ("wrong", "$"):
        field.fill(text)
        took.append(
            float(
                page.evaluate(
                    """(problems) => new Promise((done) => {
                      const begin = performance.now();
                      const shown = () => document.querySelector(
                        '[data-testid=below-problems] .card-count') !== null;
                      const look = () => (shown() === problems)
                        ? requestAnimationFrame(() => done(performance.now() - begin))
                        : requestAnimationFrame(look);
                      document.activeElement.blur();
                      requestAnimationFrame(look);
                    })""",
                    text == "wrong",
                )
            )
        )
    shown = " / ".join(f"{each:.0f}" for each in took)
    report("designer, 500 states: edit to diagnostics, come / gone", f"{shown} ms", "300 ms")


def main() -> None:
    """The pages' sizes, the execution page, then the designer."""
    install.bundle()
    load = f"{os.getloadavg()[0]:.1f}"
    report("load of the machine, one minute", load, f"{os.cpu_count()} cores")
    report("", "measured", "budget")
    sizes()
    script = PROJECT / "frontend" / "bench" / "browser.py"
    subprocess.run([sys.executable, str(script)], check=True)
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        stack = Stack(Path(folder) / "var", free_port(), durable=False)
        try:
            stack.start()
            account = stack.first_account
            assert account is not None
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                    args=ARGUMENTS,
                )
                page = browser.new_page(
                    base_url=stack.url,
                    viewport={"width": 1440, "height": 900},
                    # A glide would be measured as time to paint.
                    reduced_motion="reduce",
                )
                page.add_init_script(FIRST_CARD)
                page.on("pageerror", lambda error: print("error in the page:", error))
                page.goto("/")
                page.get_by_label("User name").fill(account.username)
                page.get_by_label("Password").fill(account.password)
                page.get_by_role("button", name="Sign in").click()
                page.get_by_test_id("machine-row").first.wait_for()
                designer(page)
                browser.close()
        finally:
            stack.destroy()


if __name__ == "__main__":
    main()
