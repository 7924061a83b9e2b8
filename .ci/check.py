"""Every check that needs no running system. All of them run; a table says which failed.

Run by `make check`. With `--write-api` it only writes the OpenAPI document and the browser's
types anew, which is what to do when their two checks fail.
"""

# ruff: noqa: T201 - speaking to a person is what this is for

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BIN = PROJECT / ".venv" / "bin"
FRONTEND = PROJECT / "frontend"
DOCUMENT = PROJECT / "docs" / "reference" / "openapi.yaml"
TYPES = FRONTEND / "src" / "api" / "schema.d.ts"


def run(*command: str | Path, cwd: Path = PROJECT) -> tuple[bool, str]:
    """Run a program; whether it succeeded, and everything it said."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "studio.config.settings"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout


def write_document(path: Path) -> tuple[bool, str]:
    """Write the OpenAPI document as the code has it."""
    return run(
        *(BIN / "python", "manage.py", "spectacular"),
        *("--file", path, "--validate", "--fail-on-warn"),
    )


def write_types(path: Path) -> tuple[bool, str]:
    """Write the browser's types as the stored document has them."""
    tool = FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    return run(tool, DOCUMENT, "-o", path, cwd=FRONTEND)


def is_current(path: Path, write: Callable[[Path], tuple[bool, str]]) -> tuple[bool, str]:
    """Whether a generated file is what its generator writes now."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / path.name
        succeeded, said = write(fresh)
        if not succeeded:
            return False, said
        if not path.exists():
            return False, f"{path.relative_to(PROJECT)} is missing: make api writes it\n"
        same, difference = run("diff", "-u", path, fresh)
    if same:
        return True, ""
    shown = "\n".join(difference.splitlines()[:40])
    return False, f"{shown}\n{path.relative_to(PROJECT)} is not current: make api writes it\n"


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    # eslint reads every type, as tsc does: alone it takes as long as all the others together.
    "eslint": lambda: run("npm", "run", "--silent", "lint", cwd=FRONTEND),
    "typescript": lambda: run("npm", "run", "--silent", "typecheck", cwd=FRONTEND),
    "mypy": lambda: run(BIN / "mypy"),
    "prettier": lambda: run("npm", "run", "--silent", "format", cwd=FRONTEND),
    "bandit": lambda: run(
        *(BIN / "bandit", "-q", "-r", "studio", "executions", "-lll"),
    ),
    "OpenAPI document": lambda: is_current(DOCUMENT, write_document),
    "migrations": lambda: run(
        BIN / "python", "manage.py", "makemigrations", "--check", "--dry-run"
    ),
    "generated types": lambda: is_current(TYPES, write_types),
    "rules of our own": lambda: run(BIN / "python", PROJECT / ".ci" / "source_rules.py"),
    "import contracts": lambda: run(BIN / "lint-imports"),
    "ruff check": lambda: run(BIN / "ruff", "check", "."),
    "ruff format": lambda: run(BIN / "ruff", "format", "--check", "."),
}
"""The longest first: two run at a time, and so both ends come at once."""


def timed(name: str) -> tuple[str, bool, str, float]:
    """Run one check: its name, whether it succeeded, what it said, and the seconds it took."""
    began = time.monotonic()
    succeeded, said = CHECKS[name]()
    return name, succeeded, said, time.monotonic() - began


def check() -> int:
    """Run every check, two at a time, show what failed and a table; the number of failures."""
    rows = []
    with ThreadPoolExecutor(2) as pool:
        for done in as_completed([pool.submit(timed, name) for name in CHECKS]):
            name, succeeded, said, seconds = done.result()
            rows.append((name, succeeded, seconds))
            print(f"{'ok    ' if succeeded else 'FAILED'}  {name}", flush=True)
            if not succeeded:
                print(said.rstrip(), flush=True)
    failed = [name for name, succeeded, _ in rows if not succeeded]
    print(f"\n{'check':<18} {'result':<8} {'time':>6}")
    for name, succeeded, took in rows:
        print(f"{name:<18} {'ok' if succeeded else 'FAILED':<8} {took:>5.1f} s")
    print(f"\n{len(rows) - len(failed)} checks passed, {len(failed)} failed")
    return len(failed)


def write_api() -> int:
    """Write the document and the types anew; 0 when both succeeded."""
    for path, write in ((DOCUMENT, write_document), (TYPES, write_types)):
        path.parent.mkdir(parents=True, exist_ok=True)
        succeeded, said = write(path)
        print(said if not succeeded else f"wrote {path.relative_to(PROJECT)}")
        if not succeeded:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(write_api() if sys.argv[1:] == ["--write-api"] else min(check(), 1))
