"""Express executions that were started and have not ended."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from studio.models import StateMachine, StateMachineRevision


class ExpressExecution(models.Model):
    """One Express execution begun by StartExecution, until it has ended: then the row goes.

    ``run`` tells it from others of the same name. A worker that takes it raises ``attempt`` and
    keeps ``lease_until`` in the future while it runs the execution. ``hops``: see ``Execution``.
    """

    id = models.BigAutoField(primary_key=True)
    state_machine = models.ForeignKey(StateMachine, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(StateMachineRevision, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    run = models.UUIDField()
    input = models.TextField()
    started_at = models.DateTimeField(db_default=Now())
    attempt = models.IntegerField(default=0)
    hops = models.SmallIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["lease_until", "id"], name="express_execution_due")]

    def __str__(self) -> str:
        return f"{self.name}: {self.run}"
