"""What running executions keep. One table a file; the runtime writes them with plain SQL."""

from executions.models.approval import Approval
from executions.models.awaited_job import AwaitedJob
from executions.models.connection import Connection
from executions.models.debugging import DebuggerRecord, PausedExecution
from executions.models.execution import Execution
from executions.models.express_execution import ExpressExecution
from executions.models.function_limit import FunctionLimit, FunctionSlot
from executions.models.history import HistoryChunk
from executions.models.inbox import InboxMessage
from executions.models.log_delivery import LogDelivery
from executions.models.map_run import MapRun, MapRunPart, MapRunTally
from executions.models.mocked_response import MockedResponse
from executions.models.task import Task
from executions.models.triggers import (
    Event,
    EventRule,
    HttpEndpoint,
    Schedule,
    TriggeredStart,
)
from executions.models.webhook import StatusChange, Webhook, WebhookDelivery
from executions.models.what_if import Replay, WhatIf
from executions.models.workflow_test import WorkflowTest

__all__ = [
    "Approval",
    "AwaitedJob",
    "Connection",
    "DebuggerRecord",
    "Event",
    "EventRule",
    "Execution",
    "ExpressExecution",
    "FunctionLimit",
    "FunctionSlot",
    "HistoryChunk",
    "HttpEndpoint",
    "InboxMessage",
    "LogDelivery",
    "MapRun",
    "MapRunPart",
    "MapRunTally",
    "MockedResponse",
    "PausedExecution",
    "Replay",
    "Schedule",
    "StatusChange",
    "Task",
    "TriggeredStart",
    "Webhook",
    "WebhookDelivery",
    "WhatIf",
    "WorkflowTest",
]
