"""With whose credentials services are called: the workers' own, or those of an execution role.

It is said once around an attempt, and seen by whatever makes a client on the way.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Caller(NamedTuple):
    """A profile of the AWS configuration, or a role to assume with the workers' own credentials.

    Neither: the workers themselves.
    """

    profile: str = ""
    role_arn: str = ""


WORKERS: Final = Caller()

_caller: ContextVar[Caller] = ContextVar("caller", default=WORKERS)


def current_caller() -> Caller:
    """Who calls services now."""
    return _caller.get()


@contextmanager
def calling_as(caller: Caller) -> Iterator[None]:
    """Call services as this one meanwhile, on this thread."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)
