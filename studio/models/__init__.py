"""What the studio keeps: state machines, their revisions, access keys."""

from studio.models.access_key import AccessKey
from studio.models.state_machine import StateMachine, StateMachineRevision

__all__ = ["AccessKey", "StateMachine", "StateMachineRevision"]
