"""Whether a log group is there: asked when a state machine is to log to it."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from django.conf import settings

from executions.integrations.aws.calling import NotReached, Refused, call
from executions.integrations.aws.cloudwatch_logs import SERVICE
from executions.integrations.aws.connections import connections
from executions.runtime.event_log import CLOUDWATCH

if TYPE_CHECKING:
    from studio.actions.configurations import LogGroup

CALL_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)


def is_there(group: LogGroup) -> bool:
    """Whether CloudWatch Logs has the group. True where log events go elsewhere, or nobody can say.

    A service that is away, or may not be asked, keeps nobody from saving a state machine: what is
    logged waits for the group.
    """
    if settings.EVENT_LOG != CLOUDWATCH or not connections().is_configured(SERVICE):
        return True
    region = group.region or settings.AWS_REGION
    client = connections().client(SERVICE, region, time.time() + CALL_SECONDS)
    arguments = {"logGroupNamePrefix": group.name}
    try:
        # The shortest name comes first: a group of this very name is on the first page.
        answer = call(client, "DescribeLogGroups", arguments)
    except (Refused, NotReached) as problem:
        _log.warning("whether the log group %s is there is not known: %s", group.name, problem)
        return True
    found = answer.get("logGroups")
    return found is None or any(each.get("logGroupName") == group.name for each in found)
