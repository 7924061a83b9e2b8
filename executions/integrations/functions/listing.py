"""Which functions the folders hold, read from their text: nothing is imported."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from executions.integrations.functions.names import FunctionNameError, parse_function_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EVENT = ["event", "context"]
"""What a function's arguments are called by custom; others of a module are its own business."""
MAX_BYTES = 1_000_000


def function_names(folders: Iterable[Path]) -> list[str]:
    """Names that a Task can call, sorted. Files that cannot be read or parsed are left out."""
    names: set[str] = set()
    for folder in folders:
        for file in [*folder.glob("*.py"), *folder.glob("*/__init__.py")]:
            module = file.parent.name if file.name == "__init__.py" else file.stem
            names.update(_names_of(file, module))
    return sorted(name for name in names if _can_be_called(name))


def _names_of(file: Path, module: str) -> list[str]:
    try:
        if file.stat().st_size > MAX_BYTES:
            return []
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return []
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    handlers = {"handler", module}
    own = [module] if any(node.name in handlers for node in found) else []
    return own + [
        f"{module}.{node.name}"
        for node in found
        if node.name not in handlers and [each.arg for each in node.args.args] == EVENT
    ]


def _can_be_called(name: str) -> bool:
    try:
        parse_function_name(name)
    except FunctionNameError:
        return False
    return True
