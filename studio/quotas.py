"""Quotas of the API and of state transitions: profiles, and what the setting makes of them.

Figures of AWS: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

STATE_TRANSITION: Final = "StateTransition"
"""The quota of states entered and retries begun by Standard executions."""
OPEN_EXECUTIONS: Final = "OpenExecutions"
"""The quota of Standard executions that are open at once: a number, no bucket."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A token bucket: ``size`` at once, ``refill`` a second after that.

    That of ``OPEN_EXECUTIONS`` is never refilled.
    """

    size: int
    refill: float


Profile = dict[str, Quota]

_EVERYWHERE: Final[Profile] = {
    "CreateActivity": Quota(100, 1),
    "CreateStateMachine": Quota(100, 1),
    "CreateStateMachineAlias": Quota(100, 1),
    "DeleteActivity": Quota(100, 1),
    "DeleteStateMachine": Quota(100, 1),
    "DeleteStateMachineAlias": Quota(100, 1),
    "DeleteStateMachineVersion": Quota(100, 1),
    "DescribeActivity": Quota(200, 1),
    "DescribeMapRun": Quota(200, 1),
    "DescribeStateMachine": Quota(200, 20),
    "DescribeStateMachineAlias": Quota(200, 1),
    "DescribeStateMachineForExecution": Quota(200, 1),
    "GetExecutionHistory": Quota(400, 20),
    "ListMapRuns": Quota(100, 1),
    "ListStateMachineAliases": Quota(100, 1),
    "ListStateMachineVersions": Quota(100, 1),
    "ListStateMachines": Quota(100, 5),
    "ListTagsForResource": Quota(100, 1),
    "PublishStateMachineVersion": Quota(100, 1),
    "TagResource": Quota(200, 1),
    "TestState": Quota(50, 10),
    "UntagResource": Quota(200, 1),
    "UpdateMapRun": Quota(100, 1),
    "UpdateStateMachine": Quota(100, 1),
    "UpdateStateMachineAlias": Quota(100, 1),
    "ValidateStateMachineDefinition": Quota(100, 1),
}
PROFILES: Final[dict[str, Profile]] = {
    "off": {},
    # US East (N. Virginia), US West (Oregon) and Europe (Ireland).
    "aws": {
        **_EVERYWHERE,
        "DescribeExecution": Quota(300, 15),
        "GetActivityTask": Quota(3000, 500),
        "ListActivities": Quota(100, 10),
        "ListExecutions": Quota(200, 5),
        "RedriveExecution": Quota(1300, 300),
        "SendTaskFailure": Quota(3000, 500),
        "SendTaskHeartbeat": Quota(3000, 500),
        "SendTaskSuccess": Quota(3000, 500),
        "StartExecution": Quota(1300, 300),
        "StopExecution": Quota(1000, 200),
        STATE_TRANSITION: Quota(5000, 5000),
        OPEN_EXECUTIONS: Quota(1_000_000, 0),
    },
    "aws-other-regions": {
        **_EVERYWHERE,
        "DescribeExecution": Quota(250, 10),
        "GetActivityTask": Quota(1500, 300),
        "ListActivities": Quota(100, 5),
        "ListExecutions": Quota(100, 2),
        "RedriveExecution": Quota(800, 150),
        "SendTaskFailure": Quota(1500, 300),
        "SendTaskHeartbeat": Quota(1500, 300),
        "SendTaskSuccess": Quota(1500, 300),
        "StartExecution": Quota(800, 150),
        "StopExecution": Quota(500, 25),
        STATE_TRANSITION: Quota(800, 800),
        OPEN_EXECUTIONS: Quota(1_000_000, 0),
    },
}


def quota_of(name: str) -> Quota | None:
    """The quota of an operation, of ``STATE_TRANSITION`` or of ``OPEN_EXECUTIONS``; None where
    there is none.
    """
    return read_quotas(settings.QUOTAS).get(name)


@lru_cache(maxsize=8)
def read_quotas(text: str) -> Profile:
    """What the setting says: ``PROFILE`` and then perhaps ``,NAME=SIZE/REFILL``, ``,NAME=off`` or
    ``,OpenExecutions=NUMBER``.

    Raises ImproperlyConfigured, with what is wrong and what may stand there.
    """
    first, *others = (part.strip() for part in text.split(","))
    profile = first or "off"
    if profile not in PROFILES:
        raise ImproperlyConfigured(
            f"STEPWELL_QUOTAS begins with {first!r}. Begin with one of {', '.join(PROFILES)}."
        )
    quotas = dict(PROFILES[profile])
    for other in others:
        name, equals, figures = other.partition("=")
        if name not in PROFILES["aws"] or not equals:
            raise ImproperlyConfigured(
                f"STEPWELL_QUOTAS says {other!r}. Say NAME=SIZE/REFILL or NAME=off, where NAME is "
                f"an operation that has a quota at AWS, or {STATE_TRANSITION}; or say "
                f"{OPEN_EXECUTIONS}=NUMBER."
            )
        if figures == "off":
            quotas.pop(name, None)
            continue
        quotas[name] = (
            _read_number(other, figures)
            if name == OPEN_EXECUTIONS
            else (_read_quota(other, figures))
        )
    return quotas


def _read_number(other: str, figures: str) -> Quota:
    if not figures.isascii() or not figures.isdecimal() or not int(figures):
        raise ImproperlyConfigured(
            f"STEPWELL_QUOTAS says {other!r}. Say how many executions may be open at once, a whole "
            f"number from 1: {OPEN_EXECUTIONS}=1000000."
        )
    return Quota(int(figures), 0)


def _read_quota(other: str, figures: str) -> Quota:
    size, _, refill = figures.partition("/")
    try:
        quota = Quota(int(size), float(refill))
    except ValueError:
        quota = Quota(0, 0)
    if quota.size < 1 or not 0 < quota.refill < float("inf"):
        raise ImproperlyConfigured(
            f"STEPWELL_QUOTAS says {other!r}. SIZE is a whole number from 1 (requests at once), "
            "REFILL a number over 0 (requests a second after that): StartExecution=1300/300."
        )
    return quota
