"""Addresses of the REST API that show executions."""

from django.urls import path, register_converter

from executions.rest.actions import ActionsView
from executions.rest.case_files import CaseFileView, RecordedTestView
from executions.rest.connections import ConnectionsView, ConnectionView
from executions.rest.debugger import DebuggerView
from executions.rest.executions import (
    ChildrenView,
    EventsView,
    ExecutionCountsView,
    ExecutionsView,
    ExecutionView,
    RedriveView,
    StopView,
)
from executions.rest.forks import ForkView
from executions.rest.mocks import MocksView, MockView
from executions.rest.state_machines import (
    StateMachineExecutionsView,
    StateMachinesView,
    StateMachineView,
)
from executions.rest.state_tests import StateTestsView
from executions.rest.test_runs import TestRunsView
from executions.rest.what_ifs import ReplayView, WhatIfsView, WhatIfView
from executions.rest.workflow_tests import WorkflowTestsView, WorkflowTestView


class NameConverter:
    """A name as AWS allows it; anything without a slash, since the database knows the rest."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        """Take the name as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Give the name as it is."""
        return value


register_converter(NameConverter, "name")

STATE_MACHINE = "state-machines/<name:name>/"
EXECUTION = "executions/<name:stateMachineName>/<name:executionName>/"
urlpatterns = [
    path("actions/", ActionsView.as_view()),
    path("connections/", ConnectionsView.as_view()),
    path("connections/<name:name>/", ConnectionView.as_view()),
    path("state-machines/", StateMachinesView.as_view()),
    path("state-machines/<name:name>/", StateMachineView.as_view()),
    path("state-machines/<name:name>/executions/", StateMachineExecutionsView.as_view()),
    path(f"{STATE_MACHINE}mocks/", MocksView.as_view()),
    path(f"{STATE_MACHINE}mocks/<int:mockId>/", MockView.as_view()),
    path(f"{STATE_MACHINE}tests/", WorkflowTestsView.as_view()),
    path(f"{STATE_MACHINE}what-if/", WhatIfsView.as_view()),
    path(f"{STATE_MACHINE}what-if/<int:whatIfId>/", WhatIfView.as_view()),
    path(f"{STATE_MACHINE}what-if/<int:whatIfId>/<name:executionName>/", ReplayView.as_view()),
    path(f"{STATE_MACHINE}tests/file/", CaseFileView.as_view()),
    path(f"{STATE_MACHINE}tests/run/", TestRunsView.as_view()),
    path(f"{STATE_MACHINE}tests/<int:testId>/", WorkflowTestView.as_view()),
    path("state-tests/", StateTestsView.as_view()),
    path("executions/", ExecutionsView.as_view()),
    path("executions/counts/", ExecutionCountsView.as_view()),
    path(EXECUTION, ExecutionView.as_view()),
    path(f"{EXECUTION}events/", EventsView.as_view()),
    path(f"{EXECUTION}stop/", StopView.as_view()),
    path(f"{EXECUTION}redrive/", RedriveView.as_view()),
    path(f"{EXECUTION}debugger/", DebuggerView.as_view()),
    path(f"{EXECUTION}fork/", ForkView.as_view()),
    path(f"{EXECUTION}test/", RecordedTestView.as_view()),
    path(f"{EXECUTION}children/", ChildrenView.as_view()),
]
