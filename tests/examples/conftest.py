"""Each example with its own functions, files and database."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from executions.integration import Integration
from executions.integrations.functions.aws_lambda import AwsLambda
from executions.integrations.functions.folders import FunctionFolders
from executions.integrations.functions.service import FunctionService
from executions.integrations.lambda_function import LambdaFunction, LambdaInvoke
from tests.examples.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"

MakeWorld = Callable[[str], World]


@pytest.fixture(scope="session")
def shop_database() -> Iterator[str]:
    """A database of its own, so that nothing else counts among the stock."""
    server, name = os.environ["DATABASE_URL"], f"example_orders_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield make_conninfo(server, dbname=name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def make_world(
    shop_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeWorld]:
    """Makes the world in which an example runs."""
    monkeypatch.setenv("DATABASE_URL", shop_database)
    monkeypatch.setenv("STEPWELL_FILES", str(tmp_path / "files"))
    worlds: list[World] = []

    def make(example: str) -> World:
        service = FunctionService(
            FunctionFolders([EXAMPLES / example / "functions"], reload=False),
            AwsLambda(),
            region="us-east-1",
            account="123456789012",
        )
        by_arn, invoke = LambdaFunction(service), LambdaInvoke(service)

        def integration_for(resource: str) -> Integration:
            return invoke if resource == "arn:aws:states:::lambda:invoke" else by_arn

        worlds.append(World(EXAMPLES / example / "definition.asl.json", integration_for))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()
