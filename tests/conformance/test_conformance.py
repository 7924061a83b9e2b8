"""Runs every case of ``cases/`` in each World and compares what it expects with what is seen."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from executions.runtime.invariants import check_invariants
from studio.actions.access_keys import create_access_key
from studio.actions.members import default_workspace
from tests.conformance.case_files import CASES
from tests.conformance.clock import OPTIONS
from tests.conformance.runtime_world import RuntimeWorld
from tests.conformance.script import Case
from tests.conformance.wire_world import WireWorld
from tests.conformance.world import MachineWorld, Outcome, World
from tests.wire.conftest import Key, boto3_client, start_server, stop_server

if TYPE_CHECKING:
    from collections.abc import Iterator


SEEDED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|A[Q-Za-f][A-Za-z0-9_-]{100,}"
)
"""A version 4 UUID, or a task token."""


@pytest.fixture(scope="module")
def machine() -> MachineWorld:
    """The pure machine, which the other Worlds are compared with."""
    return MachineWorld()


@pytest.fixture(scope="module", params=["machine", "runtime", "wire"])
def world(request: pytest.FixtureRequest, machine: MachineWorld) -> Iterator[World]:
    """A World; one with a database has played the cases of this test run, all at once."""
    if request.param == "machine":
        yield machine
        return
    items = [
        item
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.name.startswith("test_case[")
        and item.callspec.params["world"] == request.param
    ]
    cases = [item.callspec.params["case"] for item in items]
    # One test that asks for the test database is enough: the others read what was seen there, and
    # a transaction around each of a thousand takes long.
    items[0].add_marker(pytest.mark.django_db)
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), emptied_tables():
        if request.param == "runtime":
            runtime_world = RuntimeWorld()
            runtime_world.play(cases)
            assert [str(each) for each in check_invariants()] == []
            yield runtime_world
            return
        folder = request.getfixturevalue("tmp_path_factory").mktemp("wire_world")
        server = start_server("uvicorn", folder, options=OPTIONS, first_turn_events=100)
        user = get_user_model().objects.create_user("ada", password="difference engine")
        row, secret = create_access_key(user, default_workspace().pk)
        client = boto3_client(server, Key(row.access_key_id, secret, user, row))
        try:
            wire_world = WireWorld(client)
            wire_world.play(cases)
        finally:
            client.close()
            stop_server(server)
        yield wire_world


@contextmanager
def emptied_tables() -> Iterator[None]:
    """What is committed here is no other test's concern."""
    try:
        yield
    finally:
        tables = ", ".join(model._meta.db_table for model in apps.get_models())
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables} CASCADE")
        connection.close()


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, world: World, machine: MachineWorld) -> None:
    outcome = world.run(case)
    if world is not machine:
        check_same(outcome, machine.run(case), drawn=case.get("drawnTimes", False))
    expected = case["expect"]
    assert outcome.status == expected["status"], (outcome.error, outcome.cause)
    for key, seen in seen_by_key(outcome).items():
        if key in expected:
            assert seen == expected[key], key
    if "events" in expected:
        check_events(outcome.events, expected["events"])


def check_same(seen: Outcome, pure: Outcome, *, drawn: bool) -> None:
    """Whatever a case expects: the whole product shows what the machine alone does.

    ``drawn``: chance decides how long something takes, so only times may differ.
    """
    ours, other = comparable(seen, drawn), comparable(pure, drawn)
    for event, wanted in zip(ours["events"], other["events"], strict=False):
        assert event == wanted
    assert ours == other


def comparable(outcome: Outcome, drawn: bool) -> dict[str, Any]:
    """Leave out what comes of a turn's seed: UUIDs, task tokens and, perhaps, times."""
    found = asdict(outcome)
    if drawn:
        del found["elapsed_seconds"]
        for event in found["events"]:
            del event["timestamp"]
    shown: dict[str, Any] = json.loads(SEEDED.sub("<drawn>", json.dumps(found)))
    return shown


def seen_by_key(outcome: Outcome) -> dict[str, Any]:
    return {
        "output": None if outcome.output is None else json.loads(outcome.output),
        "outputText": outcome.output,
        "error": outcome.error,
        "cause": outcome.cause,
        "elapsedSeconds": outcome.elapsed_seconds,
        "eventCount": len(outcome.events),
        "requests": outcome.requests,
    }


def check_events(seen: list[dict[str, Any]], expected: list[str | dict[str, Any]]) -> None:
    """Compare type by type; where the case gives an object, all of its members are compared."""
    wanted = [each if isinstance(each, str) else each["type"] for each in expected]
    assert [event["type"] for event in seen] == wanted
    for event, each in zip(seen, expected, strict=True):
        if isinstance(each, dict):
            assert contains(event, each), f"{event} does not hold {each}"


def contains(seen: Any, expected: Any) -> bool:
    if isinstance(expected, dict) and isinstance(seen, dict):
        return all(key in seen and contains(seen[key], expected[key]) for key in expected)
    return bool(seen == expected)


def test_titles_are_unique() -> None:
    titles = [parameter.id for parameter in CASES]
    assert len(set(titles)) == len(titles)
