"""What is said of a place in a proposal."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from studio.models.proposal import Proposal, ProposalPush


class ProposalThread(models.Model):
    """Comments pinned to a place in the definition: a JSON pointer, "" for the whole of it.

    ``pointer`` is the place in ``anchor_push``, the latest push that has it: where that is not the
    latest push of all, the place is gone. ``state`` is the state it is of by its name in the latest
    push, or in ``anchor_push`` where the state is gone, too; "" where it is of none.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="threads")
    anchor_push = models.ForeignKey(ProposalPush, on_delete=models.CASCADE, related_name="+")
    pointer = models.TextField(blank=True, default="")
    state = models.CharField(max_length=80, blank=True, default="")
    state_is_gone = models.BooleanField(default=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    resolved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.pointer


class ProposalComment(models.Model):
    """One thing said. ``suggestion`` is JSON text: the value that the place is to have.

    ``suggested_for`` is the value that the place had then, so that it is not put in the place of
    another; ``applied_in`` the push that it was applied with.
    """

    thread = models.ForeignKey(ProposalThread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    text = models.TextField(blank=True, default="")
    suggestion = models.TextField(null=True)
    suggested_for = models.TextField(null=True)
    applied_in = models.ForeignKey(
        ProposalPush, on_delete=models.SET_NULL, related_name="+", null=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text
