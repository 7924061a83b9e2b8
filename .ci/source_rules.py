"""What our own sources must not have, beyond what ruff's and bandit's rules see.

Those refuse eval, exec, pickle, mark_safe, shell=True, verify=False and requests without a time
limit already. These look at what they leave open: SQL that is put together from values, and what
puts markup into a page. Run by `make check`; needs nothing but Python.

A line that is right all the same says why: ``# sql: only names of our own columns``.
"""

# ruff: noqa: T201 - speaking to a person is what this is for

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
Finding = tuple[int, str]

STATEMENTS: Final = {"execute", "executemany", "raw", "RawSQL", "extra"}
"""Functions whose first argument is SQL."""
SAID: Final = re.compile(r"#\s*sql:\s*\S")
MARKUP: Final = {
    ".html": (
        (re.compile(r"\|\s*(?:safe|safeseq)\b"), "shows text as markup"),
        (re.compile(r"\{%\s*autoescape\s+off"), "shows text as markup"),
        (re.compile(r"<script(?![^>]*\bnonce=)"), "is a script that the policy does not name"),
    ),
    ".ts": (
        (re.compile(r"\bdangerouslySetInnerHTML\b"), "puts text into the page as markup"),
        (re.compile(r"\.(?:inner|outer)HTML\s*=|\binsertAdjacentHTML\("), "does the same"),
        (re.compile(r"\bdocument\.write\("), "does the same"),
        (re.compile(r"(?<![\w.])eval\(|\bnew Function\("), "runs text as code"),
    ),
}


def sql_findings(source: str) -> Iterator[Finding]:
    """Statements that have more in them than constants: names in capitals, and their attributes."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in STATEMENTS or _is_constant(node.args[0]):
            continue
        said = lines[max(node.lineno - 2, 0) : (node.end_lineno or node.lineno)]
        if not any(SAID.search(line) for line in said):
            yield node.lineno, "puts SQL together from values: give them as parameters"


def _is_constant(node: ast.expr) -> bool:
    """Whether a text has nothing in it but what the sources say; a plain name is believed."""
    match node:
        case ast.JoinedStr():
            return all(
                isinstance(part, ast.Constant) or _is_own(part.value)  # type: ignore[attr-defined]
                for part in node.values
            )
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.BinOp(op=ast.Mod()):
            return False
        case ast.Call(func=ast.Attribute(attr="format", value=template)):
            # psycopg's own composer quotes what is put in.
            return isinstance(template, ast.Call)
        case _:
            return True


def _is_own(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return bool(name) and name == name.upper()


def markup_findings(source: str, kind: str) -> Iterator[Finding]:
    """Lines of a template or a module of the front end that make markup or code of text."""
    for number, line in enumerate(source.splitlines(), 1):
        for pattern, what in MARKUP[kind]:
            if pattern.search(line):
                yield number, what


def findings(path: Path) -> Iterator[Finding]:
    """What a file has that it must not have."""
    kind = {".tsx": ".ts"}.get(path.suffix, path.suffix)
    source = path.read_text()
    if kind == ".py":
        yield from sql_findings(source)
    elif kind in MARKUP:
        yield from markup_findings(source, kind)


def sources() -> Iterator[Path]:
    """Every file that the rules are about; tests may do as they like."""
    for folder in ("studio", "executions"):
        yield from (PROJECT / folder).rglob("*.py")
    for folder in ("templates", "studio", "executions"):
        yield from (PROJECT / folder).rglob("*.html")
    for path in (PROJECT / "frontend" / "src").rglob("*.ts*"):
        if not path.name.endswith((".test.ts", ".fixture.ts")):
            yield path


def main() -> int:
    """Print each finding; how many."""
    count = 0
    for path in sorted(set(sources())):
        for line, what in findings(path):
            count += 1
            print(f"{path.relative_to(PROJECT)}:{line}: {what}")
    return count


if __name__ == "__main__":
    sys.exit(min(main(), 1))
