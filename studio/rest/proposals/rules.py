"""``/api/state-machines/{name}/review-rules/``: what a change needs before it is published."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.people import who_may_review
from studio.actions.review_rules import rules_of, set_rules
from studio.actions.state_machines import get_state_machine
from studio.rest.errors import NOT_FOUND
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.shapes import ReviewersSerializer, ReviewRulesSerializer
from studio.rest.proposals.shown import names_of, shown_rules
from studio.rest.proposals.views import NAME
from studio.rest.session import user_id


class ReviewRulesView(APIView):
    """The rules of a state machine."""

    permissions = {"GET": Permission.VIEW, "PUT": Permission.ADMINISTER}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getReviewRules",
        tags=["proposals"],
        parameters=[NAME],
        responses={200: ReviewRulesSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """Give the rules; those of a state machine that has none ask for nothing."""
        return Response(ReviewRulesSerializer(shown_rules(rules_of(get_state_machine(name)))).data)

    @extend_schema(
        operation_id="setReviewRules",
        tags=["proposals"],
        parameters=[NAME],
        request=ReviewRulesSerializer,
        responses={200: ReviewRulesSerializer, **NOT_FOUND},
    )
    def put(self, request: Request, name: str) -> Response:
        """Set the rules, all of them."""
        given = validated(ReviewRulesSerializer(data=request.data))
        rules = set_rules(
            name,
            user_id(request),
            is_required=given["isRequired"],
            binds_programs=given["bindsPrograms"],
            approvals=given["approvals"],
            approvers=given["approvers"],
            tests_must_pass=given["testsMustPass"],
            what_if_must_not_diverge=given["whatIfMustNotDiverge"],
            threads_must_be_resolved=given["threadsMustBeResolved"],
        )
        return Response(ReviewRulesSerializer(shown_rules(rules)).data)


class ReviewersView(APIView):
    """Who may review."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listReviewers",
        tags=["proposals"],
        parameters=[NAME],
        responses={200: ReviewersSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List by name the people who may review changes of this state machine."""
        get_state_machine(name)
        return Response(ReviewersSerializer({"results": names_of(who_may_review())}).data)
