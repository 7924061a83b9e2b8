"""Addresses of the REST API that need no executions."""

from django.urls import path, re_path

from studio.rest import document
from studio.rest.access_keys import AccessKeysView, AccessKeyView
from studio.rest.breakpoints import BreakpointsView
from studio.rest.data_flow import DataFlowView
from studio.rest.diagnostics import DiagnosticsView
from studio.rest.drafts import DraftsView, DraftView
from studio.rest.members import MembersView, MemberView
from studio.rest.password import PasswordView
from studio.rest.session import SessionView
from studio.rest.versions import ComparisonView, RevisionsView

__all__ = ["document", "urlpatterns"]

urlpatterns = [
    path("schema/", document.DocumentView.as_view(), name="schema"),
    path("access-keys/", AccessKeysView.as_view(), name="access-keys"),
    path("access-keys/<str:access_key_id>/", AccessKeyView.as_view(), name="access-key"),
    path("data-flow/", DataFlowView.as_view(), name="data-flow"),
    path("diagnostics/", DiagnosticsView.as_view(), name="diagnostics"),
    re_path(r"^breakpoints/(?P<name>[^/\x00]+)/$", BreakpointsView.as_view()),
    path("drafts/", DraftsView.as_view(), name="drafts"),
    re_path(r"^drafts/(?P<name>[^/\x00]+)/$", DraftView.as_view(), name="draft"),
    re_path(r"^state-machines/(?P<name>[^/\x00]+)/comparison/$", ComparisonView.as_view()),
    re_path(r"^state-machines/(?P<name>[^/\x00]+)/revisions/$", RevisionsView.as_view()),
    path("members/", MembersView.as_view(), name="members"),
    path("members/<str:username>/", MemberView.as_view(), name="member"),
    path("session/password/", PasswordView.as_view(), name="password"),
    path("session/", SessionView.as_view(), name="session"),
]
