"""The tests that ``manage.py test_workflows`` runs: those that are saved, or those of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from executions.actions.rehearsals import is_express, run_case, saved_definition
from executions.actions.workflow_tests import case_of, list_tests, values_of
from executions.interpreter.rehearsal.case_files import InvalidCaseFile, read_case_file
from executions.models import WorkflowTest
from studio import arns
from studio.asl import json_text
from studio.asl.source.yaml_text import InvalidYaml, read_yaml, yaml_problem
from studio.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from executions.interpreter.rehearsal.cases import Case
    from studio.asl.definition import Json

FILE_ENDINGS = (".tests.json", ".tests.yaml", ".tests.yml")
"""What files of tests are called in a folder."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One test: how it went (as ``rehearsals.run_case`` says), or why it could not be run."""

    suite: str
    name: str
    result: dict[str, Any] | None
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether it was run, and as it should."""
        return self.result is not None and bool(self.result["passed"])


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of one definition. ``cases`` make each case ready; that may fail by itself."""

    name: str
    machine: str
    definition: str
    is_express: bool = False
    cases: dict[str, Callable[[], Case]] = field(default_factory=dict)

    def run(self) -> Iterator[Ran]:
        """Run each test, one after another."""
        for name, make in self.cases.items():
            try:
                result = run_case(self.machine, self.definition, make(), is_express=self.is_express)
            except ApiError as fault:
                yield Ran(self.name, name, None, fault.message)
            else:
                yield Ran(self.name, name, result)


class UnusableSuite(Exception):
    """A file, or what it names, cannot be read; the text says which and why."""


def saved_suites(machines: Iterable[str], version: int | None) -> Iterator[Suite]:
    """Give the suites that are saved for these state machines, or for all that have one.

    Raises UnusableSuite where a state machine that is named does not exist.
    """
    rows = WorkflowTest.objects.order_by("state_machine")
    named = [arns.full_name(each) for each in machines] or list(
        rows.values_list("state_machine", flat=True).distinct()
    )
    for machine in named:
        try:
            definition = saved_definition(machine, version)
        except ApiError as fault:
            if not machines:
                continue  # Of a draft that has not been published.
            raise UnusableSuite(fault.message) from None
        cases: dict[str, Callable[[], Case]] = {
            test.name: partial(_saved_case, test) for test in list_tests(machine)
        }
        short = arns.short_name(machine)
        yield Suite(short, short, definition, is_express(machine), cases)


def _saved_case(test: WorkflowTest) -> Case:
    return case_of(test.state_machine, values_of(test))


def file_suites(paths: Iterable[Path]) -> Iterator[Suite]:
    """Give the suites of files, and of all in folders that end with ``.tests.json`` or ``.yaml``.

    Raises UnusableSuite.
    """
    for path in paths:
        if path.is_dir():
            found = sorted(
                each
                for each in path.rglob("*")
                if each.name.endswith(FILE_ENDINGS) and each.is_file()
            )
        else:
            found = [path]
        for each in found:
            yield from _suites_of(each)


def _suites_of(path: Path) -> Iterator[Suite]:
    try:
        file = read_case_file(_read(path))
    except InvalidCaseFile as fault:
        raise UnusableSuite(f"{path}: {fault}") from None
    for machine in file.machines:
        definition = _definition(path, machine.name, machine.definition)
        cases: dict[str, Callable[[], Case]] = {
            case.name: partial(file.case, case) for case in machine.cases
        }
        text = json_text.dumps(_read(definition))
        yield Suite(f"{path}: {machine.name}", machine.name, text, cases=cases)


def _definition(path: Path, machine: str, named: str | None) -> Path:
    """Find the definition that a file tests: the one it names, or else one beside it."""
    if named is not None:
        return path.parent / named
    names = (machine, path.name.partition(".tests.")[0], "definition")
    for name in names:
        for ending in (".asl.json", ".asl.yaml", ".asl.yml"):
            if (path.parent / f"{name}{ending}").is_file():
                return path.parent / f"{name}{ending}"
    raise UnusableSuite(
        f"{path}: there is no definition of '{machine}'. Name its file as \"Definition\", or put "
        f"{machine}.asl.json beside this file."
    )


def _read(path: Path) -> Json:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UnusableSuite(f"{path} cannot be read: {fault}") from None
    if path.suffix == ".json":
        try:
            return json_text.loads(text)
        except json_text.InvalidJson as fault:
            raise UnusableSuite(f"{path} is not JSON: {fault}") from None
    try:
        return read_yaml(text)[0]
    except InvalidYaml as fault:
        raise UnusableSuite(f"{path} is not YAML: {yaml_problem(text, fault)}") from None
