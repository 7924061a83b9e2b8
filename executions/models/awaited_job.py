"""Jobs: what Tasks with ``.sync`` have begun at a service, and wait for."""

from __future__ import annotations

from django.db import models


class AwaitedJob(models.Model):
    """A job at a service, until it has ended or, where nobody waits for it, been stopped.

    ``execution_id`` and ``task`` are the attempt's, whose row in Task waits as SUBMITTED: where
    that has gone, nobody waits. ``job`` is what the integration of ``resource`` finds it by.
    Whoever looks at it puts ``look_at`` off and raises ``fence``, which what was seen must present.
    ``looks``, how often that was, makes the pauses longer; ``faults`` counts the latest looks that
    saw nothing. ``stopping``: it is to be stopped. ``role_arn`` is the role that it was begun
    under, and is looked at and stopped under.
    """

    id = models.BigAutoField(primary_key=True)
    execution_id = models.BigIntegerField()
    task = models.IntegerField()
    resource = models.TextField()
    job = models.TextField()
    look_at = models.DateTimeField()
    looks = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)
    stopping = models.BooleanField(default=False)
    fence = models.BigIntegerField(default=0)
    role_arn = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["execution_id", "task"], name="job_of_task"),
        ]
        indexes = [models.Index(fields=["look_at"], name="job_look_at")]

    def __str__(self) -> str:
        return f"{self.execution_id}: {self.task} {self.job}"
