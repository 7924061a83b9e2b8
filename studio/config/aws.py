"""Every operation of AWS's API that is offered, and the protocol that serves them."""

from __future__ import annotations

from executions.aws.activity_tasks import OPERATIONS as OF_ACTIVITY_TASKS
from executions.aws.events import OPERATIONS as OF_EVENTS
from executions.aws.express import OPERATIONS as OF_EXPRESS
from executions.aws.map_runs import OPERATIONS as OF_MAP_RUNS
from executions.aws.operations import OPERATIONS as OF_EXECUTIONS
from executions.aws.redrive import OPERATIONS as OF_REDRIVES
from executions.aws.task_tokens import OPERATIONS as OF_TASK_TOKENS
from executions.aws.test_state import OPERATIONS as OF_TESTS
from studio.aws.activities import OPERATIONS as OF_ACTIVITIES
from studio.aws.aliases import OPERATIONS as OF_ALIASES
from studio.aws.operations import OPERATIONS as OF_STATE_MACHINES
from studio.aws.protocol import AwsProtocol, Operation
from studio.aws.tags import OPERATIONS as OF_TAGS
from studio.aws.versions import OPERATIONS as OF_VERSIONS

OPERATIONS: dict[str, Operation] = {
    **OF_STATE_MACHINES,
    **OF_EXECUTIONS,
    **OF_TASK_TOKENS,
    **OF_TESTS,
    **OF_REDRIVES,
    **OF_EXPRESS,
    **OF_MAP_RUNS,
    **OF_TAGS,
    **OF_VERSIONS,
    **OF_ALIASES,
    **OF_ACTIVITIES,
    **OF_ACTIVITY_TASKS,
    **OF_EVENTS,
}

application = AwsProtocol(OPERATIONS)
