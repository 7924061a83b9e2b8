"""Executions: one row each, changed once a turn."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property

from executions.models.debugging import PausedExecution
from studio import arns
from studio.models import StateMachine, StateMachineRevision


class Execution(models.Model):
    """One execution of a state machine.

    ``snapshot`` is the machine's state (``executions.interpreter.state``) after turn ``version``.
    A success empties it; any other end keeps it until ``redrivable_until``, for a redrive to go on
    with, and ``redrivable_until`` is null where there is nothing to go on with. Payloads are JSON
    texts, written once.

    ``parent_id`` and ``parent_task`` say which attempt of which execution started this one, by
    value: the parent may be removed first. ``parent_form`` is in what form that attempt waits for
    the end (``sync``, ``sync:2``), or nothing; ``nesting`` counts the executions that wait for
    this one, one inside the other. ``hops`` counts the events that led here, one after the other:
    each tells of an execution that the one before had a rule start.

    A child of a Map Run has that run's id, the run's label and its own number among its siblings;
    ``item_count`` is how many items it was given, and ``scope`` the scope of the program it begins
    with: the Map's processor, where all others begin with the machine itself.

    ``redrive_count`` and ``redriven_at`` are those of the latest redrive; ``redrive_tokens`` are
    the client tokens of the latest ones: see ``actions.redrive``.
    """

    class Status(models.TextChoices):
        """AWS's execution statuses."""

        RUNNING = "RUNNING"
        SUCCEEDED = "SUCCEEDED"
        FAILED = "FAILED"
        TIMED_OUT = "TIMED_OUT"
        ABORTED = "ABORTED"

    # Found by the index of names below; one of its own would only be written twice a start.
    state_machine = models.ForeignKey(
        StateMachine, on_delete=models.CASCADE, related_name="executions", db_index=False
    )
    revision = models.ForeignKey(StateMachineRevision, on_delete=models.PROTECT, related_name="+")
    # What the execution was started by, kept by value: it may be deleted long before.
    state_machine_version = models.IntegerField(null=True)
    state_machine_alias = models.CharField(max_length=80, null=True)
    name = models.CharField(max_length=80)
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    input = models.TextField()
    output = models.TextField(null=True)
    error = models.TextField(null=True)
    cause = models.TextField(null=True)
    trace_header = models.CharField(max_length=256, blank=True, default="")
    started_at = models.DateTimeField(db_default=Now())
    stopped_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=0)
    last_event_id = models.IntegerField(default=0)
    snapshot = models.TextField(blank=True, default="")
    redrive_count = models.IntegerField(default=0, db_default=0)
    redriven_at = models.DateTimeField(null=True)
    redrive_tokens = models.JSONField(null=True)
    redrivable_until = models.DateTimeField(null=True)
    parent_id = models.BigIntegerField(null=True)
    parent_task = models.IntegerField(null=True)
    parent_form = models.CharField(max_length=6, blank=True, default="", db_default="")
    nesting = models.SmallIntegerField(default=0, db_default=0)
    hops = models.SmallIntegerField(default=0, db_default=0)
    map_run_id = models.BigIntegerField(null=True)
    map_label = models.CharField(max_length=80, null=True)
    map_number = models.BigIntegerField(null=True)
    item_count = models.IntegerField(null=True)
    scope = models.IntegerField(default=0, db_default=0)
    # Turns in a row that our own code could not finish; see runtime.drain on setting aside.
    failed_turns = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state_machine", "name"], name="execution_name_per_state_machine"
            ),
            models.UniqueConstraint(
                fields=["parent_id", "parent_task"],
                name="execution_per_parent_task",
                condition=Q(parent_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["map_run_id", "map_number"],
                name="execution_per_map_run_and_number",
                condition=Q(map_run_id__isnull=False),
            ),
        ]
        indexes = [
            # A run's children may be a million: they are no part of what is listed or kept by age.
            models.Index(
                fields=["state_machine", "-id"],
                name="execution_of_state_machine",
                condition=Q(map_run_id__isnull=True),
            ),
            models.Index(
                fields=["state_machine", "status", "-id"],
                name="execution_of_status",
                condition=Q(map_run_id__isnull=True),
            ),
            models.Index(
                fields=["-id"],
                name="execution_of_no_map_run",
                condition=Q(map_run_id__isnull=True),
            ),
            models.Index(
                fields=["map_run_id", "status", "map_number"],
                name="execution_of_map_run",
                condition=Q(map_run_id__isnull=False),
            ),
            # Of all state machines: most succeed, and are found among the latest without it.
            models.Index(
                fields=["status", "-id"],
                name="execution_not_succeeded",
                condition=~Q(status="SUCCEEDED") & Q(map_run_id__isnull=True),
            ),
            models.Index(
                fields=["status", "stopped_at"],
                name="execution_that_ended",
                condition=Q(stopped_at__isnull=False, map_run_id__isnull=True),
            ),
            models.Index(
                fields=["redrivable_until"],
                name="execution_redrivable",
                condition=Q(redrivable_until__isnull=False),
            ),
        ]

    map_run_uuid: uuid.UUID | None = None
    """That of ``map_run_id``, where it was read with the execution."""

    def __str__(self) -> str:
        return self.name

    @cached_property
    def paused_execution(self) -> PausedExecution | None:
        """That branches of it are paused; lists set it for a page at once."""
        return PausedExecution.objects.filter(execution_id=self.pk).first()

    @property
    def arn(self) -> str:
        """The execution's ARN; needs ``state_machine`` loaded."""
        return arns.execution_arn(self.machine_name, self.name)

    @property
    def machine_name(self) -> str:
        """What stands for the state machine in ARNs; needs ``state_machine`` loaded.

        A Map Run's children are executions of ``NAME/LABEL``.
        """
        return arns.labelled(self.state_machine.name, self.map_label)

    @property
    def short_machine_name(self) -> str:
        """``machine_name`` without the account: see ``studio.arns``."""
        return arns.short_name(self.machine_name)

    @property
    def state_machine_arn(self) -> str:
        """The ARN of its state machine, a child's with the label; needs it loaded."""
        return arns.state_machine_arn(self.machine_name)

    @property
    def map_run_arn(self) -> str | None:
        """The ARN of the Map Run that the execution is a child of; needs it loaded."""
        run = self.map_run_uuid
        if run is None or self.map_label is None:
            return None
        return arns.map_run_arn(self.state_machine.name, self.map_label, str(run))

    @property
    def state_machine_version_arn(self) -> str | None:
        """The ARN of the version that was started; needs ``state_machine`` loaded."""
        return arns.optional_qualified_arn(self.state_machine.name, self.state_machine_version)

    @property
    def state_machine_alias_arn(self) -> str | None:
        """The ARN of the alias that was started; needs ``state_machine`` loaded."""
        return arns.optional_qualified_arn(self.state_machine.name, self.state_machine_alias)
