"""Fields that the whole REST API shares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers


class MomentField(serializers.DateTimeField):
    """A time in UTC with milliseconds: ``2026-11-21T09:28:43.123Z``."""

    def to_representation(self, value: Any) -> str:
        """Write the time; milliseconds are cut, not rounded, as everywhere."""
        return moment_text(value)


def moment_text(moment: datetime) -> str:
    """The REST API's form of a time."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


class NamedChoiceField(serializers.ChoiceField):
    """A choice that has a name of its own in the OpenAPI document, wherever it is used."""

    def __init__(self, component: str, choices: Any, **kwargs: Any) -> None:
        self.component = component
        super().__init__(choices, **kwargs)


class PagingSerializer(serializers.Serializer[Any]):
    """The query of a list. ``cursor`` is the ``nextCursor`` of the page before."""

    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200, default=50)
