"""Approvals: what Tasks have asked of people, and what those have decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from studio.models import StateMachine


class Approval(models.Model):
    """One question that one attempt of a Task asks of a person.

    ``task`` is the id of the attempt's …Scheduled event; its row in Task waits. Where that has gone
    and nobody has decided, nobody can any more: the time was over, or the execution has gone on or
    ended. A chore makes such a row CLOSED; whoever reads looks at the Task itself.
    ``context`` (a JSON object) and ``form`` (a JSON array of fields) are texts. Without ``users``,
    ``roles`` and ``emails`` whoever may work with the state machine may decide.
    ``decided_by`` is a user's name, or the address whose link was used (``via``);
    ``answers`` is a JSON object with the form's values. ``mail_problem``: why no mail went.
    """

    class Status(models.TextChoices):
        """OPEN; decided: APPROVED, REJECTED; CLOSED without a decision."""

        OPEN = "OPEN"
        APPROVED = "APPROVED"
        REJECTED = "REJECTED"
        CLOSED = "CLOSED"

    class Via(models.TextChoices):
        """Where it was decided: on the PAGE by a signed-in user, or by a LINK of a mail."""

        PAGE = "PAGE"
        LINK = "LINK"

    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    execution_id = models.BigIntegerField()
    task = models.IntegerField()
    state_name = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    question = models.TextField()
    context = models.TextField()
    form = models.TextField()
    users = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    emails = models.JSONField(default=list)
    deadline = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    mailed_at = models.DateTimeField(null=True)
    mail_problem = models.TextField(default="")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    closed_at = models.DateTimeField(null=True)
    decided_by = models.TextField(default="")
    via = models.CharField(max_length=4, choices=Via, default="")
    reason = models.TextField(default="")
    answers = models.TextField(default="{}")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["execution_id", "task"], name="approval_of_task")
        ]
        indexes = [models.Index(fields=["id"], name="approval_open", condition=Q(status="OPEN"))]

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.title} {self.status}"
