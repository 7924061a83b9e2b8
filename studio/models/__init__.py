"""What the studio keeps: state machines and what belongs to them, drafts, activities,
keys, and whose they are.
"""

from studio.models.access_key import AccessKey
from studio.models.activity import Activity
from studio.models.alias import StateMachineAlias
from studio.models.alias_move import AliasMove
from studio.models.api_token import ApiToken
from studio.models.audit_entry import ActorKind, AuditAction, AuditEntry
from studio.models.breakpoints import KeptBreakpoints
from studio.models.draft import Draft
from studio.models.execution_role import ExecutionRole
from studio.models.identity import Identity
from studio.models.notification import (
    MailChoices,
    Notification,
    OutgoingMessage,
    ReviewWebhook,
)
from studio.models.proposal import Proposal, ProposalPush, ProposalReview
from studio.models.proposal_check import ProposalCheck
from studio.models.proposal_thread import ProposalComment, ProposalThread
from studio.models.review_rules import ReviewRules
from studio.models.state_machine import StateMachine, StateMachineRevision
from studio.models.surroundings import RevisionSurroundings
from studio.models.version import StateMachineVersion
from studio.models.workspace import Membership, Workspace

__all__ = [
    "AccessKey",
    "Activity",
    "ActorKind",
    "AliasMove",
    "ApiToken",
    "AuditAction",
    "AuditEntry",
    "Draft",
    "ExecutionRole",
    "Identity",
    "KeptBreakpoints",
    "MailChoices",
    "Membership",
    "Notification",
    "OutgoingMessage",
    "Proposal",
    "ProposalCheck",
    "ProposalComment",
    "ProposalPush",
    "ProposalReview",
    "ProposalThread",
    "ReviewRules",
    "ReviewWebhook",
    "RevisionSurroundings",
    "StateMachine",
    "StateMachineAlias",
    "StateMachineRevision",
    "StateMachineVersion",
    "Workspace",
]
