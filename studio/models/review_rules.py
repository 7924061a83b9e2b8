"""What a change of a state machine needs before it may be published."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.models.state_machine import StateMachine


class ReviewRules(models.Model):
    """The rules of one state machine; one that has none lets anybody publish.

    With ``is_required`` only a proposal changes what new executions run. ``binds_programs`` says
    whether that goes for UpdateStateMachine, too. Approvals are those of people who wrote no push
    of the proposal, and where ``approvers`` are named, theirs only.
    """

    state_machine = models.OneToOneField(
        StateMachine, on_delete=models.CASCADE, related_name="review_rules"
    )
    is_required = models.BooleanField(default=False)
    binds_programs = models.BooleanField(default=True)
    approvals = models.SmallIntegerField(default=0)
    approvers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    tests_must_pass = models.BooleanField(default=False)
    what_if_must_not_diverge = models.BooleanField(default=False)
    threads_must_be_resolved = models.BooleanField(default=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rules of {self.state_machine_id}"
