"""Clients of AWS Step Functions, each as a program would use it."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from awscli.clidriver import create_clidriver
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.contract.story import Call, Members, Refused
from tests.wire.conftest import Key, Server

JAVASCRIPT = Path(__file__).parent / "javascript"
_ERROR = re.compile(
    r"An error occurred \((\w+)\) when calling the (\w+) operation: (.*)", re.DOTALL
)


def environment(server: Server, key: Key) -> dict[str, str]:
    """What ``var/local.env`` sets."""
    return {
        "AWS_ENDPOINT_URL_SFN": server.address,
        "AWS_ACCESS_KEY_ID": key.id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


def through_boto3(client: Any) -> Call:
    """A boto3 client as it is; an error must be one of the client's own exceptions."""

    def call(operation: str, members: Members) -> Members:
        try:
            answer = getattr(client, xform_name(operation))(**members)
        except ClientError as error:
            said = error.response["Error"]
            if type(error) is not getattr(client.exceptions, said["Code"]):
                raise
            raise Refused(said["Code"], said["Message"]) from None
        answer.pop("ResponseMetadata")
        return dict(answer)

    return call


def through_aws_cli() -> Call:
    """The AWS CLI, in this process: ``aws stepfunctions …`` with options and JSON output."""
    driver = create_clidriver()

    def call(operation: str, members: Members) -> Members:
        arguments = ["stepfunctions", xform_name(operation, "-"), "--output", "json"]
        if operation.startswith("List") or operation == "GetExecutionHistory":
            arguments.append("--no-paginate")
        for name, value in members.items():
            # Its own --output is how an answer is shown.
            option = "--task-output" if name == "output" else f"--{xform_name(name, '-')}"
            if isinstance(value, bool):
                arguments.append(option if value else option.replace("--", "--no-", 1))
            else:
                text = value if isinstance(value, str) else json.dumps(value)
                arguments += [option, text]
        output, errors = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(errors),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")  # The CLI's own.
            status = driver.main(arguments)
        if status:
            match = _ERROR.search(errors.getvalue())
            assert match is not None, f"{arguments}: {errors.getvalue()}"
            assert match[2] == operation
            raise Refused(match[1], match[3].strip())
        return dict(json.loads(output.getvalue() or "{}"))

    return call


@contextlib.contextmanager
def through_javascript(variables: dict[str, str]) -> Iterator[Call]:
    """AWS's SDK for JavaScript in a Node of its own."""
    with subprocess.Popen(
        ["node", "client.mjs"],
        cwd=JAVASCRIPT,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        requests, answers = node.stdin, node.stdout

        def call(operation: str, members: Members) -> Members:
            requests.write(json.dumps({"operation": operation, "members": members}) + "\n")
            requests.flush()
            line = answers.readline()
            assert line, "Node has ended: its error is above"
            said = json.loads(line)
            if error := said.get("error"):
                assert error["modeled"], error
                raise Refused(error["code"], error["message"])
            return dict(said["answer"])

        yield call
        requests.close()
