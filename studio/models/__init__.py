"""What the studio keeps: state machines, their revisions, versions and aliases, keys."""

from studio.models.access_key import AccessKey
from studio.models.alias import StateMachineAlias
from studio.models.state_machine import StateMachine, StateMachineRevision
from studio.models.version import StateMachineVersion

__all__ = [
    "AccessKey",
    "StateMachine",
    "StateMachineAlias",
    "StateMachineRevision",
    "StateMachineVersion",
]
