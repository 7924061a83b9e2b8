"""Runs every case of ``cases/`` through boto3, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model

from studio.actions.access_keys import create_access_key
from studio.actions.members import default_workspace
from tests.conformance.case_files import CASES
from tests.conformance.checks import cases_to_play, check, emptied_tables
from tests.conformance.clock import OPTIONS
from tests.conformance.script import Case
from tests.conformance.wire_world import WireWorld
from tests.conformance.world import MachineWorld
from tests.wire.conftest import Key, boto3_client, start_server, stop_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WireWorld]:
    """A World that has played the cases of this test run, with a server of its own."""
    cases = cases_to_play(request)
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), emptied_tables():
        folder = tmp_path_factory.mktemp("wire_world")
        server = start_server("uvicorn", folder, options=OPTIONS, first_turn_events=100)
        user = get_user_model().objects.create_user("ada", password="difference engine")
        row, secret = create_access_key(user, default_workspace().pk)
        client = boto3_client(server, Key(row.access_key_id, secret, user, row))
        try:
            world = WireWorld(client)
            world.play(cases)
        finally:
            client.close()
            stop_server(server)
        yield world


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, world: WireWorld, machine: MachineWorld) -> None:
    check(world.run(case), case, machine)
