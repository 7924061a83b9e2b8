"""The ways in which a workflow can be wrong: its text, one expression of it, or what it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.asl.diagnostics import Diagnostic


class InvalidDefinition(Exception):
    """The definition cannot be run. Carries every diagnostic, not only the first."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(", ".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class InvalidExpression(Exception):
    """One path, intrinsic, template, condition or resource cannot be compiled.

    ``parse`` turns it into a Diagnostic, so what compiles a parsed Definition never meets it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class StatesError(Exception):
    """An error a workflow can see, matched by Retriers and Catchers by its Error Name.

    Always caught by ``advance``; it never escapes the interpreter as a Python exception.
    Either part may be absent: a Fail state need not give them. A cause made in ``studio.asl``
    lacks AWS's opening "An error occurred while executing the state 'X' (entered at the event
    id #N). ", which only the interpreter knows.
    """

    def __init__(self, error: str | None, cause: str | None = None) -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class QueryEvaluationError(StatesError):
    """A JSONata expression failed, gave nothing, or gave what its field does not take.

    ``location`` names the field below the state (``Output/result``, ``Choices[0]/Condition``), or
    is None where no field of the state is to blame. ``follows_entry`` tells the one kind of
    failure that AWS's history hangs below the …StateEntered event instead of beside it.
    """

    def __init__(
        self, cause: str, location: str | None = None, *, follows_entry: bool = False
    ) -> None:
        super().__init__("States.QueryEvaluationError", cause)
        self.location = location
        self.follows_entry = follows_entry
