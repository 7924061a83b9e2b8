"""How often an operation may be called: a token of its bucket for each request."""

from __future__ import annotations

from studio import arns
from studio.aws.errors import ThrottlingException
from studio.buckets import buckets
from studio.quotas import quota_of


def has_quota(operation: str) -> bool:
    """Whether the operation has a quota here."""
    return quota_of(operation) is not None


def check_quota(operation: str) -> None:
    """Take a token for a request; ThrottlingException, saying when to come again, if none is left.

    A request counts once it has been understood, whatever comes of it.
    """
    quota = quota_of(operation)
    if quota is None:
        return
    # Each account has its own.
    wait = buckets.take(arns.full_name(operation), quota)
    if wait:
        raise ThrottlingException(
            message=f"Rate exceeded: {operation} has a quota of {quota.refill:g} requests a second "
            f"after {quota.size} at once. Try again in {max(wait, 0.001):.3f} seconds, or raise "
            "the quota with STEPWELL_QUOTAS.",
            retry_after=wait,
        )
