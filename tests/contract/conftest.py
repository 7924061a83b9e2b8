"""The server of the tests over the wire, and the clients that are told a story."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.contract.story")

from tests.wire.conftest import key, running_server, server, sfn  # noqa: E402

__all__ = ["key", "running_server", "server", "sfn"]
