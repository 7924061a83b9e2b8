"""What the studio keeps: state machines and what belongs to them, drafts, activities,
keys, and whose they are.
"""

from studio.models.access_key import AccessKey
from studio.models.activity import Activity
from studio.models.alias import StateMachineAlias
from studio.models.breakpoints import KeptBreakpoints
from studio.models.draft import Draft
from studio.models.state_machine import StateMachine, StateMachineRevision
from studio.models.version import StateMachineVersion
from studio.models.workspace import Membership, Workspace

__all__ = [
    "AccessKey",
    "Activity",
    "Draft",
    "KeptBreakpoints",
    "Membership",
    "StateMachine",
    "StateMachineAlias",
    "StateMachineRevision",
    "StateMachineVersion",
    "Workspace",
]
