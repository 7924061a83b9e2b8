"""With whose credentials services are called: the workers' own, or those of an execution role.

It is said once around an attempt, and seen by whatever makes a client on the way.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final, NamedTuple

from studio.meanwhile import Meanwhile


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


def calling_as(caller: Caller) -> Meanwhile[Caller]:
    """Call services as this one meanwhile, on this thread."""
    return Meanwhile(_caller, caller)
