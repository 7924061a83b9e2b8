"""ARNs of this installation, made and taken apart in one place.

Shapes as AWS documents them:
``arn:aws:states:REGION:ACCOUNT:stateMachine:NAME``, the same with ``:VERSION`` or ``:ALIAS``,
``arn:aws:states:REGION:ACCOUNT:activity:NAME``,
``arn:aws:states:REGION:ACCOUNT:execution:STATE_MACHINE:EXECUTION``, of a Map Run's child
``arn:aws:states:REGION:ACCOUNT:execution:STATE_MACHINE/LABEL:EXECUTION``,
``arn:aws:states:REGION:ACCOUNT:express:STATE_MACHINE:EXECUTION:RUN`` and
``arn:aws:states:REGION:ACCOUNT:mapRun:STATE_MACHINE/LABEL:RUN``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings

_ARN = re.compile(
    r"arn:(?:aws|aws-[a-z-]+):states:(?P<region>[a-z0-9-]*):(?P<account>[0-9]{12}):"
    r"(?P<kind>[A-Za-z]+):(?P<rest>.+)",
    re.DOTALL,
)
_MAP_RUN = re.compile(r"(?P<state_machine>[^/:]+)/(?P<label>[^/:]+):(?P<run>[^/:]+)")


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


def _prefix() -> str:
    return f"arn:aws:states:{settings.AWS_REGION}:{settings.AWS_ACCOUNT_ID}"


def state_machine_arn(name: str) -> str:
    """The ARN of the state machine ``name`` of this installation."""
    return f"{_prefix()}:stateMachine:{name}"


def connection_arn(name: str, identity: str) -> str:
    """The ARN of the connection ``name``, in EventBridge's form."""
    region, account = settings.AWS_REGION, settings.AWS_ACCOUNT_ID
    return f"arn:aws:events:{region}:{account}:connection/{name}/{identity}"


def rule_arn(name: str) -> str:
    """The ARN of a rule, in EventBridge's form."""
    return f"arn:aws:events:{settings.AWS_REGION}:{settings.AWS_ACCOUNT_ID}:rule/{name}"


def schedule_arn(name: str) -> str:
    """The ARN of a schedule, in EventBridge Scheduler's form."""
    region, account = settings.AWS_REGION, settings.AWS_ACCOUNT_ID
    return f"arn:aws:scheduler:{region}:{account}:schedule/default/{name}"


def qualified_arn(name: str, qualifier: str) -> str:
    """The ARN of a version (its number) or an alias (its name) of the state machine ``name``."""
    return f"{state_machine_arn(name)}:{qualifier}"


def optional_qualified_arn(name: str, qualifier: str | int | None) -> str | None:
    """As ``qualified_arn``; None where there is no version or alias."""
    return None if qualifier is None else qualified_arn(name, str(qualifier))


def activity_arn(name: str) -> str:
    """The ARN of the activity ``name`` of this installation."""
    return f"{_prefix()}:activity:{name}"


def execution_arn(state_machine: str, name: str) -> str:
    """The ARN of the execution ``name`` of ``state_machine``."""
    return f"{_prefix()}:execution:{state_machine}:{name}"


def labelled(state_machine: str, label: str | None) -> str:
    """What stands for a state machine in the ARNs of a Map Run's children: ``NAME/LABEL``."""
    return state_machine if label is None else f"{state_machine}/{label}"


def map_run_arn(state_machine: str, label: str, run: str) -> str:
    """The ARN of the Map Run with the UUID ``run`` of the Map with this label."""
    return f"{_prefix()}:mapRun:{state_machine}/{label}:{run}"


def express_execution_arn(state_machine: str, name: str, run: str) -> str:
    """The ARN of an execution of an Express state machine.

    A name may be used again there, so ``run``, a UUID, tells the executions apart.
    """
    return f"{_prefix()}:express:{state_machine}:{name}:{run}"


def parse_state_machine_arn(arn: str) -> str:
    """The name in a state machine's ARN.

    Raises:
        InvalidStatesArn: for anything else, an ARN of another account or region included:
            such a machine cannot exist here, but the text is still an ARN; see ``is_local``.
    """
    match = _ARN.fullmatch(arn)
    if match is None or match["kind"] != "stateMachine":
        raise InvalidStatesArn(arn)
    return match["rest"]


def parse_activity_arn(arn: str) -> str:
    """The name in an activity's ARN.

    Raises:
        InvalidStatesArn: for anything else; see ``parse_state_machine_arn``.
    """
    match = _ARN.fullmatch(arn)
    if match is None or match["kind"] != "activity":
        raise InvalidStatesArn(arn)
    return match["rest"]


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
    return ExecutionArn(state_machine, execution)


def parse_map_run_arn(arn: str) -> MapRunArn:
    """The names in a Map Run's ARN.

    Raises:
        InvalidStatesArn: for anything else.
    """
    match = _ARN.fullmatch(arn)
    names = match and _MAP_RUN.fullmatch(match["rest"])
    if match is None or match["kind"] != "mapRun" or not names:
        raise InvalidStatesArn(arn)
    return MapRunArn(names["state_machine"], names["label"], names["run"])


def is_states_arn(arn: str) -> bool:
    """Whether the text is an ARN of Step Functions, of whatever kind."""
    return _ARN.fullmatch(arn) is not None


def is_local(arn: str) -> bool:
    """Whether the ARN names this installation's account and region."""
    return arn.startswith(_prefix() + ":")
