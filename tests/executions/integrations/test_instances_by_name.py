"""Instance fleets and groups of EMR that are named: at moto's server, and at one of our own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from executions.integration import Failed, Succeeded, TaskOutcome
from executions.integrations.aws.connections import Connections
from executions.integrations.aws.instances_by_name import ModifyInstancesByName
from tests.executions.integrations.conftest import request_of


class Emr(BaseHTTPRequestHandler):
    """A cluster with two pages of fleets, for moto has none; remembers what was changed."""

    changed: list[Any]

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].partition(".")[2]
        answer: dict[str, Any] = {}
        if operation == "ListInstanceFleets":
            assert body["ClusterId"] == "j-1"
            if "Marker" in body:
                answer = {"InstanceFleets": [{"Id": "if-2", "Name": "Task"}]}
            else:
                first = [{"Id": "if-1", "Name": "Core"}, {"Id": "if-0"}]
                twice = [{"Id": "if-3", "Name": "Twice"}, {"Id": "if-4", "Name": "Twice"}]
                answer = {"InstanceFleets": first + twice, "Marker": "more"}
        else:
            self.changed.append((operation, body))
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def emr(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    Emr.changed = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Emr) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield Emr.changed
        server.shutdown()


def modify(kind: str, parameters: Any) -> TaskOutcome:
    resource = f"arn:aws:states:::elasticmapreduce:modifyInstance{kind}ByName"
    return ModifyInstancesByName(Connections()).perform(request_of(resource, parameters))


def fleet(name: Any, **changes: Any) -> dict[str, Any]:
    return {"ClusterId": "j-1", "InstanceFleetName": name, "InstanceFleet": changes}


def test_a_fleet_of_any_page_is_changed(emr: list[Any]) -> None:
    outcome = modify("Fleet", fleet("Task", TargetOnDemandCapacity=8, TargetSpotCapacity=0))
    assert isinstance(outcome, Succeeded), outcome
    assert "SdkHttpMetadata" in json.loads(outcome.output)
    changes = {"InstanceFleetId": "if-2", "TargetOnDemandCapacity": 8, "TargetSpotCapacity": 0}
    assert emr == [("ModifyInstanceFleet", {"ClusterId": "j-1", "InstanceFleet": changes})]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "Spare",
            "Cluster j-1 has no instance fleet named 'Spare'; it has 'Core', 'Task', 'Twice'",
        ),
        ("Twice", "Cluster j-1 has 2 instance fleets named 'Twice'"),
    ],
)
def test_a_name_that_is_not_one_fleet(emr: list[Any], name: str, said: str) -> None:
    outcome = modify("Fleet", fleet(name, TargetOnDemandCapacity=1))
    assert isinstance(outcome, Failed)
    assert outcome.error == "ElasticMapReduce.InvalidRequestException"
    assert said in outcome.cause
    assert not emr


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (fleet("Core", InstanceFleetId="if-1"), '"InstanceFleet.InstanceFleetId" is not supported'),
        (fleet(7), 'The value for the field "InstanceFleetName" must be a STRING'),
        ({"ClusterId": "j-1"}, 'The field "InstanceFleetName" is required but was missing'),
        (fleet("Core") | {"InstanceFleet": []}, 'field "InstanceFleet" must be an OBJECT'),
        ([], "They are not a JSON object"),
    ],
)
def test_parameters_that_make_no_call(emr: list[Any], parameters: Any, said: str) -> None:
    outcome = modify("Fleet", parameters)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert said in outcome.cause
    assert not emr


@pytest.mark.usefixtures("aws")
def test_a_group_is_changed() -> None:
    client = boto3.client("emr", region_name="us-east-1")
    groups = [
        {"Name": f"My{role.title()}Group", "InstanceRole": role, "InstanceType": "m5.xlarge"}
        | {"InstanceCount": 1}
        for role in ("MASTER", "CORE")
    ]
    cluster = client.run_job_flow(
        Name="nightly",
        Instances={"InstanceGroups": groups, "KeepJobFlowAliveWhenNoSteps": True},
        ServiceRole="EMR_DefaultRole",
        JobFlowRole="EMR_EC2_DefaultRole",
    )["JobFlowId"]
    outcome = modify(
        "Group",
        {
            "ClusterId": cluster,
            "InstanceGroupName": "MyCoreGroup",
            "InstanceGroup": {"InstanceCount": 8},
        },
    )
    assert isinstance(outcome, Succeeded), outcome
    counts = {
        group["Name"]: group["RequestedInstanceCount"]
        for group in client.list_instance_groups(ClusterId=cluster)["InstanceGroups"]
    }
    assert counts == {"MyMasterGroup": 1, "MyCoreGroup": 8}
