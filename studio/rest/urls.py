"""Addresses of the REST API that need no executions."""

from django.urls import path, re_path, register_converter

from studio.rest import document
from studio.rest.access_keys import AccessKeysView, AccessKeyView
from studio.rest.aliases import AliasesView, AliasMovesView, AliasMoveView, AliasView
from studio.rest.audit import AuditExportView, AuditView
from studio.rest.breakpoints import BreakpointsView
from studio.rest.data_flow import DataFlowView
from studio.rest.diagnostics import DiagnosticsView
from studio.rest.drafts import DraftsView, DraftView
from studio.rest.execution_roles import (
    ExecutionRoleNeedsView,
    ExecutionRolesView,
    ExecutionRoleView,
)
from studio.rest.mail_choices import MailChoicesView
from studio.rest.members import MembersView, MemberView
from studio.rest.notifications import NotificationsView
from studio.rest.password import PasswordView
from studio.rest.proposals import views as proposals
from studio.rest.proposals.rules import ReviewersView, ReviewRulesView
from studio.rest.proposals.threads import CommentsView, SuggestionView, ThreadsView, ThreadView
from studio.rest.proposals.webhooks import (
    ReviewDeliveriesView,
    ReviewWebhooksView,
    ReviewWebhookView,
)
from studio.rest.restoring import RestoreView
from studio.rest.session import ChosenWorkspaceView, SessionView
from studio.rest.tokens import ApiTokensView, ApiTokenView
from studio.rest.versions import ComparisonView, RevisionsView
from studio.rest.workspaces import WorkspacesView, WorkspaceView

__all__ = ["document", "urlpatterns"]


class NameConverter:
    """A name as AWS allows it; anything without a slash, since the database knows the rest."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        """Take the name as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Give the name as it is."""
        return value


register_converter(NameConverter, "text")

STATE_MACHINE = "state-machines/<text:name>/"
PROPOSAL = f"{STATE_MACHINE}proposals/<int:number>/"

urlpatterns = [
    path("schema/", document.DocumentView.as_view(), name="schema"),
    path("access-keys/", AccessKeysView.as_view(), name="access-keys"),
    path("access-keys/<str:access_key_id>/", AccessKeyView.as_view(), name="access-key"),
    path("audit/", AuditView.as_view(), name="audit"),
    path("audit/export/", AuditExportView.as_view(), name="audit-export"),
    path("data-flow/", DataFlowView.as_view(), name="data-flow"),
    path("diagnostics/", DiagnosticsView.as_view(), name="diagnostics"),
    re_path(r"^breakpoints/(?P<name>[^/\x00]+)/$", BreakpointsView.as_view()),
    path("drafts/", DraftsView.as_view(), name="drafts"),
    re_path(r"^drafts/(?P<name>[^/\x00]+)/$", DraftView.as_view(), name="draft"),
    re_path(r"^state-machines/(?P<name>[^/\x00]+)/comparison/$", ComparisonView.as_view()),
    re_path(r"^state-machines/(?P<name>[^/\x00]+)/revisions/$", RevisionsView.as_view()),
    path("members/", MembersView.as_view(), name="members"),
    path("members/<str:username>/", MemberView.as_view(), name="member"),
    path("session/workspace/", ChosenWorkspaceView.as_view()),
    path("session/password/", PasswordView.as_view(), name="password"),
    path(f"{STATE_MACHINE}revisions/<uuid:revisionId>/restore/", RestoreView.as_view()),
    path(f"{STATE_MACHINE}aliases/", AliasesView.as_view()),
    path(f"{STATE_MACHINE}aliases/<text:alias>/", AliasView.as_view()),
    path(f"{STATE_MACHINE}aliases/<text:alias>/moves/", AliasMovesView.as_view()),
    path(f"{STATE_MACHINE}alias-moves/<int:moveId>/", AliasMoveView.as_view()),
    path(f"{STATE_MACHINE}review-webhooks/", ReviewWebhooksView.as_view()),
    path(f"{STATE_MACHINE}review-webhooks/<int:webhookId>/", ReviewWebhookView.as_view()),
    path(
        f"{STATE_MACHINE}review-webhooks/<int:webhookId>/deliveries/",
        ReviewDeliveriesView.as_view(),
    ),
    path(f"{STATE_MACHINE}reviewers/", ReviewersView.as_view()),
    path(f"{STATE_MACHINE}review-rules/", ReviewRulesView.as_view()),
    path(f"{STATE_MACHINE}proposals/", proposals.StateMachineProposalsView.as_view()),
    path(f"{PROPOSAL}", proposals.ProposalView.as_view()),
    path(f"{PROPOSAL}pushes/", proposals.PushesView.as_view()),
    path(f"{PROPOSAL}comparison/", proposals.ProposalComparisonView.as_view()),
    path(f"{PROPOSAL}reviews/", proposals.ReviewsView.as_view()),
    path(f"{PROPOSAL}checks/", proposals.ProposalChecksView.as_view()),
    path(f"{PROPOSAL}base/", proposals.BaseView.as_view()),
    path(f"{PROPOSAL}publish/", proposals.PublishView.as_view()),
    path(f"{PROPOSAL}cancel/", proposals.CancelView.as_view()),
    path(f"{PROPOSAL}threads/", ThreadsView.as_view()),
    path(f"{PROPOSAL}threads/<int:threadId>/", ThreadView.as_view()),
    path(f"{PROPOSAL}threads/<int:threadId>/comments/", CommentsView.as_view()),
    path(f"{PROPOSAL}comments/<int:commentId>/apply/", SuggestionView.as_view()),
    path("proposals/", proposals.ProposalsView.as_view(), name="proposals"),
    path("notifications/", NotificationsView.as_view(), name="notifications"),
    path("notifications/mails/", MailChoicesView.as_view()),
    path("execution-roles/", ExecutionRolesView.as_view(), name="execution-roles"),
    path("execution-roles/needs/", ExecutionRoleNeedsView.as_view()),
    re_path(r"^execution-roles/(?P<name>[^/\x00]+)/$", ExecutionRoleView.as_view()),
    path("tokens/", ApiTokensView.as_view(), name="tokens"),
    path("tokens/<str:token_id>/", ApiTokenView.as_view(), name="token"),
    path("workspaces/", WorkspacesView.as_view(), name="workspaces"),
    path("workspaces/<str:accountId>/", WorkspaceView.as_view(), name="workspace"),
    path("session/", SessionView.as_view(), name="session"),
]
