"""``/api/state-machines/{name}/aliases/``: which versions aliases start, and how they move."""

# ruff: noqa: N803, N815 - the wire's names

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio import arns
from studio.access.permissions import Permission
from studio.actions.alias_moves import Plan, cancel_move, moves_of, start_move
from studio.actions.aliases import (
    create_state_machine_alias,
    delete_state_machine_alias,
    update_state_machine_alias,
)
from studio.actions.people import name_of
from studio.actions.state_machines import get_state_machine
from studio.models import AliasMove, StateMachine
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated
from studio.rest.proposals.shapes import PlanSerializer
from studio.rest.session import user_id
from studio.rest.versions import NAME

ALIAS = OpenApiParameter("alias", str, OpenApiParameter.PATH, description="The alias's name")
MOVE = OpenApiParameter("moveId", int, OpenApiParameter.PATH)
SHOWN_MOVES = 20


class RouteSerializer(serializers.Serializer[Any]):
    """A version that an alias starts."""

    version = serializers.IntegerField(min_value=1)
    weight = serializers.IntegerField(min_value=0, max_value=100, help_text="Percent")


class AliasMoveSerializer(serializers.Serializer[Any]):
    """An alias on its way, or one that was."""

    id = serializers.IntegerField()
    alias = serializers.CharField()
    fromVersion = serializers.IntegerField()
    version = serializers.IntegerField()
    kind = NamedChoiceField("AliasMoveKind", AliasMove.Kind.values)
    stepPercent = serializers.IntegerField()
    intervalSeconds = serializers.IntegerField()
    percent = serializers.IntegerField(help_text="What the new version has")
    failurePercent = serializers.IntegerField(allow_null=True)
    minimumExecutions = serializers.IntegerField()
    status = NamedChoiceField("AliasMoveStatus", AliasMove.Status.values)
    reason = serializers.CharField(help_text="Why it ended so")
    startedBy = serializers.CharField(allow_null=True)
    startDate = MomentField()
    nextDate = MomentField(help_text="When its next step is due")
    endDate = MomentField(allow_null=True)


class AliasSerializer(serializers.Serializer[Any]):
    """An alias."""

    name = serializers.CharField()
    description = serializers.CharField()
    routes = RouteSerializer(many=True)
    updateDate = MomentField()


class AliasesSerializer(serializers.Serializer[Any]):
    """The aliases of a state machine, and its latest moves."""

    results = AliasSerializer(many=True)
    moves = AliasMoveSerializer(many=True)


class RouteAliasSerializer(serializers.Serializer[Any]):
    """What an alias starts from now on."""

    routes = serializers.ListField(child=RouteSerializer(), min_length=1, max_length=2)
    description = serializers.CharField(required=False, allow_blank=True, max_length=256)


class MoveAliasSerializer(PlanSerializer):
    """Where an alias is moved, and how."""

    version = serializers.IntegerField(min_value=1)


class CancelMoveSerializer(serializers.Serializer[Any]):
    """Whether it goes back to where it came from."""

    back = serializers.BooleanField()


class AliasesView(APIView):
    """The aliases of a state machine."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="listAliases",
        tags=["aliases"],
        parameters=[NAME],
        responses={200: AliasesSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str) -> Response:
        """List aliases by name, with the versions they start, and their latest moves."""
        return _answer(get_state_machine(name))


class AliasView(APIView):
    """One alias."""

    permissions = {"PUT": Permission.DEPLOY, "DELETE": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="routeAlias",
        tags=["aliases"],
        parameters=[NAME, ALIAS],
        request=RouteAliasSerializer,
        responses={200: AliasesSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def put(self, request: Request, name: str, alias: str) -> Response:
        """Have it start one version, or two by weight; one that does not exist is created.

        A move that is under way ends: the alias stays where this puts it.
        """
        given = validated(RouteAliasSerializer(data=request.data))
        machine = get_state_machine(name)
        routes = [
            (arns.qualified_arn(name, str(each["version"])), each["weight"])
            for each in given["routes"]
        ]
        if machine.aliases.filter(name=alias).exists():
            update_state_machine_alias(
                arns.qualified_arn(name, alias),
                routes=routes,
                description=given.get("description"),
            )
        else:
            create_state_machine_alias(alias, routes, given.get("description", ""))
        return _answer(machine)

    @extend_schema(
        operation_id="deleteAlias",
        tags=["aliases"],
        parameters=[NAME, ALIAS],
        responses={200: AliasesSerializer, **NOT_FOUND},
    )
    def delete(self, _: Request, name: str, alias: str) -> Response:
        """Delete it; its versions stay, and what it started goes on."""
        machine = get_state_machine(name)
        delete_state_machine_alias(arns.qualified_arn(name, alias))
        return _answer(machine)


class AliasMovesView(APIView):
    """Moves of an alias."""

    permissions = {"POST": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="moveAlias",
        tags=["aliases"],
        parameters=[NAME, ALIAS],
        request=MoveAliasSerializer,
        responses={200: AliasesSerializer, **NOT_FOUND, 409: ApiErrorSerializer},
    )
    def post(self, request: Request, name: str, alias: str) -> Response:
        """Begin to move it to a version bit by bit."""
        given = validated(MoveAliasSerializer(data=request.data))
        version = given.pop("version")
        machine = get_state_machine(name)
        start_move(name, alias, version, Plan(**given), user_id(request))
        return _answer(machine)


class AliasMoveView(APIView):
    """One move."""

    permissions = {"PUT": Permission.DEPLOY}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="cancelAliasMove",
        tags=["aliases"],
        parameters=[NAME, MOVE],
        request=CancelMoveSerializer,
        responses={200: AliasesSerializer, **NOT_FOUND},
    )
    def put(self, request: Request, name: str, moveId: int) -> Response:
        """Stop it where it is, or take the alias back."""
        given = validated(CancelMoveSerializer(data=request.data))
        cancel_move(name, moveId, back=given["back"])
        return _answer(get_state_machine(name))


def _answer(machine: StateMachine) -> Response:
    aliases = machine.aliases.select_related("version", "second_version").order_by("name")
    results = [
        {
            "name": each.name,
            "description": each.description,
            "routes": [{"version": number, "weight": weight} for number, weight in each.routes],
            "updateDate": each.updated_at,
        }
        for each in aliases
    ]
    moves = [_shown(each) for each in moves_of(machine)[:SHOWN_MOVES]]
    return Response(AliasesSerializer({"results": results, "moves": moves}).data)


def _shown(move: AliasMove) -> dict[str, Any]:
    return {
        "id": move.pk,
        "alias": move.alias.name,
        "fromVersion": move.from_version.number,
        "version": move.version.number,
        "kind": move.kind,
        "stepPercent": move.step_percent,
        "intervalSeconds": move.interval_seconds,
        "percent": move.percent,
        "failurePercent": move.failure_percent,
        "minimumExecutions": move.minimum_executions,
        "status": move.status,
        "reason": move.reason,
        "startedBy": name_of(move.started_by),
        "startDate": move.started_at,
        "nextDate": move.next_at,
        "endDate": move.ended_at,
    }
