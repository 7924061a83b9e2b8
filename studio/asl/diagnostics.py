"""What is wrong, or doubtful, in a definition: AWS's four fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["ERROR", "WARNING"]

SCHEMA_VALIDATION_FAILED = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``location`` is AWS's: ``/States/Pay/Next``, ``/`` for the top of the document.

    It is "" where AWS names none, which its own messages print as ``null``.
    """

    severity: Severity
    code: str
    message: str
    location: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or 'null'}"
