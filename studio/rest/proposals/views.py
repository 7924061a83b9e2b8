"""Lists of proposals, and what is done with one as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio import arns
from studio.access.permissions import Permission
from studio.actions.alias_moves import Plan
from studio.actions.configurations import check_log_group
from studio.actions.proposals import bases, checks, propose, publishing, reviews
from studio.actions.proposals.content import CONFIGURED, Content
from studio.errors import ProposalDoesNotExist
from studio.models import Proposal, ProposalPush, ProposalReview
from studio.models.accounts import in_sight
from studio.rest.comparisons import Compared, ComparisonSerializer, compared_answer
from studio.rest.definitions import json_definition
from studio.rest.errors import ERRORS, NOT_FOUND, ApiErrorSerializer
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.shapes import (
    DescribeSerializer,
    ProposalPageSerializer,
    ProposalSerializer,
    ProposalsQuerySerializer,
    ProposeSerializer,
    PublishProposalSerializer,
    PushSerializer,
    ReviewSerializer,
    SeenSerializer,
)
from studio.rest.proposals.shown import shown_proposal, shown_summary
from studio.rest.session import user_id
from studio.sensitive_fields import marks_of

NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="The state machine's name")
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The proposal's")
PLACE = [NAME, NUMBER]
CHANGED = {200: ProposalSerializer, **NOT_FOUND, 409: ApiErrorSerializer}
BEFORE = OpenApiParameter(
    "before", str, description="base: what the push goes on from; or an earlier push's number"
)
AFTER = OpenApiParameter("after", int, description="A push's number; without it the latest")


def answer(name: str, number: int, status: int = 200) -> Response:
    """The proposal as it is now."""
    shown = shown_proposal(propose.get_proposal(name, number))
    return Response(ProposalSerializer(shown).data, status=status)


def content_of(given: dict[str, Any]) -> Content:
    """What a request pushes."""
    text, is_yaml = given["definition"], given["format"] == "YAML"
    return Content(
        json_definition(text, given["format"]),
        given["baseRevisionId"],
        text if is_yaml else "",
        {key: given[key] for key in CONFIGURED if key in given},
    )


class ProposalsView(APIView):
    """Proposals of all state machines."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listProposals",
        tags=["proposals"],
        parameters=[ProposalsQuerySerializer],
        responses={200: ProposalPageSerializer, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """List proposals, the newest first: all, one's own, or those that wait for one's word."""
        query = validated(ProposalsQuerySerializer(data=request.query_params))
        found = Proposal.objects.filter(in_sight("state_machine__name"))
        found = found.select_related("state_machine", "author").order_by("-id")
        me = user_id(request)
        waiting = found.filter(_waits_for(me))
        if query["which"] == "mine":
            found = found.filter(author_id=me)
        elif query["which"] == "review":
            found = waiting
        if "status" in query:
            found = found.filter(status=query["status"])
        if "stateMachine" in query:
            found = found.filter(state_machine__name=arns.full_name(query["stateMachine"]))
        if "cursor" in query:
            found = found.filter(pk__lt=query["cursor"])
        limit = query["limit"]
        proposals = list(found[: limit + 1])
        page = {
            "results": [shown_summary(each) for each in proposals[:limit]],
            "nextCursor": str(proposals[limit - 1].pk) if len(proposals) > limit else None,
            "toReview": waiting.count(),
        }
        return Response(ProposalPageSerializer(page).data)


def _waits_for(person: int) -> Q:
    """Open proposals that one is asked to review and has not reviewed as they are now."""
    later = ProposalPush.objects.filter(
        proposal=OuterRef("proposal"), number__gt=OuterRef("push__number")
    )
    said = ProposalReview.objects.filter(
        ~Exists(later), proposal=OuterRef("pk"), reviewer_id=person
    )
    return Q(~Exists(said), status=Proposal.Status.OPEN, reviewers=person)


class StateMachineProposalsView(APIView):
    """The proposals of one state machine."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="propose",
        tags=["proposals"],
        parameters=[NAME],
        request=ProposeSerializer,
        responses={201: ProposalSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, name: str) -> Response:
        """Propose a change. Its definition can be run; one's draft stays as it is."""
        given = validated(ProposeSerializer(data=request.data))
        content = content_of(given)
        check_log_group(content.configuration.get("loggingConfiguration"))
        proposal = propose.propose(
            name,
            content,
            author_id=user_id(request),
            title=given["title"],
            description=given["description"],
            reviewers=given["reviewers"],
        )
        return answer(name, proposal.number, 201)


class ProposalView(APIView):
    """One proposal."""

    permissions = {"GET": Permission.VIEW, "PATCH": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="getProposal",
        tags=["proposals"],
        parameters=PLACE,
        responses={200: ProposalSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str, number: int) -> Response:
        """Give a proposal with its threads, reviews and checks."""
        return answer(name, number)

    @extend_schema(
        operation_id="describeProposal",
        tags=["proposals"],
        parameters=PLACE,
        request=DescribeSerializer,
        responses=CHANGED,
    )
    def patch(self, request: Request, name: str, number: int) -> Response:
        """Change its title or text, or who is asked to review it."""
        given = validated(DescribeSerializer(data=request.data))
        propose.describe(propose.get_proposal(name, number), by=user_id(request), **given)
        return answer(name, number)


class PushesView(APIView):
    """What is proposed."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="pushToProposal",
        tags=["proposals"],
        parameters=PLACE,
        request=PushSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Change what is proposed. Approvals of what was pushed before are void."""
        given = validated(PushSerializer(data=request.data))
        content = content_of(given)
        check_log_group(content.configuration.get("loggingConfiguration"))
        propose.push(
            propose.get_proposal(name, number),
            content,
            author_id=user_id(request),
            follows=given["follows"],
            message=given["message"],
        )
        return answer(name, number)


class ProposalComparisonView(APIView):
    """What a proposal changes."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="compareProposal",
        tags=["proposals"],
        parameters=[*PLACE, BEFORE, AFTER],
        responses={200: ComparisonSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, name: str, number: int) -> Response:
        """Compare what is proposed with what it goes on from, or two pushes."""
        proposal = propose.get_proposal(name, number)
        after = _push(proposal, request.query_params.get("after"))
        which = request.query_params.get("before", "base")
        if which == "base":
            before = Compared.of_base(after)
        else:
            before = Compared.of_push(_push(proposal, which))
        marks = marks_of(proposal.state_machine.sensitive_fields)
        return Response(compared_answer(before, Compared.of_push(after), marks))


class ReviewsView(APIView):
    """What people say of a proposal as a whole."""

    permissions = {"POST": Permission.REVIEW}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="reviewProposal",
        tags=["proposals"],
        parameters=PLACE,
        request=ReviewSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Approve the latest push, ask for changes, or take back what one said."""
        given = validated(ReviewSerializer(data=request.data))
        assert isinstance(request.user, AbstractBaseUser)
        reviews.review(propose.get_proposal(name, number), request.user, **given)
        return answer(name, number)


class ProposalChecksView(APIView):
    """What is tried of every push."""

    permissions = {"POST": Permission.EDIT}

    @extend_schema(
        operation_id="checkProposalAgain",
        tags=["proposals"],
        parameters=PLACE,
        request=None,
        responses=CHANGED,
    )
    def post(self, _: Request, name: str, number: int) -> Response:
        """Try the latest push once more: test cases and executions may be others by now."""
        proposal = propose.get_proposal(name, number)
        checks.ask_again(proposal, propose.latest_push(proposal))
        return answer(name, number)


class BaseView(APIView):
    """What a proposal goes on from."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="updateProposalBase",
        tags=["proposals"],
        parameters=PLACE,
        request=SeenSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Put its changes on what has been published since, as a new push."""
        given = validated(SeenSerializer(data=request.data))
        bases.update_base(propose.get_proposal(name, number), user_id(request), **given)
        return answer(name, number)


class PublishView(APIView):
    """The good end of a proposal."""

    permissions = {"POST": Permission.PUBLISH}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="publishProposal",
        tags=["proposals"],
        parameters=PLACE,
        request=PublishProposalSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Make it what new executions run, as a version, and have an alias start it."""
        given = validated(PublishProposalSerializer(data=request.data))
        pointing = None
        if "alias" in given:
            plan = Plan(**given["plan"]) if "plan" in given else None
            pointing = publishing.Pointing(given["alias"], plan)
        publishing.publish(
            propose.get_proposal(name, number),
            user_id(request),
            push=given["push"],
            description=given["description"],
            pointing=pointing,
        )
        return answer(name, number)


class CancelView(APIView):
    """The other end of a proposal."""

    permissions = {"POST": Permission.EDIT}

    @extend_schema(
        operation_id="cancelProposal",
        tags=["proposals"],
        parameters=PLACE,
        request=None,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Give it up. It stays to be read."""
        propose.cancel(propose.get_proposal(name, number), user_id(request))
        return answer(name, number)


def _push(proposal: Proposal, which: str | None) -> ProposalPush:
    if which is None:
        return propose.latest_push(proposal)
    found = proposal.pushes.select_related("base").filter(
        number=int(which) if which.isdecimal() and len(which) < 9 else 0
    )
    push = found.first()
    if push is None:
        raise ProposalDoesNotExist(
            f"{proposal.state_machine.short_name} #{proposal.number}, {which}"
        )
    return push
