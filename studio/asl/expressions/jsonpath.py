"""Paths: ``$.order.items[0]``, ``$$.Execution.Id``, ``$variable.total``, ``$.items[*].price``.

``compile_path`` is done once a definition; ``Path.find`` and ``Path.get`` many times.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError
from studio.asl.expressions.path_search import compile_search
from studio.asl.expressions.reference_path import (
    compile_getter,
    read_reference_path,
    split_root,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Absent, Json
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.reference_path import ReferencePath

_EXPRESSION = re.compile(r"\$(\$|\.|\[|$)|States\.[A-Za-z0-9]+\(")


class Path:
    """A compiled path.

    ``find(bindings)`` gives the value it points to, or ABSENT; it is a plain function, the fast
    way. ``is_reference`` tells a reference path (one node at most) from a path that searches,
    whose value is an array of what it found, possibly empty.
    """

    __slots__ = ("find", "is_reference", "reference", "text")

    def __init__(
        self, text: str, find: Callable[[Bindings], Json | Absent], reference: ReferencePath | None
    ) -> None:
        self.text = text
        self.find = find
        self.reference = reference
        self.is_reference = reference is not None

    def __repr__(self) -> str:
        return f"Path({self.text!r})"

    def get(self, bindings: Bindings, field: str | None = None) -> Json:
        """Give the value the path points to.

        Raises StatesError States.Runtime in AWS's words where nothing is there. With ``field``
        (``ErrorPath``, ``item.$``): "The JSONPath '…' specified for the field '…' could not be
        found in the input '…'"; without: "Invalid path '…' : No results for path: $['a']".
        """
        value = self.find(bindings)
        if value is ABSENT:
            raise self.missing(bindings, field)
        return value

    def missing(self, bindings: Bindings, field: str | None = None) -> StatesError:
        """Make the error ``get`` raises, for a caller that has seen ABSENT itself."""
        if bindings.input is None and reads_input(self.text):
            return nothing_to_transform()
        if field is None:
            return StatesError(
                "States.Runtime", f"Invalid path '{self.text}' : {self._why_absent(bindings)}"
            )
        return StatesError(
            "States.Runtime",
            f"The JSONPath '{self.text}' specified for the field '{field}' could not be found "
            f"in the input '{json_text.dumps(bindings.input)}'",
        )

    def _why_absent(self, bindings: Bindings) -> str:
        reference = self.reference
        if reference is None:
            return f"No results for path: {self.text}"
        root: Json | Absent
        match reference.root:
            case "$":
                root = bindings.input
            case "$$":
                root = bindings.context()
            case variable:
                root = bindings.variables.get(variable[1:], ABSENT)
        return reference.why_absent(root)


def reads_input(text: str) -> bool:
    """Tell whether a path's root is ``$``: neither the context object nor a variable."""
    return split_root(text)[0] == "$"


def nothing_to_transform() -> StatesError:
    """Make the error of a path into an input that is null."""
    return StatesError(
        "States.Runtime", "Unable to apply Path transformation to null or empty input."
    )


@lru_cache(maxsize=4096)
def compile_path(text: str) -> Path:
    """Compile a path from any root.

    Raises InvalidExpression where ``text`` is no path. Paths are cached by their text.
    """
    reference = read_reference_path(text)
    if reference is not None:
        return Path(text, compile_getter(reference), reference)
    return Path(text, compile_search(text), None)


def compile_optional_path(path: str | Absent | None) -> Path | None:
    """Compile what InputPath and OutputPath hold: ABSENT is ``$``; None (an empty object) None."""
    if path is None:
        return None
    return compile_path("$" if path is ABSENT else path)


def looks_like_expression(text: str) -> bool:
    """Tell whether a text reads as a path or an intrinsic function, whether or not it is valid."""
    return _EXPRESSION.match(text) is not None
