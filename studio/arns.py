"""ARNs of this installation, made and taken apart in one place.

Shapes as AWS documents them:
``arn:aws:states:REGION:ACCOUNT:stateMachine:NAME``, the same with ``:VERSION`` or ``:ALIAS``,
``arn:aws:states:REGION:ACCOUNT:activity:NAME``,
``arn:aws:states:REGION:ACCOUNT:execution:STATE_MACHINE:EXECUTION``, of a Map Run's child
``arn:aws:states:REGION:ACCOUNT:execution:STATE_MACHINE/LABEL:EXECUTION``,
``arn:aws:states:REGION:ACCOUNT:express:STATE_MACHINE:EXECUTION:RUN`` and
``arn:aws:states:REGION:ACCOUNT:mapRun:STATE_MACHINE/LABEL:RUN``.

A workspace is an account, and two of them may have things of one name. So the installation knows a
thing by its **full name**: ``NAME`` in the first workspace, whose account is ``AWS_ACCOUNT_ID``,
``ACCOUNT|NAME`` in every other one. What is stored, looked up and handed about are full names; an
ARN is made of one and taken apart into one; only what a person reads has the short ``NAME``. No
name has a ``|`` in it.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from studio.meanwhile import Meanwhile

_ARN = re.compile(
    r"arn:(?:aws|aws-[a-z-]+):states:(?P<region>[a-z0-9-]*):(?P<account>[0-9]{12}):"
    r"(?P<kind>[A-Za-z]+):(?P<rest>[^|]+)",
    re.DOTALL,
)
_MAP_RUN = re.compile(r"(?P<state_machine>[^/:]+)/(?P<label>[^/:]+):(?P<run>[^/:]+)")
_BETWEEN = "|"
_IN_ITS_PLACE = "\x1f"
"""Stands where a caller has the former in a name, until the name is refused."""


class InvalidStatesArn(ValueError):
    """The text is not an ARN of Step Functions of the kind asked for."""


@dataclass(frozen=True, slots=True)
class ExecutionArn:
    """The names in an execution's ARN; of a Map Run's child ``state_machine`` is ``NAME/LABEL``."""

    state_machine: str
    execution: str


@dataclass(frozen=True, slots=True)
class MapRunArn:
    """The names in a Map Run's ARN: ``label`` is the Map state's, ``run`` a UUID."""

    state_machine: str
    label: str
    run: str


_current: ContextVar[str | None] = ContextVar("account", default=None)

NOWHERE = "nowhere"
"""The account of a caller who belongs to no workspace: nothing is there."""


def acting_account() -> str | None:
    """The account that what is being done keeps to: the caller's, or that of the execution whose
    Task is performed. None in the workers' own work and in commands, which serve all accounts.
    """
    return _current.get()


def current_account() -> str:
    """As ``acting_account``; where none is set, the installation's: new things need one."""
    return _current.get() or str(settings.AWS_ACCOUNT_ID)


def set_account(account: str | None) -> None:
    """Say to which account what follows in this context keeps."""
    _current.set(account)


def acting_in(account: str | None) -> Meanwhile[str | None]:
    """As ``set_account``, for a while."""
    return Meanwhile(_current, account)


def full_name(name: str, account: str | None = None) -> str:
    """The full name of what is called ``name`` in an account, the current one by default."""
    account = account or current_account()
    # Nobody reaches another account's things by a name: this character is in none.
    name = name.replace(_BETWEEN, _IN_ITS_PLACE)
    return name if account == settings.AWS_ACCOUNT_ID else f"{account}{_BETWEEN}{name}"


def short_name(full: str) -> str:
    """What a person calls the thing with this full name."""
    return full.rpartition(_BETWEEN)[2].replace(_IN_ITS_PLACE, _BETWEEN)


def account_in(arn: str) -> str:
    """The account that an ARN names, whatever it is an ARN of; "" where it names none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) > 4 else ""


def account_of(full: str) -> str:
    """The account that the thing with this full name belongs to."""
    return full.partition(_BETWEEN)[0] if _BETWEEN in full else str(settings.AWS_ACCOUNT_ID)


def is_seen(full: str) -> bool:
    """Whether whoever acts may see the thing with this full name."""
    account = acting_account()
    return account is None or account_of(full) == account


def _place(full: str, kind: str) -> str:
    """The ARN of a thing of Step Functions with this full name, and whatever follows it."""
    return _written(full, kind, settings.AWS_REGION, account_of(full))


@lru_cache(maxsize=1024)
def _written(full: str, kind: str, region: str, account: str) -> str:
    return f"arn:aws:states:{region}:{account}:{kind}:{short_name(full)}"


def state_machine_arn(name: str) -> str:
    """The ARN of the state machine ``name`` of this installation."""
    return _place(name, "stateMachine")


def connection_arn(name: str, identity: str) -> str:
    """The ARN of the connection ``name``, in EventBridge's form."""
    region, account = settings.AWS_REGION, account_of(name)
    return f"arn:aws:events:{region}:{account}:connection/{short_name(name)}/{identity}"


