"""How much JavaScript a page needs before anything is pressed."""

from __future__ import annotations

import gzip
import json
from typing import Any

from benchmarks.browser.figures import Table
from studio.config.embedded.roles import PROJECT

BUILT = PROJECT / "static" / "app"
PAGES = {
    "execution": "src/features/executions/execution-page.tsx",
    "designer": "src/features/designer/designer-page.tsx",
}
EDITOR = "src/features/designer/code/code-pane.tsx"


def measure(table: Table) -> None:
    """What each page's chunks import at once, gzipped, in kilobytes."""
    manifest: dict[str, Any] = json.loads((BUILT / ".vite" / "manifest.json").read_text())

    def closure(*names: str) -> float:
        found: set[str] = set()
        queue = list(names)
        while queue:
            name = queue.pop()
            if name not in found:
                found.add(name)
                queue += manifest[name].get("imports", [])
        files = {manifest[name]["file"] for name in found}
        return sum(len(gzip.compress((BUILT / each).read_bytes())) for each in files) / 1000

    for page, entry in PAGES.items():
        table.most(f"JavaScript of the {page} page", closure("src/main.tsx", entry), 230, "kB")
    beside = closure("src/main.tsx", PAGES["designer"])
    editor = closure("src/main.tsx", PAGES["designer"], EDITOR)
    table.most("  the editor beside it, lazily", editor - beside, 160, "kB")
