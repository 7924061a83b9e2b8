"""Compiled definitions, kept by revision: a revision never changes, so neither does its program."""

from __future__ import annotations

from functools import lru_cache

from executions.interpreter.program import Program, compile_program
from studio.asl.parse import parse
from studio.models import StateMachineRevision

OPEN_ENDED = ("JSONata", "?(", "..")
"""Marks of expressions whose cost the definition does not bound: JSONata and searching paths."""
LONG = 100_000
"""Characters of a definition that takes noticeable time to compile."""


@lru_cache(maxsize=256)
def _compiled(revision: int) -> tuple[Program, bool]:
    definition = StateMachineRevision.objects.values_list("definition", flat=True).get(pk=revision)
    brief = len(definition) < LONG and not any(mark in definition for mark in OPEN_ENDED)
    return compile_program(parse(definition)), brief


def program_of_revision(revision: int) -> Program:
    """The program of the revision with this primary key; parsed once in a process."""
    return _compiled(revision)[0]


def is_brief(revision: int) -> bool:
    """Whether a few transitions of this revision certainly take little time, whatever the input."""
    return _compiled(revision)[1]
