"""Tasks: attempts that are to be, or are being, performed outside the machine."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Task(models.Model):
    """One attempt of one Task state, from its …Scheduled event until its outcome is accepted.

    ``task`` is that event's id. The row goes when an outcome is accepted, by compare-and-set on
    (id, fence, status) or by the hash of its token: a late or doubled outcome finds no row.
    ``fence`` grows each time a worker takes the row. ``token_hash`` is SHA-256 of what
    ``$$.Task.Token`` said, for an attempt that a callback may end. ``heartbeat_at`` is the latest
    sign of life, ``heartbeat_seconds`` how soon the next must follow. ``role_arn`` is the
    execution's role, "" for an attempt that an older release scheduled; ``assumed_role_arn`` the
    one that the state's Credentials name.

    A task of an activity waits on the activity's own queue until a worker outside asks for it.
    Only then its token is made, and its ``timeout_seconds`` and its heartbeat begin to count.
    """

    class Status(models.TextChoices):
        """QUEUED: nobody has begun. STARTED: committed just before the outside call.

        SUBMITTED: that call has been answered, or a worker outside has been given the task, and
        the outcome will be reported with the token.
        """

        QUEUED = "QUEUED"
        STARTED = "STARTED"
        SUBMITTED = "SUBMITTED"

    id = models.BigAutoField(primary_key=True)
    execution_id = models.BigIntegerField()
    task = models.IntegerField()
    attempt = models.IntegerField()
    state_name = models.CharField(max_length=80)
    resource = models.TextField()
    parameters = models.TextField()
    deadline = models.DateTimeField(null=True)
    timeout_seconds = models.FloatField(null=True)
    queue = models.CharField(max_length=200, default="tasks")
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    fence = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    token_hash = models.BinaryField(null=True)
    heartbeat_seconds = models.FloatField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    role_arn = models.CharField(max_length=256, default="", db_default="")
    assumed_role_arn = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["execution_id", "task"], name="task_per_execution"),
            models.UniqueConstraint(
                fields=["token_hash"], name="task_by_token", condition=Q(token_hash__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "id"], name="task_queued", condition=Q(status="QUEUED")),
            models.Index(fields=["lease_until"], name="task_leased", condition=Q(status="STARTED")),
        ]

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.task} {self.status}"
