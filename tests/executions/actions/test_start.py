"""Starting: one of many at once wins, and nothing is stored by halves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from executions.actions.executions import StartedExecution, start_execution
from executions.models import Execution, InboxMessage
from tests.conftest import MakeMachine

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


@pytest.mark.django_db(transaction=True)
def test_the_same_start_many_times_at_once(make_machine: MakeMachine) -> None:
    machine = make_machine(PASS)

    def start(_: int) -> StartedExecution:
        try:
            return start_execution(machine.name, name="one", input="{}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        started = list(threads.map(start, range(24)))
    assert len(set(started)) == 1
    assert Execution.objects.count() == InboxMessage.objects.count() == 1
