"""The rules that our own sources are held against find what they are for, and nothing here."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def rules() -> Any:
    spec = importlib.util.spec_from_file_location("source_rules", ROOT / ".ci/source_rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "source",
    [
        'cursor.execute(f"SELECT {name}")',
        'cursor.execute("SELECT " + f"{name}")',
        'cursor.execute("SELECT %s" % name)',
        'cursor.execute("SELECT {}".format(name))',
        'Thing.objects.raw(f"SELECT {request.path}", [1])',
        'RawSQL(f"{column} = 1", ())',
        'await connection.execute(f"SELECT {name}")',
    ],
)
def test_sql_of_values_is_found(rules: Any, source: str) -> None:
    assert len(list(rules.sql_findings(source))) == 1
    assert list(rules.sql_findings(f"# sql: it is ours\n{source}")) == []
    assert len(list(rules.sql_findings(f"# sql:\n{source}"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        'cursor.execute("SELECT %s", [name])',
        'cursor.execute(f"SELECT {_COLUMNS} FROM {module.TABLE} LIMIT %s", [name])',
        "cursor.execute(STATEMENT, (name,))",
        'connection.execute(psycopg.sql.SQL("{}").format(name))',
        'pool.submit(f"{name}")',
    ],
)
def test_sql_of_constants_is_right(rules: Any, source: str) -> None:
    assert list(rules.sql_findings(source)) == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (".html", "{{ name|safe }}"),
        (".html", "{{ name | safeseq }}"),
        (".html", "{% autoescape off %}"),
        (".html", "<script>alert(1)</script>"),
        (".ts", "<p dangerouslySetInnerHTML={{ __html: name }} />"),
        (".ts", "element.innerHTML = name"),
        (".ts", "element.insertAdjacentHTML('afterend', name)"),
        (".ts", "document.write(name)"),
        (".ts", "eval(name)"),
        (".ts", "new Function(name)()"),
    ],
)
def test_text_as_markup_or_code_is_found(rules: Any, kind: str, line: str) -> None:
    assert len(list(rules.markup_findings(f"one\n{line}\n", kind))) == 1


def test_what_is_right_in_a_page(rules: Any) -> None:
    page = '<script src="x" nonce="{{ request.csp_nonce }}"></script>{{ name }}{# safe #}'
    assert list(rules.markup_findings(page, ".html")) == []
    assert list(rules.markup_findings("retrieval(x); state.eval(y)", ".ts")) == []


def test_there_is_nothing_of_it_here(rules: Any) -> None:
    files = list(rules.sources())
    assert len(files) > 300
    assert [(path.name, found) for path in files for found in rules.findings(path)] == []
