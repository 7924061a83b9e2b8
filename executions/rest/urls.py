"""Addresses of the REST API that show executions."""

from typing import Any

from django.urls import path, register_converter
from drf_spectacular.utils import extend_schema
from rest_framework.views import APIView

from executions.rest.actions import ActionsView
from executions.rest.approvals import (
    ApprovalCountsView,
    ApprovalsView,
    ApprovalView,
    DecisionView,
)
from executions.rest.case_files import CaseFileView, RecordedTestView
from executions.rest.connections import ConnectionsView, ConnectionTestView, ConnectionView
from executions.rest.debugger import DebuggerView
from executions.rest.endpoints import (
    DeliveriesView,
    EndpointsView,
    EndpointView,
    ResendView,
    WebhooksView,
    WebhookView,
)
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
from executions.rest.map_runs import (
    MapRunChildrenView,
    MapRunResultFileView,
    MapRunResultsView,
    MapRunsView,
    MapRunView,
)
from executions.rest.mocks import MocksView, MockView
from executions.rest.state_machines import (
    StateMachineExecutionsView,
    StateMachinesView,
    StateMachineView,
)
from executions.rest.state_tests import StateTestsView
from executions.rest.test_runs import TestRunsView
from executions.rest.triggers import EventsView as PostedEventsView
from executions.rest.triggers import (
    RulesView,
    RuleTestView,
    RuleView,
    SchedulesView,
    ScheduleTimesView,
    ScheduleView,
    StartsView,
)
from executions.rest.what_ifs import ReplayEventsView, ReplayView, WhatIfsView, WhatIfView
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
# A Map Run's child: the state machine's name has its label, and %2F is a slash when it arrives.
CHILD = "executions/<name:stateMachineName>/<name:label>/<uuid:executionName>/"
MAP_RUN = "map-runs/<name:stateMachineName>/<name:label>/<uuid:run>/"


def _of_child(view: type[APIView]) -> Any:
    """The same view for a child; the API's document has it once."""
    again: type[APIView] = type(view.__name__, (view,), {})
    return extend_schema(exclude=True)(again).as_view()


urlpatterns = [
    path("actions/", ActionsView.as_view()),
    path("approvals/", ApprovalsView.as_view()),
    path("approvals/counts/", ApprovalCountsView.as_view()),
    path("approvals/<int:approvalId>/", ApprovalView.as_view()),
    path("approvals/<int:approvalId>/decision/", DecisionView.as_view()),
    path("connections/", ConnectionsView.as_view()),
    path("connections/<name:name>/", ConnectionView.as_view()),
    path("connections/<name:name>/test/", ConnectionTestView.as_view()),
    path("state-machines/", StateMachinesView.as_view()),
    path("state-machines/<name:name>/", StateMachineView.as_view()),
    path("state-machines/<name:name>/executions/", StateMachineExecutionsView.as_view()),
    path(f"{STATE_MACHINE}mocks/", MocksView.as_view()),
    path(f"{STATE_MACHINE}mocks/<int:mockId>/", MockView.as_view()),
    path(f"{STATE_MACHINE}tests/", WorkflowTestsView.as_view()),
    path(f"{STATE_MACHINE}what-if/", WhatIfsView.as_view()),
    path(f"{STATE_MACHINE}what-if/<int:whatIfId>/", WhatIfView.as_view()),
    path(f"{STATE_MACHINE}what-if/<int:whatIfId>/<name:executionName>/", ReplayView.as_view()),
    path(
        f"{STATE_MACHINE}what-if/<int:whatIfId>/<name:executionName>/events/",
        ReplayEventsView.as_view(),
    ),
    path(f"{STATE_MACHINE}tests/file/", CaseFileView.as_view()),
    path(f"{STATE_MACHINE}tests/run/", TestRunsView.as_view()),
    path(f"{STATE_MACHINE}tests/<int:testId>/", WorkflowTestView.as_view()),
    path("events/", PostedEventsView.as_view()),
    path("rule-tests/", RuleTestView.as_view()),
    path("schedule-times/", ScheduleTimesView.as_view()),
    path(f"{STATE_MACHINE}rules/", RulesView.as_view()),
    path(f"{STATE_MACHINE}rules/<int:ruleId>/", RuleView.as_view()),
    path(f"{STATE_MACHINE}schedules/", SchedulesView.as_view()),
    path(f"{STATE_MACHINE}schedules/<int:scheduleId>/", ScheduleView.as_view()),
    path(f"{STATE_MACHINE}starts/", StartsView.as_view()),
    path(f"{STATE_MACHINE}endpoints/", EndpointsView.as_view()),
    path(f"{STATE_MACHINE}endpoints/<int:endpointId>/", EndpointView.as_view()),
    path(f"{STATE_MACHINE}webhooks/", WebhooksView.as_view()),
    path(f"{STATE_MACHINE}webhooks/<int:webhookId>/", WebhookView.as_view()),
    path(f"{STATE_MACHINE}webhooks/<int:webhookId>/deliveries/", DeliveriesView.as_view()),
    path(
        f"{STATE_MACHINE}webhooks/<int:webhookId>/deliveries/<int:deliveryId>/resend/",
        ResendView.as_view(),
    ),
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
    path(f"{EXECUTION}map-runs/", MapRunsView.as_view()),
    path(MAP_RUN, MapRunView.as_view()),
    path(f"{MAP_RUN}results/", MapRunResultsView.as_view()),
    path(f"{MAP_RUN}results/<name:file>/", MapRunResultFileView.as_view()),
    path(f"{MAP_RUN}children/", MapRunChildrenView.as_view()),
    path(CHILD, _of_child(ExecutionView)),
    path(f"{CHILD}events/", _of_child(EventsView)),
    path(f"{CHILD}stop/", _of_child(StopView)),
    path(f"{CHILD}children/", _of_child(ChildrenView)),
    path(f"{CHILD}map-runs/", _of_child(MapRunsView)),
]
