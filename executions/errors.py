"""Errors about executions that a caller of an API sees; see ``studio.errors`` for how they work."""

from __future__ import annotations

from studio.errors import ApiError


class ExecutionDoesNotExist(ApiError):
    """Execution Does Not Exist"""

    rest_status = 404


class ExecutionAlreadyExists(ApiError):
    """Execution Already Exists"""

    rest_status = 409


class ExecutionLimitExceeded(ApiError):
    """The maximum number of running executions has been reached. Running executions must end or be stopped before a new execution can be started."""  # noqa: E501 - AWS's words


class ExecutionNotRedrivable(ApiError):
    """Execution ARN invalid for redrive"""

    rest_status = 409


class ExecutionNotRunning(ApiError):
    """The execution has ended; there is nothing left to debug"""

    rest_status = 409


class NothingWaits(ApiError):
    """Nothing is paused or waits there any more: the execution has gone on meanwhile"""

    rest_status = 409


class InvalidExecutionInput(ApiError):
    """Invalid State Machine Execution Input"""


class InvalidOutput(ApiError):
    """Invalid Output"""


class ActivityWorkerLimitExceeded(ApiError):
    """The maximum number of workers concurrently polling for activity tasks has been reached."""


class TaskDoesNotExist(ApiError):
    """Task Does Not Exist"""

    rest_status = 404


class TaskTimedOut(ApiError):
    """Task Timed Out"""

    rest_status = 410


class TooManyTests(ApiError):
    """As many tests are under way as may be at once. Try again when one of them is over."""

    rest_status = 429


class ApprovalDoesNotExist(ApiError):
    """Nothing of this number has been asked, or its execution was removed"""

    rest_status = 404


class ApprovalDecided(ApiError):
    """This has been decided already"""

    rest_status = 409


class ApprovalClosed(ApiError):
    """Nobody waits for this decision any more: its time is over, or the execution has gone on or ended"""  # noqa: E501 - one sentence

    rest_status = 409


class ApproverRequired(ApiError):
    """This is for others to decide"""

    rest_status = 403


class MockDoesNotExist(ApiError):
    """There is no such mock of this state machine"""

    rest_status = 404


class MockAlreadyExists(ApiError):
    """The state has a mock of this name already"""

    rest_status = 409


class MockChanged(ApiError):
    """The mock has been saved by somebody else since"""

    rest_status = 409


class WhatIfDoesNotExist(ApiError):
    """This has not been asked of the state machine, or longer ago than what is kept"""

    rest_status = 404


class WorkflowTestDoesNotExist(ApiError):
    """There is no such test of this state machine"""

    rest_status = 404


class WorkflowTestAlreadyExists(ApiError):
    """The state machine has a test of this name already"""

    rest_status = 409


class WorkflowTestChanged(ApiError):
    """The test has been saved by somebody else since"""

    rest_status = 409


class TriggerDoesNotExist(ApiError):
    """The state machine has no such rule, schedule, endpoint or webhook"""

    rest_status = 404


class TriggerAlreadyExists(ApiError):
    """The state machine has a rule or schedule of this name already"""

    rest_status = 409
