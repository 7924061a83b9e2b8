"""The documentation says what the code does: settings, rules, links."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)


def settings_read() -> set[str]:
    """The variables that the settings and the supervisor read from the environment."""
    files = [ROOT / "studio/config/settings.py", *(ROOT / "studio/config/embedded").glob("*.py")]
    pattern = re.compile(r'environ(?:ment)?(?:\.get\(|\[)\s*"([A-Z][A-Z_]+)"')
    return {name for file in files for name in pattern.findall(file.read_text())}


def test_every_setting_has_its_heading() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text()
    described = set(re.findall(r"^### `([A-Z_]+)`", text, re.MULTILINE))
    own = {n for n in settings_read() if n.startswith(("STEPWELL_", "AWS_", "PORT", "DATABASE"))}
    internal = {"STEPWELL_TEST_SERVICES"}
    assert own - described - internal == set()


def test_every_rule_has_its_page() -> None:
    rules = {p.stem for p in (ROOT / "studio/asl/rules").glob("[!_]*.py")}
    pages = {p.stem.replace("-", "_") for p in (ROOT / "docs/reference/diagnostics").glob("*.md")}
    assert rules - pages == set()


def test_the_index_of_diagnostics_names_every_page() -> None:
    folder = ROOT / "docs/reference/diagnostics"
    pages = {page.name for page in folder.glob("[a-z]*.md")}
    named = re.findall(r"^- \[[^]]+\]\(([a-z-]+\.md)\)", (folder / "README.md").read_text(), re.M)
    assert sorted(named) == sorted(pages)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (document.parent / target).exists(), f"{document}: {target}"


def test_every_table_is_said_to_be_emptied() -> None:
    models = apps.get_models(include_auto_created=True)
    text = (ROOT / "docs/explanation/tables.md").read_text()
    rows = re.findall(r"^\| (`.*?) \|[^|]*\| (.*) \|$", text, re.MULTILINE)
    assert all(remover for _, remover in rows)
    listed = [name for tables, _ in rows for name in re.findall(r"`(\w+)`", tables)]
    assert sorted(listed) == sorted(model._meta.db_table for model in models)


def test_locks_name_no_package_registry() -> None:
    for file in ROOT.glob("requirements*"):
        assert "://" not in file.read_text(), file
    for folder in ("frontend", "tests/contract/javascript"):
        locked = json.loads((ROOT / folder / "package-lock.json").read_text())
        assert [name for name, package in locked["packages"].items() if "resolved" in package] == []
