"""What is wrong, or doubtful, in a definition: AWS's four fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["ERROR", "WARNING"]

SCHEMA_VALIDATION_FAILED = "SCHEMA_VALIDATION_FAILED"


Operation = dict[str, Any]
"""An operation of RFC 6902: ``{"op": "add", "path": "/States/Pay/TimeoutSeconds", "value": 9}``."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the document after which the finding is gone. ``title`` says what it does."""

    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``location`` is AWS's: ``/States/Pay/Next``, ``/`` for the top of the document.

    It is "" where AWS names none, which its own messages print as ``null``. ``fixes`` are ours:
    changes a person may choose among, none where nothing can be changed without thinking.
    """

    severity: Severity
    code: str
    message: str
    location: str
    fixes: tuple[Fix, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or 'null'}"
