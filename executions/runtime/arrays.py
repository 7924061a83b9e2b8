"""Columns of rows as PostgreSQL arrays, of the types that their statement says.

psycopg finds a list's type by looking at all of its elements, each time: a third of what a turn's
writes cost. And small numbers would be of another type than large ones, so that one statement is
planned for each mixture. A statement that says ``%b::bigint[]`` needs neither.
"""

from __future__ import annotations

import re
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HEAD = Struct(">iiiii").pack
"""Dimensions, whether there are NULLs, the elements' type, how many, the first one's number."""
_LENGTH = Struct(">i").pack
_NULL = _LENGTH(-1)
_EMPTY = Struct(">iii").pack


class Column(list[Any]):
    """A column of rows, of one type in PostgreSQL."""


class BigInts(Column):
    """A ``bigint[]``."""


class Ints(Column):
    """An ``int[]``."""


class Floats(Column):
    """A ``float8[]``."""


class Bools(Column):
    """A ``bool[]``."""


class Texts(Column):
    """A ``text[]``."""


class Blobs(Column):
    """A ``bytea[]``."""


def _of_text(text: str) -> bytes:
    data = text.encode()
    return _LENGTH(len(data)) + data


def _of_bytes(data: bytes) -> bytes:
    return _LENGTH(len(data)) + data


def _of(layout: str) -> Callable[[Any], bytes]:
    """An element of a fixed size, after that size."""
    pack, size = Struct(f">i{layout}").pack, Struct(f">{layout}").size
    return lambda value: pack(size, value)


class _Dumper(Dumper):
    """The binary form of PostgreSQL's ``array_recv``: a head, then each element after its size."""

    format = Format.BINARY
    element_oid = 0
    element: Callable[[Any], bytes]

    def dump(self, obj: Sequence[Any]) -> bytes:
        """The array's bytes."""
        if not obj:
            return _EMPTY(0, 0, self.element_oid)
        element, first = self.element, obj[0]
        if obj.count(first) == len(obj):
            # As in most columns of the tasks of one state machine.
            same = _NULL if first is None else element(first)
            return _HEAD(1, first is None, self.element_oid, len(obj), 1) + same * len(obj)
        parts = [_NULL if each is None else element(each) for each in obj]
        return _HEAD(1, _NULL in parts, self.element_oid, len(parts), 1) + b"".join(parts)


_TYPES: dict[str, tuple[type[Column], Callable[[Any], bytes]]] = {
    "bigint": (BigInts, _of("q")),
    "int": (Ints, _of("i")),
    "float8": (Floats, _of("d")),
    "bool": (Bools, _of("?")),
    "text": (Texts, _of_text),
    "bytea": (Blobs, _of_bytes),
}
_TYPED = re.compile(r"%b::(\w+)\[\]")


def register() -> None:
    """Have psycopg know these columns on every connection that is made from now on."""
    for name, (column, element) in _TYPES.items():
        info = psycopg.adapters.types["int4" if name == "int" else name]
        members = {"oid": info.array_oid, "element_oid": info.oid, "element": staticmethod(element)}
        dumper = type(f"{column.__name__}Dumper", (_Dumper,), members)
        psycopg.adapters.register_dumper(column, dumper)


@lru_cache(maxsize=128)
def _types_of(statement: str) -> tuple[type[Column], ...]:
    return tuple(_TYPES[name][0] for name in _TYPED.findall(statement))


def columns(statement: str, rows: Sequence[Sequence[Any]]) -> tuple[Column, ...]:
    """Rows, of which there is at least one, as the arrays that ``statement`` asks for, in order."""
    types = _types_of(statement)
    return tuple(
        column(values) for column, values in zip(types, zip(*rows, strict=True), strict=True)
    )
