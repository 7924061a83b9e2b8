"""Whether a Task may do what it is about to do: its execution's role decides, before the call.

All roles are kept in memory and looked at anew after ``LOOK_SECONDS``: no Task costs a query.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from executions.integration import LONGEST_CAUSE, Failed
from executions.integrations.aws.caller import WORKERS, Caller
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from studio import arns
from studio.asl import json_text
from studio.policies.needs import Need, Place, needs_of
from studio.policies.policy import Decision, InvalidPolicy, Policy, read_policy

if TYPE_CHECKING:
    from executions.integration import TaskRequest

LOOK_SECONDS: Final = 2.0
"""For how long a change of a role may go unseen by a process."""

PAUSE_SECONDS: Final = 0.25
"""Between looks for a database that is away."""

ERROR: Final = "States.Permissions"

_ROLES: Final = "SELECT arn, version, policy, aws_profile, aws_role_arn FROM studio_executionrole"
_ACCOUNTS: Final = "SELECT account_id FROM studio_workspace WHERE account_id IS NOT NULL"
_NOTHING: Final = Policy(())

_log = logging.getLogger(__name__)


class _Known:
    """The policies of all roles, by ARN; one is read anew where its version has changed.

    ``accounts`` are those of the workspaces, where there are several.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at = -math.inf
        self._versions: dict[str, tuple[int, str]] = {}
        self.callers: dict[str, Caller] = {}
        self.accounts: frozenset[str] = frozenset()
        self._policies: dict[str, Policy] = {}

    def policies(self) -> dict[str, Policy]:
        """As old as ``LOOK_SECONDS`` at most, but where the database is away."""
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return self._policies
        with self._lock:
            if time.monotonic() - self._looked_at >= LOOK_SECONDS:
                self._look_or_wait()
            return self._policies

    def forget(self) -> None:
        """Look again at the next Task."""
        self._looked_at = -math.inf

    def _look_or_wait(self) -> None:
        """Look; of a database that is away nothing new can be known, and nothing at all at first.

        No call is made then that nobody has allowed: the Task waits for the database.
        """
        while True:
            try:
                self._look()
            except DATABASE_AWAY as error:
                forget_broken_connection()
                if self._policies or self._looked_at > -math.inf:
                    return
                _log.warning("a task waits until roles can be read: %s", error)
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def _look(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ROLES)
            rows = cursor.fetchall()
            cursor.execute(_ACCOUNTS)
            others = [row[0] for row in cursor.fetchall()]
        # Roles of accounts that are no workspace here are like any that nobody has saved.
        self.accounts = frozenset(others and [*others, str(settings.AWS_ACCOUNT_ID)])
        found = {arn: (version, text) for arn, version, text, *_ in rows}
        self.callers = {
            arn: Caller(profile, role_arn)
            for arn, _, _, profile, role_arn in rows
            if profile or role_arn
        }
        if found != self._versions:
            self._policies = {
                arn: self._policies[arn] if self._versions.get(arn) == row else _policy(arn, row[1])
                for arn, row in found.items()
            }
            self._versions = found
        self._looked_at = time.monotonic()


def _policy(arn: str, text: str) -> Policy:
    try:
        return read_policy(text)
    except InvalidPolicy:
        # Never stored so; whoever wrote it past us shall not have opened a door.
        _log.exception("the policy of %s cannot be read: it allows nothing", arn)
        return _NOTHING


_known = _Known()


def forget_roles() -> None:
    """Have this process look at all roles again before its next Task."""
    _known.forget()


def caller_of(role_arn: str) -> Caller:
    """With whose credentials services are called for a Task that is performed under this role."""
    if not role_arn:
        return WORKERS
    _known.policies()
    return _known.callers.get(role_arn, WORKERS)


def refusal_of(request: TaskRequest) -> Failed | None:
    """Say why a Task may not do what it is about to do; None where it may.

    Credentials: the execution's role must be allowed to assume theirs (``sts:AssumeRole``), and
    that one everything else. A role that nobody has saved here allows everything, unless
    ``STEPWELL_UNKNOWN_ROLES`` is ``refuse``. A role of another workspace allows nothing.
    """
    if not request.role_arn:
        return None  # Scheduled by a release that knew no roles.
    policies = _known.policies()
    acting = request.role_arn
    for role in (request.role_arn, request.assumed_role_arn):
        refused = _refusal_of_others(acting, role, request.execution_arn)
        if refused is not None:
            return refused
    if request.assumed_role_arn:
        assume = Need("sts:AssumeRole", request.assumed_role_arn)
        refused = _refusal(policies, acting, assume, request.execution_arn)
        if refused is not None:
            return refused
        acting = request.assumed_role_arn
    if acting not in policies and settings.UNKNOWN_ROLES == "allow":
        return None
    place = Place(settings.AWS_REGION, arns.account_in(request.execution_arn))
    needs = needs_of(request.resource, _parameters(request), place)
    refusals = (_refusal(policies, acting, need, request.execution_arn) for need in needs)
    return next((refused for refused in refusals if refused is not None), None)


def refusal_of_need(role_arn: str, need: Need, on_behalf_of: str) -> Failed | None:
    """Say why something that is no Task may not be done under a role; None where it may.

    ``on_behalf_of``: the ARN of the execution or Map Run that is to do it.
    """
    if not role_arn:
        return None
    policies = _known.policies()
    return _refusal_of_others(role_arn, role_arn, on_behalf_of) or _refusal(
        policies, role_arn, need, on_behalf_of
    )


def _refusal_of_others(acting: str, role: str, on_behalf_of: str) -> Failed | None:
    """Say why a role of another workspace is not taken; None where it is none of those."""
    accounts = _known.accounts
    if not accounts or arns.account_in(role) not in accounts - {arns.account_in(on_behalf_of)}:
        return None
    why = "because it belongs to another account"
    how = "Name a role of the execution's own workspace"
    return _failed(acting, Need("sts:AssumeRole", role), on_behalf_of, why, how)


def _refusal(
    policies: dict[str, Policy], role: str, need: Need, on_behalf_of: str
) -> Failed | None:
    policy = policies.get(role)
    name = role.rpartition("/")[2]
    if policy is None:
        if settings.UNKNOWN_ROLES == "allow":
            return None
        why = f"the role {role} does not exist"
        how = f"Save a role of that name, '{name}', or give the state machine another"
        return _failed(role, need, on_behalf_of, why, how)
    decision = policy.decide(need.action, need.resource)
    if decision is Decision.ALLOWED:
        return None
    if decision is Decision.DENIED:
        why = "with an explicit deny in an identity-based policy"
        how = f"A statement of the execution role '{name}' denies it"
    else:
        why = f"because no identity-based policy allows the {need.action} action"
        how = f"Allow it in the execution role '{name}'"
    return _failed(role, need, on_behalf_of, why, how)


def _failed(role: str, need: Need, on_behalf_of: str, why: str, how: str) -> Failed:
    """AWS's sentence, and ours behind it."""
    account = role.split(":")[4] if role.count(":") >= 5 else settings.AWS_ACCOUNT_ID
    session = on_behalf_of.rpartition(":")[2]
    user = f"arn:aws:sts::{account}:assumed-role/{role.rpartition('/')[2]}/{session}"
    cause = (
        f"User: {user} is not authorized to perform: {need.action} on resource: {need.resource} "
        f"{why}. {how}."
    )
    return Failed(ERROR, cause[:LONGEST_CAUSE])


def _parameters(request: TaskRequest) -> object:
    try:
        return json_text.loads(request.parameters, max_depth=300)
    except json_text.InvalidJson:
        return None
