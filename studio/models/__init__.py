"""What the studio keeps: state machines, their revisions and versions, access keys."""

from studio.models.access_key import AccessKey
from studio.models.state_machine import StateMachine, StateMachineRevision
from studio.models.version import StateMachineVersion

__all__ = ["AccessKey", "StateMachine", "StateMachineRevision", "StateMachineVersion"]
