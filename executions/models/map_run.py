"""Map Runs: what a distributed Map starts, and what of it is not an execution of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class MapRun(models.Model):
    """One run of a distributed Map: its settings, how far it is, and how many children ended how.

    ``execution_id`` and ``event`` say which execution waits for it, and since which event.
    ``plan`` is ``executions.interpreter.map_runs.Plan`` as text. Items are read in order:
    ``position`` is how many were read and ``reading`` where in the data set that is, ``children``
    how many children they were given to, and ``is_read`` that no more follow. ``total`` is the
    number of items, as far as it is known.

    ``slots`` counts the children that may be under way; ``max_concurrency`` bounds it. The counts
    of ended children, and of their items, are added up from the rows of MapRunTally.

    ``is_redriving``: a redrive was asked for and waits until nothing of the run is under way.
    ``redrive_after`` and ``redrive_until`` bound the children it has still to look at;
    ``is_stopping``: children that run are to be stopped first. ``is_settled``: nothing is left to
    be done. A worker that has the run keeps ``lease_until`` in the future; its ``fence`` grows each
    time. Whoever has something for it to do sets ``due_at``.
    """

    class Status(models.TextChoices):
        """AWS's statuses of a Map Run."""

        RUNNING = "RUNNING"
        SUCCEEDED = "SUCCEEDED"
        FAILED = "FAILED"
        ABORTED = "ABORTED"

    id = models.BigAutoField(primary_key=True)
    execution_id = models.BigIntegerField()
    event = models.IntegerField()
    uuid = models.UUIDField(unique=True)
    label = models.CharField(max_length=80)
    execution_type = models.CharField(max_length=8)
    queue = models.CharField(max_length=8)
    plan = models.TextField()
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    error = models.TextField(null=True)
    cause = models.TextField(null=True)
    max_concurrency = models.IntegerField()
    tolerated_failure_count = models.BigIntegerField(null=True)
    tolerated_failure_percentage = models.FloatField(null=True)
    started_at = models.DateTimeField(db_default=Now())
    stopped_at = models.DateTimeField(null=True)
    redrive_count = models.IntegerField(default=0, db_default=0)
    redriven_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0, db_default=0)
    reading = models.TextField(default="", db_default="")
    is_read = models.BooleanField(default=False, db_default=False)
    total = models.BigIntegerField(default=0, db_default=0)
    children = models.BigIntegerField(default=0, db_default=0)
    slots = models.IntegerField(default=0, db_default=0)
    succeeded = models.BigIntegerField(default=0, db_default=0)
    failed = models.BigIntegerField(default=0, db_default=0)
    timed_out = models.BigIntegerField(default=0, db_default=0)
    aborted = models.BigIntegerField(default=0, db_default=0)
    items_succeeded = models.BigIntegerField(default=0, db_default=0)
    items_failed = models.BigIntegerField(default=0, db_default=0)
    items_timed_out = models.BigIntegerField(default=0, db_default=0)
    items_aborted = models.BigIntegerField(default=0, db_default=0)
    output_bytes = models.BigIntegerField(default=0, db_default=0)
    results_written = models.BigIntegerField(default=0, db_default=0)
    items_written = models.BigIntegerField(default=0, db_default=0)
    not_redrivable = models.BigIntegerField(default=0, db_default=0)
    items_not_redrivable = models.BigIntegerField(default=0, db_default=0)
    pending_redrive = models.BigIntegerField(default=0, db_default=0)
    items_pending_redrive = models.BigIntegerField(default=0, db_default=0)
    redrive_after = models.BigIntegerField(default=-1, db_default=-1)
    redrive_until = models.BigIntegerField(default=0, db_default=0)
    is_redriving = models.BooleanField(default=False, db_default=False)
    is_stopping = models.BooleanField(default=False, db_default=False)
    stopped_after = models.BigIntegerField(default=-1, db_default=-1)
    is_settled = models.BooleanField(default=False, db_default=False)
    is_orphaned = models.BooleanField(default=False, db_default=False)
    due_at = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["execution_id", "event"], name="map_run_per_event_of_an_execution"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="map_run_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["id"], name="map_run_orphaned", condition=Q(is_orphaned=True)),
        ]

    def __str__(self) -> str:
        return f"{self.label}:{self.uuid}"


class MapRunTally(models.Model):
    """Children that have ended and are not counted in their run yet.

    The commit that ends them leaves it, without touching the run's row: thousands end at the same
    time. Whoever works at the run adds it up and removes it.
    """

    id = models.BigAutoField(primary_key=True)
    map_run_id = models.BigIntegerField()
    slots = models.IntegerField(default=0)
    succeeded = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    timed_out = models.IntegerField(default=0)
    aborted = models.IntegerField(default=0)
    items_succeeded = models.BigIntegerField(default=0)
    items_failed = models.BigIntegerField(default=0)
    items_timed_out = models.BigIntegerField(default=0)
    items_aborted = models.BigIntegerField(default=0)
    output_bytes = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["map_run_id", "id"], name="map_run_tally")]

    def __str__(self) -> str:
        return f"{self.map_run_id}: {self.succeeded} succeeded, {self.failed} failed"


class MapRunPart(models.Model):
    """Consecutive Express children of a run, which one worker runs in memory.

    ``number`` is the first one's. ``inputs`` and ``results`` have a line for each child: see
    ``executions.runtime.map_runs.lines``. ``unsuccessful`` counts those that ended without success
    and ``unstarted`` those that were never run; a redrive runs both. ``concurrency`` is how many of
    them run at once.
    """

    class Status(models.TextChoices):
        """QUEUED: to be run. STARTED: a worker runs them. DONE: it has, or nobody shall."""

        QUEUED = "QUEUED"
        STARTED = "STARTED"
        DONE = "DONE"

    id = models.BigAutoField(primary_key=True)
    map_run_id = models.BigIntegerField()
    number = models.BigIntegerField()
    children = models.IntegerField()
    queue = models.CharField(max_length=8)
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED)
    concurrency = models.IntegerField()
    unsuccessful = models.IntegerField(default=0, db_default=0)
    unstarted = models.IntegerField(default=0, db_default=0)
    inputs = models.TextField()
    results = models.TextField(default="", db_default="")
    fence = models.BigIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["map_run_id", "number"], name="map_run_part_number"),
        ]
        indexes = [
            models.Index(fields=["queue", "id"], name="part_queued", condition=Q(status="QUEUED")),
            models.Index(fields=["lease_until"], name="part_leased", condition=Q(status="STARTED")),
        ]

    def __str__(self) -> str:
        return f"{self.map_run_id}: from {self.number}, {self.status}"
