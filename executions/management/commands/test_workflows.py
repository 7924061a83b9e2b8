"""``manage.py test_workflows``: runs tests of workflows and says what differs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from executions.actions.workflow_suites import Ran, UnusableSuite, file_suites, saved_suites
from executions.management.test_reports import as_json, junit, summary, text_line
from executions.runtime.rehearsals import processes
from studio import arns
from studio.actions.workspaces import get_workspace
from studio.errors import ResourceNotFound


class Command(BaseCommand):
    """Runs tests of workflows in memory. The exit status is 0 where all passed, 1 where not."""

    help = (
        "Run tests of workflows in memory: Tasks give what mocks say, Waits take no time. Without "
        "PATHs those that are saved in the database; with PATHs those of files, and of all files "
        "*.tests.json and *.tests.yaml in folders, which needs no database. The exit status is 0 "
        "where all passed, 1 where one did not, 2 where they could not be run or there are none."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what may stand behind it."""
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a file or folder")
        parser.add_argument(
            "--machine",
            action="append",
            default=[],
            metavar="NAME",
            help="only this state machine; several times for several",
        )
        parser.add_argument(
            "--state-machine-version",
            type=int,
            metavar="NUMBER",
            help="test this version instead of the current revision",
        )
        parser.add_argument(
            "--workspace",
            metavar="SLUG",
            help="whose saved tests, by its slug; without it the first one's",
        )
        parser.add_argument("--format", choices=("text", "junit", "json"), default="text")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="write there instead of to the screen"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Run them."""
        if options["paths"]:
            self._run(options)  # Files need no database.
            return
        try:
            workspace = get_workspace(options["workspace"])
        except ResourceNotFound as error:
            raise CommandError(error.message, returncode=2) from None
        with arns.acting_in(workspace.account):
            self._run(options)

    def _run(self, options: dict[str, Any]) -> None:
        paths: list[Path] = options["paths"]
        machines: list[str] = options["machine"]
        for path in paths:
            if not path.exists():
                raise CommandError(f"{path} does not exist.", returncode=2)
        suites = (
            file_suites(paths)
            if paths
            else saved_suites(machines, options["state_machine_version"])
        )
        is_text = options["format"] == "text" and options["output"] is None
        all_ran: list[Ran] = []
        try:
            for suite in suites:
                if machines and suite.machine not in machines:
                    continue
                for ran in suite.run():
                    all_ran.append(ran)
                    if is_text:
                        self.stdout.write(text_line(ran))
        except UnusableSuite as fault:
            raise CommandError(str(fault), returncode=2) from None
        finally:
            processes.close()
        if not all_ran:
            raise CommandError("There are no tests to run.", returncode=2)
        if options["output"] is not None:
            report = _report(options["format"], all_ran)
            options["output"].write_text(report + "\n", encoding="utf-8")
        if is_text or options["output"] is not None:
            self.stdout.write(summary(all_ran))
        else:
            self.stdout.write(_report(options["format"], all_ran))
        if not all(ran.passed for ran in all_ran):
            sys.exit(1)


def _report(form: str, all_ran: list[Ran]) -> str:
    if form == "junit":
        return junit(all_ran)
    if form == "json":
        return as_json(all_ran)
    return "\n".join([*map(text_line, all_ran), summary(all_ran)])
