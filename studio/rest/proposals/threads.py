"""What is said of places in a proposal."""

# ruff: noqa: N803 - the wire's names

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.access.permissions import Permission
from studio.actions.proposals import threads
from studio.actions.proposals.propose import get_proposal
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.shapes import (
    BeginThreadSerializer,
    CommentSerializer,
    ResolveSerializer,
    SeenSerializer,
)
from studio.rest.proposals.views import CHANGED, PLACE, answer
from studio.rest.session import user_id

THREAD = OpenApiParameter("threadId", int, OpenApiParameter.PATH)
COMMENT = OpenApiParameter("commentId", int, OpenApiParameter.PATH)


class ThreadsView(APIView):
    """The threads of a proposal."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="beginThread",
        tags=["proposals"],
        parameters=PLACE,
        request=BeginThreadSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int) -> Response:
        """Say something of a state, a field, or all of it; suggest another value for a field."""
        given = validated(BeginThreadSerializer(data=request.data))
        threads.begin_thread(get_proposal(name, number), author_id=user_id(request), **given)
        return answer(name, number)


class ThreadView(APIView):
    """One thread."""

    permissions = {"PUT": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="resolveThread",
        tags=["proposals"],
        parameters=[*PLACE, THREAD],
        request=ResolveSerializer,
        responses=CHANGED,
    )
    def put(self, request: Request, name: str, number: int, threadId: int) -> Response:
        """Resolve it, or open it again."""
        given = validated(ResolveSerializer(data=request.data))
        thread = threads.get_thread(get_proposal(name, number), threadId)
        threads.set_resolved(thread, user_id(request), resolved=given["resolved"])
        return answer(name, number)


class CommentsView(APIView):
    """The comments of a thread."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="replyToThread",
        tags=["proposals"],
        parameters=[*PLACE, THREAD],
        request=CommentSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int, threadId: int) -> Response:
        """Add to a thread."""
        given = validated(CommentSerializer(data=request.data))
        thread = threads.get_thread(get_proposal(name, number), threadId)
        threads.reply(thread, author_id=user_id(request), **given)
        return answer(name, number)


class SuggestionView(APIView):
    """A suggestion."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="applySuggestion",
        tags=["proposals"],
        parameters=[*PLACE, COMMENT],
        request=SeenSerializer,
        responses=CHANGED,
    )
    def post(self, request: Request, name: str, number: int, commentId: int) -> Response:
        """Put the suggested value in its place, as a new push, and resolve the thread."""
        given = validated(SeenSerializer(data=request.data))
        threads.apply_suggestion(
            get_proposal(name, number), commentId, author_id=user_id(request), **given
        )
        return answer(name, number)
