"""Map Runs for the page: their counts, their children of both kinds, and a child by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.executions.runtime.working import work

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from tests.conftest import MakeMachine, StartExecution

pytestmark = pytest.mark.django_db(transaction=True)


def definition(kind: str) -> dict[str, Any]:
    return {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "Label": "Cells",
                "ToleratedFailureCount": 1,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
                    "StartAt": "Check",
                    "States": {
                        "Check": {
                            "Type": "Choice",
                            "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "Bad"}],
                            "Default": "Good",
                        },
                        "Good": {"Type": "Pass", "End": True},
                        "Bad": {"Type": "Fail", "Error": "Two"},
                    },
                },
                "End": True,
            }
        },
    }


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_run_and_its_children(
    api: APIClient, make_machine: MakeMachine, start: StartExecution, kind: str
) -> None:
    execution = start(make_machine(definition(kind)), [1, 2, 3])
    work()
    machine = execution.state_machine.name
    (run,) = api.get(f"/api/executions/{machine}/{execution.name}/map-runs/").json()["results"]
    assert (run["status"], run["label"], run["executionType"]) == ("SUCCEEDED", "Cells", kind)
    assert (run["toleratedFailureCount"], run["toleratedFailurePercentage"]) == (1, None)
    counts = {name: count for name, count in run["itemCounts"].items() if count}
    assert counts == {"succeeded": 2, "failed": 1, "total": 3}

    address = f"/api/map-runs/{machine}/Cells/{run['mapRunArn'].rpartition(':')[2]}/"
    assert api.get(address).json() == run
    page = api.get(f"{address}children/", {"limit": 2}).json()
    assert [(each["number"], each["status"]) for each in page["results"]] == [
        (0, "SUCCEEDED"),
        (1, "FAILED"),
    ]
    rest = api.get(f"{address}children/", {"limit": 2, "cursor": page["nextCursor"]}).json()
    assert [each["output"] for each in rest["results"]] == ["3"]
    assert rest["nextCursor"] is None
    (failed,) = api.get(f"{address}children/", {"status": "FAILED"}).json()["results"]
    assert (failed["input"], failed["error"], failed["itemCount"]) == ("2", "Two", 1)

    child = f"/api/executions/{quote(f'{machine}/Cells', safe='')}/{failed['name']}/"
    if kind == "STANDARD":
        shown = api.get(child).json()
        assert (shown["status"], shown["stateMachineName"]) == ("FAILED", f"{machine}/Cells")
        assert shown["executionArn"] == failed["executionArn"]
        assert len(api.get(f"{child}events/").json()["events"]) == shown["lastEventId"]
    else:
        assert api.get(child).status_code == 404
    # Children are no executions in the lists of executions.
    assert [each["name"] for each in api.get("/api/executions/").json()["results"]] == [
        execution.name
    ]
    assert api.get(address.replace("Cells", "Other")).status_code == 404
