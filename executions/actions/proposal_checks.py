"""What is tried of every push of a proposal: ``settings.REVIEW_CHECKS`` names these functions.

Each call makes one step and gives what the next one goes on from, so that a worker that is killed
costs one step and a long check shows how far it is.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import orjson
from django.db import transaction

from executions.actions import what_ifs
from executions.actions.rehearsals import is_express, run_case
from executions.actions.renamed_states import case_on
from executions.actions.workflow_tests import list_tests, values_of
from executions.errors import TooManyTests, WhatIfDoesNotExist
from executions.models import Replay, WorkflowTest
from studio.actions.proposals.checks import Step
from studio.actions.sensitive_fields import marks_for
from studio.actions.state_machines import get_state_machine
from studio.asl import json_text
from studio.errors import ApiError, ValidationException
from studio.models import ProposalCheck, StateMachine
from studio.redaction import hide_text
from studio.sensitive_fields import Marks

STEP_SECONDS = 3.0
"""After how long a step is put down; the case that is under way then is finished first."""
BUSY_SECONDS = 1.0
"""How soon to ask again where as many rehearsals are under way as may be."""
LOOK_SECONDS = 1.0
"""How often to look how far the replays are."""
LATEST = 50
"""Executions that the what-if of a proposal is asked of."""
SHOWN = 3
"""Divergences of each execution that are kept with the check."""

Status = ProposalCheck.Status


def try_tests(state_machine: str, definition: str, memo: dict[str, Any]) -> Step:
    """Run the saved test cases of a state machine on a definition (JSON text).

    The answer has ``results``: for each case ``name``, ``passed``, and ``problem`` in words; and
    ``passed`` and ``failed``, how many there are.
    """
    results: list[dict[str, Any]] = memo.get("results", [])
    tried = {each["name"] for each in results}
    tests = list(list_tests(state_machine))
    until = time.monotonic() + STEP_SECONDS
    express = is_express(state_machine)
    for test in tests:
        if test.name in tried:
            continue
        if time.monotonic() > until:
            return Step(Status.WAITING, {"results": results, "total": len(tests)})
        try:
            results.append(_try(test, state_machine, definition, is_express=express))
        except TooManyTests:
            return Step(Status.WAITING, {"results": results, "total": len(tests)}, BUSY_SECONDS)
    failed = sum(not each["passed"] for each in results)
    answer = {"results": results, "passed": len(results) - failed, "failed": failed}
    if not results:
        return Step(Status.SKIPPED, {**answer, "reason": "No test cases are saved."})
    return Step(Status.FAILED if failed else Status.PASSED, answer)


def _try(
    test: WorkflowTest, state_machine: str, definition: str, *, is_express: bool
) -> dict[str, Any]:
    try:
        case = case_on(state_machine, values_of(test), definition)
        result = run_case(state_machine, definition, case, is_express=is_express)
    except TooManyTests:
        raise
    except ApiError as fault:
        return {"name": test.name, "id": test.pk, "passed": False, "problem": fault.message}
    return {
        "name": test.name,
        "id": test.pk,
        "passed": bool(result["passed"]),
        "problem": "" if result["passed"] else _problem(result, marks_for(state_machine)),
    }


def _problem(result: dict[str, Any], marks: Marks) -> str:
    """Why a case did not pass, in words. Everybody who may see the proposal reads them, and nothing
    can be hidden in a sentence afterwards: it says no value that is sensitive.
    """
    if result["stop"]:
        return str(result["stop"]["message"])
    shown = json_text.loads(hide_text(json_text.dumps(result["unmet"]), marks))
    unmet = [_unmet(each) for each in shown]
    return "; ".join(unmet)[:1000] or f"It ended {result['status']}."


def _unmet(each: dict[str, Any]) -> str:
    place = f" at {each['pointer']}" if each["pointer"] else ""
    expected, actual = (each[side] or "nothing" for side in ("expected", "actual"))
    return f"The {each['what']}{place} is {actual}, not {expected}"


def try_what_if(state_machine: str, definition: str, memo: dict[str, Any]) -> Step:
    """Have the latest executions replayed on a definition (JSON text), and look until they are.

    The answer has ``whatIfId``, ``total``, ``counts`` by verdict, and ``results``: those that do
    not end the same, with their first divergences.
    """
    what_if_id = memo.get("whatIfId")
    if what_if_id is None:
        machine = get_state_machine(state_machine)
        if machine.type == StateMachine.Type.EXPRESS:
            return Step(Status.SKIPPED, {"reason": "Express executions keep no history to replay."})
        try:
            with transaction.atomic():
                asked = what_ifs.ask_what_if(state_machine, definition, None, LATEST)
        except ValidationException as fault:
            return Step(Status.SKIPPED, {"reason": fault.message})
        # A worker that is killed here leaves a question that nobody reads, and asks another.
        return Step(Status.WAITING, {"whatIfId": asked.pk}, LOOK_SECONDS)
    try:
        what_if = what_ifs.get_what_if(state_machine, what_if_id)
    except WhatIfDoesNotExist:
        # Twenty others were asked meanwhile.
        return Step(Status.WAITING, {}, LOOK_SECONDS)
    replays = list(what_if.replays.all())
    counts = Counter(replay.verdict for replay in replays)
    progress = {"whatIfId": what_if_id, "total": len(replays)}
    if counts[None]:
        return Step(Status.WAITING, {**progress, "done": len(replays) - counts[None]}, LOOK_SECONDS)
    answer = {
        **progress,
        "counts": {verdict: counts[verdict] for verdict in Replay.Verdict.values},
        "results": [_replayed(each) for each in replays if each.verdict != "SAME"][:LATEST],
    }
    bad = counts[Replay.Verdict.DIVERGES] + counts[Replay.Verdict.FAILED]
    return Step(Status.FAILED if bad else Status.PASSED, answer)


def _replayed(replay: Replay) -> dict[str, Any]:
    answer = orjson.loads(replay.answer) if replay.answer else {}
    return {
        "executionName": replay.execution_name,
        "verdict": replay.verdict,
        "divergences": [
            {"kind": each.get("kind"), "place": each.get("place"), "message": each.get("message")}
            for each in answer.get("divergences", [])[:SHOWN]
        ],
    }
