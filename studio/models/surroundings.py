"""What stood around the revisions of state machines."""

from __future__ import annotations

from django.db import models

from studio.models.state_machine import StateMachineRevision


class RevisionSurroundings(models.Model):
    """What stood around a revision when it was made, so that it can be compared later on.

    ``text`` is JSON in the shape of ``studio.surroundings``: aliases, tags, tests and mocks. Role,
    logging and tracing are the revision's own.
    """

    revision = models.OneToOneField(
        StateMachineRevision,
        on_delete=models.CASCADE,
        related_name="surroundings",
        primary_key=True,
    )
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.revision_id)
