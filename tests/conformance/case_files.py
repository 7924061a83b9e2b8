"""The cases of ``cases/``, as pytest's parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def with_letters(value: dict[str, Any]) -> Any:
    """Write ``{"$letters": n}`` out: a text of n times the letter a, or of that in ``$of``."""
    return value.get("$of", "a") * value["$letters"] if "$letters" in value else value


FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"), object_hook=with_letters)
]
