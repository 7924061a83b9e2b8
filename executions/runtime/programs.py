"""Compiled definitions, kept by revision: a revision never changes, so neither does its program."""

from __future__ import annotations

from functools import lru_cache

from executions.interpreter.program import Program, compile_program
from studio.asl.parse import parse
from studio.models import StateMachineRevision


@lru_cache(maxsize=256)
def program_of_revision(revision: int) -> Program:
    """The program of the revision with this primary key; parsed once in a process."""
    definition = StateMachineRevision.objects.values_list("definition", flat=True).get(pk=revision)
    return compile_program(parse(definition))
