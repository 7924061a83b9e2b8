"""How HTTP Tasks authorize themselves at an API."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from studio import arns
from studio.models.accounts import OfAccount


class Connection(models.Model):
    """A connection, as EventBridge has them.

    ``encrypted_parameters`` are its AuthParameters as JSON, secrets and all: see
    ``executions.actions.connections``. ``generation`` counts changes of them; a token that was
    fetched for an earlier one is not used again.
    """

    encrypted_columns: ClassVar = {"encrypted_parameters": "parameters of connections"}
    """Purposes of encryption, by columns: see ``studio.actions.rotation``."""

    name = models.CharField(max_length=77, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    description = models.CharField(max_length=512, blank=True)
    authorization_type = models.CharField(max_length=32)
    encrypted_parameters = models.TextField()
    generation = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = OfAccount()

    @property
    def short_name(self) -> str:
        """The name without the account: see ``studio.arns``."""
        return arns.short_name(self.name)

    def __str__(self) -> str:
        return self.name