def rule_arn(name: str, account: str) -> str:
    """The ARN of a rule of an account, in EventBridge's form."""
    return f"arn:aws:events:{settings.AWS_REGION}:{account}:rule/{name}"


def schedule_arn(name: str, account: str) -> str:
    """The ARN of a schedule of an account, in EventBridge Scheduler's form."""
    return f"arn:aws:scheduler:{settings.AWS_REGION}:{account}:schedule/default/{name}"


def qualified_arn(name: str, qualifier: str) -> str:
    """The ARN of a version (its number) or an alias (its name) of the state machine ``name``."""
    return f"{state_machine_arn(name)}:{qualifier}"


def optional_qualified_arn(name: str, qualifier: str | int | None) -> str | None:
    """As ``qualified_arn``; None where there is no version or alias."""
    return None if qualifier is None else qualified_arn(name, str(qualifier))


def activity_arn(name: str) -> str:
    """The ARN of the activity ``name`` of this installation."""
    return _place(name, "activity")


def execution_arn(state_machine: str, name: str) -> str:
    """The ARN of the execution ``name`` of ``state_machine``."""
    return f"{_place(state_machine, 'execution')}:{name}"


def labelled(state_machine: str, label: str | None) -> str:
    """What stands for a state machine in the ARNs of a Map Run's children: ``NAME/LABEL``."""
    return state_machine if label is None else f"{state_machine}/{label}"


def map_run_arn(state_machine: str, label: str, run: str) -> str:
    """The ARN of the Map Run with the UUID ``run`` of the Map with this label."""
    return f"{_place(state_machine, 'mapRun')}/{label}:{run}"


def express_execution_arn(state_machine: str, name: str, run: str) -> str:
    """The ARN of an execution of an Express state machine.

    A name may be used again there, so ``run``, a UUID, tells the executions apart.
    """
    return f"{_place(state_machine, 'express')}:{name}:{run}"


def parse_state_machine_arn(arn: str) -> str:
    """The full name in a state machine's ARN.

    Raises:
        InvalidStatesArn: for anything else, an ARN of another account or region included:
            such a machine cannot exist here, but the text is still an ARN; see ``is_local``.
    """
    match = _ARN.fullmatch(arn)
    if match is None or match["kind"] != "stateMachine":
        raise InvalidStatesArn(arn)
    return full_name(match["rest"], match["account"])


def parse_activity_arn(arn: str) -> str:
    """The full name in an activity's ARN.

    Raises:
        InvalidStatesArn: for anything else; see ``parse_state_machine_arn``.
    """
    match = _ARN.fullmatch(arn)
    if match is None or match["kind"] != "activity":
        raise InvalidStatesArn(arn)
    return full_name(match["rest"], match["account"])


def parse_execution_arn(arn: str) -> ExecutionArn:
    """The names in an execution's ARN.

    Raises:
        InvalidStatesArn: for anything else.
    """
    match = _ARN.fullmatch(arn)
    if match is None or match["kind"] != "execution":
        raise InvalidStatesArn(arn)
    state_machine, _, execution = match["rest"].partition(":")
    if not execution:
        raise InvalidStatesArn(arn)
    return ExecutionArn(full_name(state_machine, match["account"]), execution)


def parse_map_run_arn(arn: str) -> MapRunArn:
    """The names in a Map Run's ARN.

    Raises:
        InvalidStatesArn: for anything else.
    """
    match = _ARN.fullmatch(arn)
    names = match and _MAP_RUN.fullmatch(match["rest"])
    if match is None or match["kind"] != "mapRun" or not names:
        raise InvalidStatesArn(arn)
    machine = full_name(names["state_machine"], match["account"])
    return MapRunArn(machine, names["label"], names["run"])


def is_states_arn(arn: str) -> bool:
    """Whether the text is an ARN of Step Functions, of whatever kind."""
    return _ARN.fullmatch(arn) is not None


def is_local(arn: str) -> bool:
    """Whether the ARN names this region and the account that the caller keeps to: all else is out
    of sight. Where nobody calls, every account is in sight.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[:4] != ["arn", "aws", "states", settings.AWS_REGION]:
        return False
    account = acting_account()
    return account is None or parts[4] == account
