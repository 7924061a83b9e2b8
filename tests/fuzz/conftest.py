"""The access key of the tests over the wire."""

from __future__ import annotations

from tests.wire.conftest import key

__all__ = ["key"]
