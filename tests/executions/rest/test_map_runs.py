"""Map Runs for the page: their counts, their children of both kinds, and a child by its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.test import Client

from studio.actions.sensitive_fields import set_sensitive_fields
from tests.access.people import one_of_each_role
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


def test_settings_are_changed_while_a_run_goes_on(
    api: APIClient, make_machine: MakeMachine, start: StartExecution
) -> None:
    definition_ = definition("STANDARD")
    each = definition_["States"]["Each"]
    each["ItemProcessor"]["States"]["Good"] = {"Type": "Wait", "Seconds": 3600, "End": True}
    execution = start(make_machine(definition_), [1, 3])
    work()
    machine = execution.state_machine.name
    (run,) = api.get(f"/api/executions/{machine}/{execution.name}/map-runs/").json()["results"]
    address = f"/api/map-runs/{machine}/Cells/{run['mapRunArn'].rpartition(':')[2]}/"
    changed = api.patch(
        address, {"maxConcurrency": 7, "toleratedFailurePercentage": 12.5}, format="json"
    ).json()
    assert (changed["maxConcurrency"], changed["toleratedFailurePercentage"]) == (7, 12.5)
    assert changed["toleratedFailureCount"] == 1
    for wrong in ({}, {"maxConcurrency": -1}, {"toleratedFailurePercentage": 101}):
        assert api.patch(address, wrong, format="json").status_code == 400
    api.post(f"/api/executions/{machine}/{execution.name}/stop/", {}, format="json")
    work()
    assert api.patch(address, {"maxConcurrency": 1}, format="json").status_code == 400
    assert api.get(f"{address}results/").status_code == 404


def test_results_are_listed_and_given(
    api: APIClient,
    make_machine: MakeMachine,
    start: StartExecution,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.OBJECTS = str(tmp_path)
    (tmp_path / "results").mkdir()
    written = definition("EXPRESS")
    written["States"]["Each"]["ResultWriter"] = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "results", "Prefix": "cells"},
    }
    execution = start(make_machine(written), [1, 2, 3])
    work()
    machine = execution.state_machine.name
    (run,) = api.get(f"/api/executions/{machine}/{execution.name}/map-runs/").json()["results"]
    number = run["mapRunArn"].rpartition(":")[2]
    address = f"/api/map-runs/{machine}/Cells/{number}/results/"
    results = api.get(address).json()
    assert (results["bucket"], results["folder"]) == ("results", f"cells/{number}")
    assert results["isWritten"] is True
    assert [file["name"] for file in results["files"]] == ["FAILED_0.json", "SUCCEEDED_0.json"]
    for name in ("manifest.json", "FAILED_0.json"):
        response = api.get(f"{address}{name}/")
        content = b"".join(response.streaming_content)
        assert content == (tmp_path / "results" / "cells" / number / name).read_bytes()
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    for name in ("SUCCEEDED_9.json", "..", "manifest.json.txt"):
        assert api.get(f"{address}{name}/").status_code == 404

    # Files have whole inputs and outputs: they are not for those from whom some is hidden.
    browsers = {}
    for role, user in one_of_each_role().items():
        browsers[role] = Client()
        browsers[role].force_login(user)
    file = f"{address}SUCCEEDED_0.json/"

    def whole(role: str, path: str) -> bytes:
        response = browsers[role].get(path)
        assert response.status_code == 200
        return b"".join(response.streaming_content)

    assert whole("viewer", file)
    set_sensitive_fields(execution.state_machine, ["token"])
    refused = browsers["viewer"].get(file)
    assert (refused.status_code, refused.json()["code"]) == (403, "AccessDeniedException")
    assert whole("viewer", f"{address}manifest.json/")
    assert whole("editor", file)
