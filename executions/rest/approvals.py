"""``/api/approvals/``: what workflows ask of people."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import approvals
from executions.integrations.native.approval import FIELD_TYPES
from executions.models import Approval
from executions.rest.serializers import RelatedExecutionSerializer
from studio.access.caller import current_caller
from studio.access.permissions import Permission
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from executions.models import Execution

APPROVAL_ID = OpenApiParameter("approvalId", int, OpenApiParameter.PATH)


class ApprovalFieldSerializer(serializers.Serializer[Any]):
    """A field of the form."""

    name = serializers.CharField(source="Name")
    label = serializers.CharField(source="Label")  # type: ignore[assignment]
    type = NamedChoiceField("ApprovalFieldType", FIELD_TYPES, source="Type")
    required = serializers.BooleanField(source="Required")  # type: ignore[assignment]
    choices = serializers.ListField(
        child=serializers.CharField(), source="Choices", help_text="Of type choice"
    )
    default = serializers.JSONField(source="Default", allow_null=True)


class ApprovalContextSerializer(serializers.Serializer[Any]):
    """A value that is shown beside the question."""

    name = serializers.CharField()
    value = serializers.CharField(help_text="The text, or what else it is as JSON text")


class ApprovalSerializer(serializers.Serializer[Any]):
    """What was asked, of whom, and what was decided."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    question = serializers.CharField(allow_blank=True)
    context = ApprovalContextSerializer(many=True)  # type: ignore[assignment]
    form = ApprovalFieldSerializer(many=True)
    users = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.CharField())
    emails = serializers.ListField(child=serializers.CharField())
    execution = RelatedExecutionSerializer()
    stateName = serializers.CharField(source="state_name")
    askedDate = MomentField(source="created_at")
    deadline = MomentField(allow_null=True)
    mailProblem = serializers.CharField(source="mail_problem", allow_blank=True)
    status = NamedChoiceField(
        "ApprovalStatus",
        Approval.Status.values,
        help_text="CLOSED: ended without a decision, by its time or with its execution",
    )
    mayDecide = serializers.BooleanField(source="may_decide", help_text="Whether you may, now")
    closedDate = MomentField(source="closed_at", allow_null=True)
    decidedBy = serializers.CharField(source="decided_by", allow_blank=True)
    via = NamedChoiceField("ApprovalVia", Approval.Via.values, allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    answers = serializers.DictField(help_text="What was filled into the form")


class ApprovalPageSerializer(serializers.Serializer[Any]):
    """A page of approvals."""

    results = ApprovalSerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)


class ApprovalCountsSerializer(serializers.Serializer[Any]):
    """How many wait."""

    open = serializers.IntegerField()
    mine = serializers.IntegerField(help_text="Of these, those that you may decide")


class ApprovalsQuerySerializer(serializers.Serializer[Any]):
    """Which approvals."""

    show = NamedChoiceField("ApprovalsShown", ["open", "decided"], default="open")
    mine = serializers.BooleanField(default=False)
    cursor = serializers.IntegerField(required=False, min_value=0)
    limit = serializers.IntegerField(default=50, min_value=1, max_value=200)


class DecisionSerializer(serializers.Serializer[Any]):
    """A decision."""

    decision = NamedChoiceField("Decision", ["APPROVED", "REJECTED"])
    reason = serializers.CharField(
        default="", allow_blank=True, max_length=approvals.LONGEST_REASON
    )
    answers = serializers.DictField(default=dict, help_text="The form's values by name")


_STORED = (
    *("id", "title", "question", "users", "roles", "emails", "state_name", "created_at"),
    *("deadline", "mail_problem", "closed_at", "decided_by", "via", "reason"),
)


def shown_approval(approval: Approval, execution: Execution, user: AbstractUser) -> dict[str, Any]:
    """An approval as the answers have it."""
    is_open = approvals.is_open(approval)
    closed = approval.status == Approval.Status.OPEN and not is_open
    caller = current_caller()
    hides = caller is None or not caller.may(Permission.REVEAL)
    return {
        **{name: getattr(approval, name) for name in _STORED},
        "status": Approval.Status.CLOSED if closed else approval.status,
        "context": [
            {"name": name, "value": value}
            for name, value in approvals.context_of(approval, hides=hides)
        ],
        "form": [
            {"Choices": [], "Default": None, **field}
            for field in approvals.form_of(approval, hides=hides)
        ],
        "answers": orjson.loads(approval.answers),
        "execution": execution,
        "may_decide": is_open and approvals.may_decide(approval, user),
    }


def _user(request: Request) -> AbstractUser:
    return cast("AbstractUser", request.user)


class ApprovalsView(APIView):
    """The inbox."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listApprovals",
        tags=["approvals"],
        parameters=[ApprovalsQuerySerializer],
        responses={200: ApprovalPageSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List what waits for a decision, the oldest first, or what does not, the latest first."""
        query = validated(ApprovalsQuerySerializer(data=request.query_params))
        page = approvals.list_approvals(
            _user(request),
            mine=query["mine"],
            is_open=query["show"] == "open",
            after=query.get("cursor"),
            limit=query["limit"],
        )
        shown = [shown_approval(*each, _user(request)) for each in page.approvals]
        after = page.next_after
        body = {"results": shown, "nextCursor": None if after is None else str(after)}
        return Response(ApprovalPageSerializer(body).data)


class ApprovalCountsView(APIView):
    """How much is in the inbox."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="countApprovals",
        tags=["approvals"],
        responses={200: ApprovalCountsSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Count what waits for a decision."""
        waiting, mine = approvals.count_open_approvals(_user(request))
        return Response(ApprovalCountsSerializer({"open": waiting, "mine": mine}).data)


class ApprovalView(APIView):
    """One approval."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="getApproval",
        tags=["approvals"],
        parameters=[APPROVAL_ID],
        responses={200: ApprovalSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, approvalId: int) -> Response:  # noqa: N803
        """Give what was asked, and what was decided."""
        found = approvals.get_approval(approvalId)
        return Response(ApprovalSerializer(shown_approval(*found, _user(request))).data)


class DecisionView(APIView):
    """Decides one approval."""

    # Whom the approval names decides; of the others, who may report what came of tasks.
    permissions = {"POST": Permission.VIEW}

    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="decideApproval",
        tags=["approvals"],
        parameters=[APPROVAL_ID],
        request=DecisionSerializer,
        responses={
            200: ApprovalSerializer,
            **NOT_FOUND,
            403: ApiErrorSerializer,
            409: ApiErrorSerializer,
        },
    )
    def post(self, request: Request, approvalId: int) -> Response:  # noqa: N803
        """Approve or reject, once: ApprovalDecided and ApprovalClosed (409) say it is too late."""
        given = validated(DecisionSerializer(data=request.data))
        approvals.decide_as_user(
            approvalId, _user(request), given["decision"], given["reason"], given["answers"]
        )
        found = approvals.get_approval(approvalId)
        return Response(ApprovalSerializer(shown_approval(*found, _user(request))).data)
