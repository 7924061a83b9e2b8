"""Whole definitions, as people write them: what there is to say of each, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonpatch
import pytest

from studio.asl import json_text
from studio.asl.diagnostics import Diagnostic
from studio.asl.parse import inspect_document
from studio.asl.review import Finding, review
from studio.asl.source.yaml_text import read_yaml
from studio.asl.validate import advise

FOLDER = Path(__file__).parents[2] / "samples"
SAMPLES = sorted([*FOLDER.glob("*.json"), *FOLDER.glob("*.yaml")])


def read(sample: Path) -> tuple[Any, list[Finding]]:
    text = sample.read_text()
    if sample.suffix == ".yaml":
        return read_yaml(text)[0], review(text, "YAML")
    return json_text.loads(text), review(text, "JSON")


def errors(document: Any) -> set[Diagnostic]:
    return {each for each in inspect_document(document) if each.severity == "ERROR"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_has_the_findings_beside_it(sample: Path) -> None:
    document, found = read(sample)
    diagnostics = [each.diagnostic for each in found]
    lines = [f"{each.severity} {each.code} {each.location or 'null'}" for each in diagnostics]
    assert lines == sample.with_suffix(".expected").read_text().splitlines()
    assert [each.diagnostic for each in found if each.range is None] == []
    for each in diagnostics:
        for fix in each.fixes:
            mended = jsonpatch.apply_patch(document, list(fix.operations))
            assert each not in [*inspect_document(mended), *advise(mended)]
            assert errors(mended) <= errors(document), "a fix breaks nothing"
            if each in advise(document):
                assert set(advise(mended)) < set(advise(document)), "a fix brings nothing new"


def test_every_expectation_has_its_sample() -> None:
    expected = {path.stem for path in FOLDER.glob("*.expected")}
    assert sorted(expected) == sorted(path.stem for path in SAMPLES)
