"""Everything that a Resource may name and this installation cannot call."""

from __future__ import annotations

from executions.integration import Failed, TaskOutcome, TaskRequest


class NotAvailable:
    """Fails the Task with an error that a Retry or Catch of ``States.TaskFailed`` sees."""

    lost_error = "States.TaskFailed"
    lost_cause = "The worker died before it answered."

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Say what cannot be called, and what can."""
        return Failed(
            "States.TaskFailed",
            f"This installation cannot call '{request.resource}'. It calls Lambda functions "
            "(arn:aws:lambda:REGION:ACCOUNT:function:NAME, arn:aws:states:::lambda:invoke), the "
            "optimized integrations that its documentation lists, every operation of AWS's "
            "services as arn:aws:states:::aws-sdk:SERVICE:ACTION, and starts executions "
            "(arn:aws:states:::states:startExecution).",
        )
