"""Drafts: definitions that somebody is working on and has not published."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio import arns
from studio.models.accounts import OfAccount


class Draft(models.Model):
    """What one person makes of one state machine. Saved as it is typed, so it may be broken."""

    class Format(models.TextChoices):
        """How a definition is written."""

        JSON = "JSON"
        YAML = "YAML"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    # Of the state machine that exists already, or is to be created.
    name = models.CharField(max_length=93)
    definition = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=Format, default=Format.JSON)
    # What goes with the definition: all of it of a state machine that does not exist yet, of
    # another one what was changed.
    settings = models.JSONField(default=dict)
    # The revision that it began from; None where there was no state machine yet.
    base_revision_id = models.UUIDField(null=True)
    # Counts what was saved: who saves says which one it follows.
    sequence = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = OfAccount()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("owner", "name"), name="one_draft_per_person_and_name")
        ]

    @property
    def short_name(self) -> str:
        """The name without the account: see ``studio.arns``."""
        return arns.short_name(self.name)

    def __str__(self) -> str:
        return self.name
