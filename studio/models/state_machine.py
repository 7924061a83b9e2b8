"""State machines and the immutable revisions of what they do."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio import arns
from studio.models.accounts import OfAccount


class StateMachine(models.Model):
    """A named workflow. Its revisions say what it does; new executions run ``current``."""

    class Type(models.TextChoices):
        """AWS's two kinds of workflow."""

        STANDARD = "STANDARD"
        EXPRESS = "EXPRESS"

    class Status(models.TextChoices):
        """DELETING until the last of its executions has ended."""

        ACTIVE = "ACTIVE"
        DELETING = "DELETING"

    # Full, as every name of something that belongs to a workspace: see studio.arns.
    name = models.CharField(max_length=93, unique=True)
    type = models.CharField(max_length=8, choices=Type, default=Type.STANDARD)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    current = models.ForeignKey(
        "studio.StateMachineRevision", on_delete=models.PROTECT, related_name="+", null=True
    )
    # The configurations are JSON texts as the client sent them; "" means AWS's default.
    logging_configuration = models.TextField(blank=True, default="")
    tracing_configuration = models.TextField(blank=True, default="")
    encryption_configuration = models.TextField(blank=True, default="")
    # A JSON text that the page offers when somebody starts an execution by hand.
    sample_input = models.TextField(null=True)
    # Marks of what is sensitive in payloads, as a JSON text; see ``studio.sensitive_fields``.
    sensitive_fields = models.TextField(blank=True, default="", db_default="")
    last_version_number = models.IntegerField(default=0)
    # Values by keys.
    tags = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = OfAccount()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without the account: see ``studio.arns``."""
        return arns.short_name(self.name)

    @property
    def arn(self) -> str:
        """The machine's ARN."""
        return arns.state_machine_arn(self.name)


class StateMachineRevision(models.Model):
    """A definition and role as they were between two updates. Never changed, so that an execution
    keeps what it started with and a worker may cache its compiled form by id.
    """

    state_machine = models.ForeignKey(
        StateMachine, on_delete=models.CASCADE, related_name="revisions"
    )
    revision_id = models.UUIDField(unique=True)
    definition = models.TextField()
    # The YAML it was written in, comments and all; "" where it was written in JSON.
    source = models.TextField(blank=True, default="")
    role_arn = models.CharField(max_length=256)
    # Logging and tracing as they were when it was made, as JSON text; "": it is not known.
    configuration = models.TextField(blank=True, default="", db_default="")
    # Who made it and why. Those made before this was kept have no author, and so do those of a
    # command of the installation; a person who is removed leaves theirs behind.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    description = models.CharField(max_length=256, blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.revision_id)
