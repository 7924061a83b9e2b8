"""The pages for each client: what they say to paste does what they say."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from studio.aws.model import service_model
from tests.contract.clients import JAVASCRIPT, environment
from tests.contract.story import ROLE, definition
from tests.wire.conftest import COMMITTED, Key, Server

DOCS = Path(__file__).parents[2] / "docs"
PASS = definition(Pass={"Type": "Pass", "End": True})


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / "how-to" / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_the_reference_names_every_operation() -> None:
    text = (DOCS / "reference" / "operations.md").read_text()
    named = re.findall(r"^\| ([A-Z]\w+) \|", text, re.MULTILINE)
    assert sorted(set(named) & set(service_model().operation_names)) == sorted(
        service_model().operation_names
    )


@COMMITTED
def test_boto3(server: Server, key: Key) -> None:
    # Up to where a worker is needed.
    (script, *_) = blocks("use-boto3.md", "python")
    done = run([sys.executable, "-c", script.split("while (answer")[0]], server, key)
    assert done.returncode == 0, done.stderr


@COMMITTED
def test_aws_cli(server: Server, key: Key) -> None:
    commands = blocks("use-the-aws-cli.md", "bash")[0].split("\n", 1)[1]
    here = Path(sys.executable).parent
    commands = re.sub(r"(?m)^aws", f"{here}/aws", commands)
    done = run(["bash", "-e", "-c", commands], server, key)
    assert done.returncode == 0, done.stderr
    assert "stateMachine:hello" in done.stdout
    assert "execution:hello:first" in done.stdout


@COMMITTED
def test_javascript(server: Server, key: Key, sfn: Any) -> None:
    sfn.create_state_machine(name="orders", definition=PASS, roleArn=ROLE)
    script = blocks("use-the-javascript-sdk.md", "javascript")[0]
    done = run(
        ["node", "--input-type=module", "-e", script],
        server,
        key,
        AWS_REGION="us-east-1",
        cwd=str(JAVASCRIPT),
    )
    assert done.returncode == 0, done.stderr
    assert "stateMachine:orders" in done.stdout
    (listed,) = sfn.list_executions(
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:orders"
    )["executions"]
    assert listed["name"]


TEMPLATE = {
    "Resources": {
        "ChargeF00": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "charge"}},
        "RoleF00": {"Type": "AWS::IAM::Role"},
        "OrdersF00": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "orders",
                "RoleArn": {"Fn::GetAtt": ["RoleF00", "Arn"]},
                "DefinitionString": {
                    "Fn::Join": [
                        "",
                        [
                            '{"StartAt":"Pay","States":{"Pay":{"Type":"Task","End":true,',
                            '"Parameters":{"FunctionName":"',
                            {"Fn::GetAtt": ["ChargeF00", "Arn"]},
                            '"},"Resource":"arn:',
                            {"Ref": "AWS::Partition"},
                            ':states:::lambda:invoke"}}}',
                        ],
                    ]
                },
            },
        },
    }
}


@COMMITTED
def test_cdk(server: Server, key: Key, sfn: Any, tmp_path: Path) -> None:
    script, template = tmp_path / "deploy.py", tmp_path / "a.template.json"
    script.write_text(blocks("use-the-cdk.md", "python")[0])
    template.write_text(json.dumps(TEMPLATE))
    for word in ("created", "updated"):
        done = run([sys.executable, str(script), str(template)], server, key)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{word} arn:aws:states:us-east-1:123456789012:stateMachine:")
    arn = done.stdout.split()[1]
    shown = sfn.describe_state_machine(stateMachineArn=arn)
    pay = json.loads(shown["definition"])["States"]["Pay"]
    assert pay["Resource"] == "arn:aws:states:::lambda:invoke"
    assert pay["Parameters"] == {
        "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:charge"
    }


@COMMITTED
def test_the_calls_of_terraform(sfn: Any) -> None:
    """Those that the AWS provider makes: plan, create, read, change, destroy."""
    checked = sfn.validate_state_machine_definition(definition=PASS, type="STANDARD")
    assert checked["result"] == "OK"
    made = sfn.create_state_machine(
        name="orders", definition=PASS, roleArn=ROLE, type="STANDARD", publish=True, tags=[]
    )
    arn = made["stateMachineArn"]

    def read(text: str) -> None:
        shown = sfn.describe_state_machine(stateMachineArn=arn)
        assert (shown["definition"], shown["roleArn"], shown["status"]) == (text, ROLE, "ACTIVE")
        assert shown["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
        assert shown["tracingConfiguration"] == {"enabled": False}
        assert shown["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}
        assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == []
        versions = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
        assert versions[0]["stateMachineVersionArn"].startswith(f"{arn}:")

    read(PASS)
    changed = definition(Other={"Type": "Pass", "End": True})
    sfn.update_state_machine(
        stateMachineArn=arn,
        definition=changed,
        roleArn=ROLE,
        publish=True,
        loggingConfiguration={"level": "OFF", "includeExecutionData": False},
        tracingConfiguration={"enabled": False},
    )
    read(changed)
    sfn.delete_state_machine(stateMachineArn=arn)
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        sfn.describe_state_machine(stateMachineArn=arn)


@COMMITTED
@pytest.mark.parametrize("host", ["sync-127.0.0.1:8000", "sync-stepwell.example", "sync-localhost"])
def test_hosts_with_the_prefix_of_some_operations(server: Server, key: Key, host: str) -> None:
    body = json.dumps({"definition": '{"Type":"Succeed"}', "input": "1"}).encode()
    headers = {"Host": host, "X-Amz-Target": "AWSStepFunctions.TestState"}
    request = AWSRequest("POST", f"http://{host}/", data=body, headers=headers)
    SigV4Auth(Credentials(key.id, key.secret), "states", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("POST", "/", body, dict(request.headers.items()))
    answer = json.loads(connection.getresponse().read())
    connection.close()
    assert answer == {"status": "SUCCEEDED", "output": "1"}


def run(
    command: list[str], server: Server, key: Key, cwd: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={**os.environ, **environment(server, key), **more},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
