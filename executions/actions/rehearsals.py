"""Workflows run in memory on mocks: what a test case comes to. Nothing is stored."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from executions.errors import TooManyTests
from executions.interpreter.state import Identity
from executions.runtime.rehearsals import processes
from studio import arns
from studio.actions.state_machines import get_state_machine
from studio.actions.versions import get_version
from studio.asl.errors import InvalidDefinition as DefinitionFault
from studio.asl.parse import parse
from studio.errors import InvalidDefinition, StateMachineDoesNotExist
from studio.models import StateMachine

if TYPE_CHECKING:
    from executions.interpreter.rehearsal.cases import Case

TEST_ROLE = "arn:aws:iam::{account}:role/stepwell"


def run_case(
    state_machine: str, definition: str, case: Case, *, is_express: bool = False
) -> dict[str, Any]:
    """Run a definition (JSON text) on a case's mocks; the answer of ``rehearsals.process``.

    One that took too long, or too much memory, has not passed: ``stop`` says why.

    Raises:
        InvalidDefinition: with every diagnostic.
        TooManyTests: as many are under way as may be.
    """
    check_definition(definition)
    request = {
        "do": "run_case",
        "definition": definition,
        "case": case.as_document(),
        "identity": asdict(_identity(state_machine)),
        "now": round(timezone.now().timestamp(), 3),
        "is_express": is_express,
    }
    try:
        return ask(request)
    except processes.RehearsalLost as lost:
        return {
            "passed": False,
            "status": "RUNNING",
            "output": None,
            "error": None,
            "cause": None,
            "elapsed_seconds": 0.0,
            "stop": {"reason": lost.reason, "place": None, "message": str(lost)},
            "path": [],
            "unmet": [],
            "unknown": [],
            "events": [],
            "event_count": 0,
        }


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Have a process answer. Raises TooManyTests, RehearsalLost."""
    try:
        return processes.ask(request)
    except processes.TooManyRehearsals:
        raise TooManyTests(
            message=f"{settings.REHEARSALS} tests or replays are under way, which is the most at "
            "once (STEPWELL_REHEARSALS). Try again when one of them is over."
        ) from None


def check_definition(definition: str) -> None:
    """Refuse what cannot be run, with InvalidDefinition and every diagnostic."""
    try:
        parse(definition)
    except DefinitionFault as fault:
        text = ", ".join(str(each) for each in fault.diagnostics)
        raise InvalidDefinition(text, fault.diagnostics) from None


def saved_definition(state_machine: str, version: int | None) -> str:
    """The definition of a version, or the current one.

    Raises StateMachineDoesNotExist where there is none.
    """
    machine = get_state_machine(state_machine)
    if version is not None:
        return get_version(state_machine, str(version)).revision.definition
    if machine.current is None:
        raise StateMachineDoesNotExist(machine.arn)
    return machine.current.definition


def is_express(state_machine: str) -> bool:
    """Whether it is an Express state machine; one that is not created yet is not."""
    return StateMachine.objects.filter(name=state_machine, type=StateMachine.Type.EXPRESS).exists()


def _identity(state_machine: str) -> Identity:
    """Make up an execution that runs under its state machine's own name."""
    name = f"test-{uuid.uuid4()}"
    return Identity(
        execution_arn=arns.execution_arn(state_machine, name),
        execution_name=name,
        role_arn=TEST_ROLE.format(account=arns.account_of(state_machine)),
        state_machine_arn=arns.state_machine_arn(state_machine),
        state_machine_name=arns.short_name(state_machine),
    )
