"""An installation of the tests' own, with the examples' functions and the tests' beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from studio.config.embedded import install
from studio.config.embedded.ports import free_port
from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import FirstAccount, Stack
from tests.prepared import copy_prepared

ARN = "arn:aws:states:us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/tests"
ORDERS = PROJECT / "examples" / "orders"
BUNDLE = PROJECT / "static" / "app" / ".vite" / "manifest.json"


@contextmanager
def running_stack(data: Path, *, from_nothing: bool = False, **settings: str) -> Iterator[Stack]:
    """Everything that ``make run`` starts, on a free port, gone without a trace afterwards.

    ``settings`` are set in its environment. Its database is a copy of a prepared one unless it is
    to begin ``from_nothing``, as a person's first does.
    """
    if not BUNDLE.exists():
        install.bundle()  # Where it is there, `make test` and whoever works on it keep it current.
    # Nothing of the test run's own services, nor of whoever runs the tests, may leak into it.
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        and not name.startswith(("STEPWELL_", "AWS_"))
    }
    folders = [
        *sorted((PROJECT / "examples").glob("*/functions")),
        Path(__file__).parent / "functions",
    ]
    environment["STEPWELL_FUNCTIONS"] = os.pathsep.join(map(str, folders))
    environment |= settings
    stack = Stack(data, free_port(), durable=False, environment=environment)
    try:
        if not from_nothing:
            copy_prepared(data, environment)
        stack.start()
        yield stack
    finally:
        stack.destroy()


def account_of(stack: Stack) -> FirstAccount:
    """The account and key that ``make run`` prints once."""
    assert stack.first_account is not None
    return stack.first_account


@contextmanager
def boto3_client(stack: Stack) -> Iterator[Any]:
    """boto3 as anybody would use it, pointed at the installation."""
    account = account_of(stack)
    client = boto3.client(
        "stepfunctions",
        endpoint_url=stack.url,
        region_name="us-east-1",
        aws_access_key_id=account.access_key_id,
        aws_secret_access_key=account.secret_access_key,
        config=Config(retries={"max_attempts": 3}),
    )
    try:
        yield client
    finally:
        client.close()
