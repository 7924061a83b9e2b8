"""An event in EventBridge's shape: what rules look at, and what is published.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from studio import arns


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is to be stored."""

    source: str
    detail_type: str
    detail: dict[str, Any]
    time: datetime
    resources: list[str]
    id: str

    def members(self) -> dict[str, Any]:
        """The event as rules and receivers see it, in AWS's order."""
        return {
            "version": "0",
            "id": self.id,
            "detail-type": self.detail_type,
            "source": self.source,
            "account": arns.current_account(),
            "time": f"{self.time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": settings.AWS_REGION,
            "resources": self.resources,
            "detail": self.detail,
        }
