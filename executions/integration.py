"""The port between the engine and the world: a request goes out, an outcome comes back.

An integration performs one attempt of one Task. It knows nothing of histories, turns or tables.
"""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

from executions.interpreter.value import value

LONGEST_CAUSE: Final = 32_768
"""Characters of a cause that Step Functions keeps."""


@value
class TaskRequest:
    """One attempt to perform.

    ``parameters`` is JSON text. ``deadline`` (seconds since the epoch) is when the engine stops
    waiting, or None. ``idempotency_key`` is the same for every delivery of this attempt and
    different for each retry: an integration may pass it on. ``execution_id`` is the row of the
    execution; an Express execution has none. ``role_arn`` is the execution's role,
    ``assumed_role_arn`` the one that the state's Credentials name, if any. ``hops`` is what an
    Express execution has of them, whose row does not tell: see ``models.Execution``.
    """

    execution_arn: str
    state_machine_arn: str
    state_name: str
    task: int
    attempt: int
    resource: str
    parameters: str
    deadline: float | None
    idempotency_key: str
    execution_id: int | None = None
    role_arn: str = ""
    assumed_role_arn: str = ""
    hops: int = 0

    @property
    def acting_role_arn(self) -> str:
        """The role that the attempt is performed under."""
        return self.assumed_role_arn or self.role_arn


@value
class Succeeded:
    """The attempt's result as JSON text."""

    output: str


@value
class Failed:
    """The attempt's failure: an ASL Error Name and a cause, as the Task's Catch will see it."""

    error: str
    cause: str


@value
class Submitted:
    """The call's answer as JSON text; the attempt's own outcome comes later, with its token.

    ``job``: or when the job that the call has begun ends. It is what ``JobIntegration.look`` needs
    to find that job again, in whatever process.
    """

    output: str
    job: str | None = None


TaskOutcome = Succeeded | Failed | Submitted


class Integration(Protocol):
    """What a service's file in ``integrations/`` offers.

    ``lost_error`` is the Error Name of an attempt whose worker died after it had begun: nobody
    knows whether the call took effect, so the definition's Retry decides. None: another worker
    performs the attempt again, for a second time has no effect of its own.
    """

    lost_error: str | None

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Perform the attempt and say how it ended.

        Never raises for what the called service does; an exception is our own bug and is reported
        to the workflow as ``States.Runtime``.
        """
        ...


def unusable(request: TaskRequest, problem: object) -> Failed:
    """How an attempt ends whose parameters make no call. ``problem``: a sentence in AWS's words."""
    cause = (
        f"The Parameters '{request.parameters}' could not be used to start the Task: [{problem}]"
    )
    return Failed("States.Runtime", cause[:LONGEST_CAUSE])


Trace = dict[str, dict[str, str]]
"""``request`` and ``response`` of AWS's InspectionData, each with its members by name."""


@runtime_checkable
class TracedIntegration(Integration, Protocol):
    """An integration that can also show what it has sent and got."""

    def perform_traced(
        self, request: TaskRequest, *, reveal_secrets: bool
    ) -> tuple[TaskOutcome, Trace]:
        """Perform the attempt; the trace leaves secrets out unless they are to be revealed."""
        ...


class JobNotSeen(Exception):
    """The service did not say how a job is. ``failure`` is what that means if it stays so.

    ``lasting``: it refused, so that asking again may not help; else it could not be reached, or had
    no time.
    """

    def __init__(self, failure: Failed, *, lasting: bool) -> None:
        super().__init__(failure.cause)
        self.failure = failure
        self.lasting = lasting


class JobIntegration(Integration, Protocol):
    """An integration whose calls begin jobs that go on by themselves (``.sync``).

    Nobody waits in ``perform``: it gives Submitted with a ``job``, and the engine asks now and then
    how that is.
    """

    def look(self, resource: str, job: str) -> TaskOutcome | None:
        """How the job ended, or None while it goes on. Raises JobNotSeen."""
        ...

    def stop(self, resource: str, job: str) -> None:
        """Stop the job, which nobody waits for any more; one that has ended already is left.

        Raises JobNotSeen.
        """
        ...
