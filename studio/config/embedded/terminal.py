"""What a person at the terminal sees: events in one line, steps with their time, one box."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from .failures import Failure

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

BOLD, DIM, RED, GREEN, RESET = "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[0m"


class Step:
    """A long step in progress: a line that counts its seconds.

    On a terminal the line is drawn over itself; elsewhere a new one appears every ten seconds,
    so that a log shows that something moves.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._note = ""
        self._began = time.monotonic()
        self._done = threading.Event()
        self._live = sys.stdout.isatty()
        self._drawing = threading.Thread(target=self._draw, daemon=True)

    def note(self, text: str) -> None:
        """Say what the step is at now."""
        self._note = text

    def __enter__(self) -> Step:
        if not self._live:
            print(f"  … {self._label}", flush=True)
        self._drawing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._drawing.join()
        sign = style("✓", GREEN) if error is None else style("✗", RED)
        start = "\r\033[K" if self._live else ""
        print(f"{start}  {sign} {self._label} {style(self._elapsed(), DIM)}", flush=True)

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._began:.0f} s"

    def _draw(self) -> None:
        frame = 0
        while not self._done.wait(0.1 if self._live else 10.0):
            if self._live:
                sign = SPINNER[frame % len(SPINNER)]
                frame += 1
                room = shutil.get_terminal_size().columns - 1
                line = f"  {sign} {self._label} {self._elapsed()}  {self._note}"[:room]
                print(f"\r\033[K{line}", end="", flush=True)
            else:
                print(f"    {self._label}: {self._elapsed()}  {self._note[:60]}", flush=True)


def style(text: str, code: str) -> str:
    """A text in a colour where the output is a terminal."""
    return f"{code}{text}{RESET}" if sys.stdout.isatty() else text


def event(role: str, text: str) -> None:
    """One line about one process, with the time."""
    clock = time.strftime("%H:%M:%S")
    print(f"{style(clock, DIM)}  {role:<9} {text}", flush=True)


def say_failure(failure: Failure) -> None:
    """What went wrong, the log's tail where there is one, and what to do."""
    print(f"\n{style('✗ ' + failure.what, RED)}", file=sys.stderr)
    if failure.detail:
        print(f"\n{failure.detail.rstrip()}", file=sys.stderr)
    print(
        f"\n  {failure.next_step.replace(chr(10), chr(10) + '  ')}\n", file=sys.stderr, flush=True
    )


def box(rows: Sequence[tuple[str, str]]) -> None:
    """A frame around labelled lines."""
    label_width = max(len(label) for label, _ in rows)
    width = label_width + max(len(value) for _, value in rows) + 8
    print(f"\n╭{'─' * width}╮")
    for label, value in rows:
        gap = " " * (width - label_width - len(value) - 6)
        print(f"│   {style(label.ljust(label_width), DIM)}   {value}{gap}│")
    print(f"╰{'─' * width}╯\n", flush=True)


@contextmanager
def failures_told() -> Iterator[None]:
    """Tell a Failure to the person and end the program with code 1."""
    try:
        yield
    except Failure as failure:
        say_failure(failure)
        sys.exit(1)
