"""Items of text with delimiters: an object for each row, all of its values texts."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO, Final

from executions.items.formats.limits import LARGEST_HEADER, LARGEST_ITEM, too_large
from executions.items.problems import ItemReaderFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DELIMITERS: Final = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
_BOM = b"\xef\xbb\xbf"

# The module's limit is the process's: a field may be as large as an item, by default only half.
csv.field_size_limit(LARGEST_ITEM)


def read_csv(
    stream: BinaryIO, headers: Sequence[str] | None, delimiter: str = ",", start: int = 0
) -> Iterator[tuple[dict[str, str], int]]:
    """Read the rows: each as an object, and the byte after it.

    ``headers`` None: the first row has them. Fields that a row lacks are empty, those that it has
    beyond the headers are passed over, and so are empty lines; members are in the order of their
    names (all recorded). ``start`` is a byte that an earlier reading gave.

    Raises ItemReaderFailed.
    """
    lines = _Lines(stream)
    rows = csv.reader(lines, delimiter=delimiter)
    names = list(headers) if headers is not None else _first_row(lines, rows)
    if len(set(names)) < len(names):
        raise ItemReaderFailed("CSV headers cannot contain duplicates.")
    if sum(len(name.encode()) + 1 for name in names) > LARGEST_HEADER:
        raise ItemReaderFailed(f"CSV headers cannot be larger than {LARGEST_HEADER} bytes.")
    if start:
        lines.seek(start)
    order = sorted(range(len(names)), key=names.__getitem__)
    any_row = bool(start)
    while (row := _next(lines, rows)) is not None:
        if row:
            any_row = True
            row += [""] * (len(names) - len(row))
            yield {names[index]: row[index] for index in order}, lines.offset
    if not any_row and headers is None:
        raise ItemReaderFailed("The CSV file contains only CSV headers.")


class _Lines:
    """The lines of a stream as text, with the byte after the last one that was taken.

    The reader takes no more lines than the row has that it gives.
    """

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        begins = len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
        stream.seek(begins)
        self._stream = stream
        self.offset = begins
        self.row_begins = begins

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LARGEST_ITEM + 2)
        if not line:
            raise StopIteration
        self.offset += len(line)
        cut = len(line) > LARGEST_ITEM and not line.endswith(b"\n")
        if cut or self.offset - self.row_begins > LARGEST_ITEM + 2:
            raise too_large(f"byte {self.row_begins}")
        try:
            return line.decode()
        except UnicodeDecodeError:
            raise ItemReaderFailed(
                f"The line that ends at byte {self.offset} is not UTF-8"
            ) from None

    def seek(self, offset: int) -> None:
        self._stream.seek(offset)
        self.offset = offset


def _first_row(lines: _Lines, rows: Iterator[list[str]]) -> list[str]:
    while (row := _next(lines, rows)) is not None:
        if row:
            return row
    raise ItemReaderFailed("The CSV file is empty: it has no row of headers.")


def _next(lines: _Lines, rows: Iterator[list[str]]) -> list[str] | None:
    lines.row_begins = lines.offset
    try:
        return next(rows, None)
    except csv.Error as problem:
        raise ItemReaderFailed(
            f"The CSV row at byte {lines.row_begins} cannot be read: {problem}"
        ) from None
