"""Fixtures of the fault tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.faults.installation import running_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from studio.config.embedded.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A whole installation of the test's own."""
    with running_stack(tmp_path) as running:
        yield running


@pytest.fixture
def database(stack: Stack) -> Iterator[psycopg.Connection[Any]]:
    """A look into the installation's own PostgreSQL."""
    with psycopg.connect(stack.services.database_url, autocommit=True) as connection:
        yield connection
