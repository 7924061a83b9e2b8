"""The templates of the designer's gallery: a template that is refused teaches nobody anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.asl.review import review

FOLDER = Path(__file__).parents[3] / "frontend/src/features/designer/gallery/templates"
TEMPLATES = sorted(FOLDER.glob("*.asl.json"))


def test_there_are_at_least_twelve() -> None:
    assert len(TEMPLATES) >= 12


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_can_be_published(file: Path) -> None:
    findings = review(file.read_text())
    assert [each.diagnostic for each in findings if each.diagnostic.severity == "ERROR"] == []
