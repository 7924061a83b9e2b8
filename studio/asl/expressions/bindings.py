"""What an expression may see: the input, the context object, variables, and a seed.

Everything an expression's value depends on is here, so the same Bindings, evaluated by the same
expressions in the same order, give the same values: a replay repeats an execution exactly.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from studio.asl.definition import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from studio.asl.definition import Absent, Json

NO_VARIABLES: Mapping[str, Json] = {}


class Randomness:
    """An endless row of independent 32-byte draws that a seed text determines."""

    __slots__ = ("_count", "_seed")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def draw(self) -> bytes:
        """Give the next 32 bytes."""
        self._count += 1
        return hashlib.sha256(f"{self._count}:{self._seed}".encode()).digest()


class Bindings:
    """The roots of every path: ``$`` is ``input``, ``$$`` is ``context()``, ``$name`` a variable.

    ``context`` is a function, called at most once and only when an expression asks for ``$$``.
    ``seed`` feeds States.UUID and an unseeded States.MathRandom: pass a text that no other
    Bindings of any execution shares. Values are never changed through Bindings.

    JSONata sees ``input``, ``result``, ``error_output`` and ``context()`` as ``$states``; ``now``
    (seconds since the epoch) is what its clock shows. ``made`` is for payload templates, which
    count in it what their functions make.
    """

    __slots__ = (
        "_context",
        "_make_context",
        "_randomness",
        "error_output",
        "input",
        "made",
        "now",
        "result",
        "variables",
    )

    def __init__(
        self,
        input: Json,  # noqa: A002 - the language's own word
        *,
        context: Callable[[], dict[str, Any]] = dict,
        variables: Mapping[str, Json] = NO_VARIABLES,
        seed: str | Randomness = "",
        result: Json | Absent = ABSENT,
        error_output: Json | Absent = ABSENT,
        now: float = 0.0,
    ) -> None:
        self.input = input
        self.variables = variables
        self.result = result
        self.error_output = error_output
        self.now = now
        self._randomness = seed
        self._make_context = context
        self.made = 0
        self._context: dict[str, Any] | None = None

    def context(self) -> dict[str, Any]:
        """Give the context object (``$$``), built at the first call."""
        context = self._context
        if context is None:
            context = self._context = self._make_context()
        return context

    @property
    def randomness(self) -> Randomness:
        """The row of random draws."""
        if isinstance(self._randomness, str):
            self._randomness = Randomness(self._randomness)
        return self._randomness

    def with_input(self, input: Json) -> Bindings:  # noqa: A002
        """Give Bindings that differ in ``$`` only: the next stage of the same state visit.

        The context object and the row of random draws are shared with this one.
        """
        return Bindings(input, context=self.context, variables=self.variables, seed=self.randomness)
