"""Compiled definitions, kept by revision: a revision never changes, so neither does its program."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps

from executions.interpreter.program import Program, compile_program
from studio.asl.parse import parse

OPEN_ENDED = ("JSONata", "?(", "..")
"""Marks of expressions whose cost the definition does not bound: JSONata and searching paths."""
LONG = 100_000
"""Characters of a definition that takes noticeable time to compile."""


@lru_cache(maxsize=256)
def _compiled(revision: int) -> tuple[Program, bool]:
    # Looked up when it is needed: the processes of Express import this before Django is set up.
    revisions = apps.get_model("studio", "StateMachineRevision").objects
    definition = revisions.values_list("definition", flat=True).get(pk=revision)
    brief = len(definition) < LONG and not any(mark in definition for mark in OPEN_ENDED)
    return compile_program(parse(definition)), brief


@lru_cache(maxsize=256)
def _child(revision: int, scope: int, is_express: bool) -> Program:
    return _compiled(revision)[0].child(scope, is_express=is_express)


def program_of_revision(revision: int, scope: int = 0, *, is_express: bool = False) -> Program:
    """The program of the revision with this primary key; parsed once in a process.

    With a ``scope`` it is that of a Map Run's children, which begin there.
    """
    return _child(revision, scope, is_express) if scope else _compiled(revision)[0]


def is_brief(revision: int) -> bool:
    """Whether a few transitions of this revision certainly take little time, whatever the input."""
    return _compiled(revision)[1]
