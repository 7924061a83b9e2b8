"""``manage.py test_workflows``, on files and on what is saved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from executions.actions.workflow_tests import TestValues, create_test
from tests.conftest import MakeMachine

PAY = {
    "Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
    "End": True,
}
DEFINITION = {"StartAt": "Pay", "States": {"Pay": PAY}}
TESTS: dict[str, Any] = {
    "StateMachines": {
        "orders": {
            "TestCases": {"Happy": {"Pay": "Paid"}, "Wrong": {"Pay": "Paid"}},
            "Tests": {
                "Happy": {"Input": {}, "Expect": {"Output": {"sum": 3}}},
                "Wrong": {"Input": {}, "Expect": {"Output": {"sum": 4}, "Path": ["Pay", "Mail"]}},
            },
        }
    },
    "MockedResponses": {"Paid": {"0": {"Return": {"sum": 3}}}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.asl.json").write_text(json.dumps(DEFINITION))
    (tmp_path / "orders.tests.json").write_text(json.dumps(TESTS))
    return tmp_path


def run(*words: str | Path, **options: Any) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("test_workflows", *map(str, words), stdout=said, **options)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def only(folder: Path, name: str) -> None:
    tests = json.loads(json.dumps(TESTS))
    for part in ("TestCases", "Tests"):
        members = tests["StateMachines"]["orders"][part]
        tests["StateMachines"]["orders"][part] = {name: members[name]}
    (folder / "orders.tests.json").write_text(json.dumps(tests))


def test_differences_are_said_and_the_status_tells(folder: Path) -> None:
    status, said = run(folder)
    assert status == 1
    assert "ok      " in said
    assert "FAILED  " in said
    assert "output at /sum:\n            expected  4\n            but got   3" in said
    assert 'path at /1:\n            expected  "Mail"\n            but got   nothing' in said
    assert said.endswith("1 passed, 1 failed\n")


def test_all_passed(folder: Path) -> None:
    only(folder, "Happy")
    status, said = run(folder)
    assert (status, said.splitlines()[-1]) == (0, "1 passed, 0 failed")


def test_yaml_and_a_named_definition(folder: Path) -> None:
    (folder / "orders.tests.json").unlink()
    (folder / "orders.asl.json").unlink()
    (folder / "other.yaml").write_text(
        "StartAt: A\nStates:\n  A: {Type: Wait, Seconds: 9999, End: true}\n"
    )
    (folder / "x.tests.yaml").write_text(
        "StateMachines:\n  orders:\n    Definition: other.yaml\n    Tests:\n"
        "      Waits: {Input: [1], Expect: {Output: [1], Path: [A]}}\n"
    )
    assert run(folder)[0] == 0


def test_junit(folder: Path) -> None:
    file = folder / "report.xml"
    assert run(folder, format="junit", output=file)[0] == 1
    root = ElementTree.parse(file).getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    cases = root.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == ["Happy", "Wrong"]
    failure = cases[1].find("failure")
    assert failure is not None
    assert "expected  4" in (failure.text or "")


def test_json(folder: Path) -> None:
    status, said = run(folder, format="json")
    assert status == 1
    tests = json.loads(said)["tests"]
    assert [(each["test"], each["passed"]) for each in tests] == [("Happy", True), ("Wrong", False)]
    assert tests[1]["unmet"][0]["pointer"] == "/sum"


def test_what_cannot_be_run(folder: Path) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        run(folder / "nothing")
    (folder / "orders.asl.json").unlink()
    with pytest.raises(CommandError, match="no definition of 'orders'"):
        run(folder)
    (folder / "orders.tests.json").write_text("{")
    with pytest.raises(CommandError, match="is not JSON"):
        run(folder)
    (folder / "orders.tests.json").unlink()
    with pytest.raises(CommandError, match="no tests") as none:
        run(folder)
    assert none.value.returncode == 2


def test_a_broken_definition_is_said_for_each_test(folder: Path) -> None:
    (folder / "orders.asl.json").write_text('{"StartAt": "A", "States": {}}')
    status, said = run(folder)
    assert status == 1
    assert "Invalid State Machine Definition" in said


def test_what_is_saved(db: None, make_machine: MakeMachine) -> None:
    machine = make_machine(DEFINITION)
    paid = {"Pay": {"Return": 1}}
    create_test(machine.name, TestValues(name="good", input="{}", mocks=paid))
    create_test("draft-only", TestValues(name="later", input="{}", mocks=paid))
    assert run() == (0, f"ok      {machine.name} · good\n1 passed, 0 failed\n")
    assert run(machine=[machine.name])[0] == 0
    create_test(machine.name, TestValues(name="unnamed", input="{}", mocks={"Pay": "gone"}))
    status, said = run(machine=[machine.name])
    assert status == 1
    assert "no mock called 'gone'" in said
    with pytest.raises(CommandError, match="Does Not Exist"):
        run(machine=["nobody"])


def test_files_need_no_database(folder: Path) -> None:
    only(folder, "Happy")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "test_workflows", str(folder)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["1 passed, 0 failed"]), done
