"""What stops an installation or a start, told to the person at the terminal."""

from __future__ import annotations


class Failure(Exception):
    """Something a person can mend: what is wrong, and what to do next.

    ``what`` is one sentence; ``next_step`` is one or more lines; ``detail`` is the tail of a
    log where there is one.
    """

    def __init__(self, what: str, next_step: str, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.detail = detail

    def __str__(self) -> str:
        parts = [self.what, *([self.detail.rstrip()] if self.detail else []), self.next_step]
        return "\n".join(parts)
