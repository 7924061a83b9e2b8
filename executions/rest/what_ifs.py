"""``/api/state-machines/NAME/what-if/``: executions replayed on another definition."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from executions.actions import rehearsals, replays, what_ifs
from executions.models import Execution, Replay, WhatIf
from executions.rest.serializers import HistoryEventField
from executions.rest.state_machines import NAME
from executions.rest.test_runs import StopSerializer
from studio.access.permissions import Permission
from studio.rest.definitions import json_definition
from studio.rest.diagnostics import MAX_CHARACTERS
from studio.rest.errors import NOT_FOUND, ApiErrorSerializer
from studio.rest.fields import MomentField, NamedChoiceField
from studio.rest.parsers import StrictJsonParser, validated

WHAT_IF_ID = OpenApiParameter("whatIfId", int, OpenApiParameter.PATH)
EXECUTION = OpenApiParameter("executionName", str, OpenApiParameter.PATH)
SHOWN = 5
"""Divergences of each execution in the list; its own page has all."""


class AskWhatIfSerializer(serializers.Serializer[Any]):
    """What if the definition were this text, or this version, or what is current?"""

    definition = serializers.CharField(
        required=False, max_length=MAX_CHARACTERS, trim_whitespace=False
    )
    format = NamedChoiceField("DefinitionFormat", ["JSON", "YAML"], default="JSON")
    version = serializers.IntegerField(required=False, min_value=1)
    executions = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        allow_empty=False,
        max_length=what_ifs.MAX_EXECUTIONS,
        help_text="Names of executions that have ended; without them the latest",
    )
    latest = serializers.IntegerField(
        default=what_ifs.MAX_EXECUTIONS, min_value=1, max_value=what_ifs.MAX_EXECUTIONS
    )


class DivergenceSerializer(serializers.Serializer[Any]):
    """One thing that would have been otherwise.

    PATH: after ``place`` another state would have been entered; ``recorded`` and ``replayed`` are
    the states' names. TASK: the Task at ``place`` would have been asked otherwise. DATA: the state
    at ``place`` would have given another output. NO_RESULT: a Task is asked for what was never
    recorded, so nobody knows how it goes on. STATUS, OUTPUT, ERROR, CAUSE: of the execution.
    """

    kind = NamedChoiceField(
        "DivergenceKind",
        ["PATH", "TASK", "DATA", "NO_RESULT", "STATUS", "OUTPUT", "ERROR", "CAUSE"],
    )
    place = serializers.CharField(
        allow_null=True, help_text="A state, in a Map's iteration as Pay[2]"
    )
    scope = serializers.CharField(
        allow_null=True, help_text="The branch or iteration, as Fan[1]; null at the top level"
    )
    pointer = serializers.CharField(help_text="Where in the value: a JSON pointer, or nothing")
    recorded = serializers.CharField(allow_null=True, help_text="JSON text, or a state's name")
    replayed = serializers.CharField(allow_null=True, help_text="JSON text, or a state's name")
    event = serializers.IntegerField(help_text="The recorded event that it is about; 0: the end")
    message = serializers.CharField(allow_blank=True)


class ReplaySerializer(serializers.Serializer[Any]):
    """What one execution would have done."""

    executionName = serializers.CharField()
    verdict = NamedChoiceField(
        "ReplayVerdict",
        Replay.Verdict.values,
        allow_null=True,
        help_text="SAME path and output; DIVERGES; UNREPEATABLE: its own definition does not "
        "repeat it either, for it went by chance or by the clock; FAILED: stop says why; null: "
        "not replayed yet",
    )
    status = NamedChoiceField(
        "ExecutionStatus",
        Execution.Status.choices,
        allow_null=True,
        help_text="How the replay ended; RUNNING where it could not go on",
    )
    output = serializers.CharField(allow_null=True, help_text="JSON text")
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)
    stop = StopSerializer(allow_null=True)
    divergences = DivergenceSerializer(many=True)


class WhatIfCountsSerializer(serializers.Serializer[Any]):
    """How many executions have which verdict."""

    SAME = serializers.IntegerField()
    DIVERGES = serializers.IntegerField()
    UNREPEATABLE = serializers.IntegerField()
    FAILED = serializers.IntegerField()


class WhatIfSerializer(serializers.Serializer[Any]):
    """How far it has come, and what came of it so far."""

    id = serializers.IntegerField()
    definition = serializers.CharField(help_text="JSON text")
    creationDate = MomentField(source="created_at")
    total = serializers.IntegerField()
    done = serializers.IntegerField(help_text="total: it is over")
    counts = WhatIfCountsSerializer()
    results = ReplaySerializer(many=True, help_text="The latest first, without outputs")


class ReplayEventsSerializer(serializers.Serializer[Any]):
    """The history that a replay would have had."""

    events = serializers.ListField(
        child=HistoryEventField(), help_text="The first events, at most 1000 and 2 MiB"
    )
    eventCount = serializers.IntegerField(source="event_count")


def shown_replay(replay: Replay, most: int | None = None) -> dict[str, Any]:
    """A replay as the answer has it; ``most`` divergences, and then no outputs."""
    answer: dict[str, Any] = {} if not replay.answer else orjson.loads(replay.answer)
    names = ("status", "output", "error", "cause", "stop")
    members = {name: answer.get(name) for name in names}
    if most is not None:
        members["output"] = None
    return {
        "executionName": replay.execution_name,
        "verdict": replay.verdict,
        **members,
        "divergences": answer.get("divergences", [])[:most],
    }


def shown_what_if(what_if: WhatIf) -> dict[str, Any]:
    """A question as the answer has it."""
    replays = list(what_if.replays.all())
    counts = Counter(replay.verdict for replay in replays)
    members = {
        "id": what_if.pk,
        "definition": what_if.definition,
        "created_at": what_if.created_at,
        "total": len(replays),
        "done": len(replays) - counts[None],
        "counts": {verdict: counts[verdict] for verdict in Replay.Verdict.values},
        "results": [shown_replay(replay, SHOWN) for replay in replays],
    }
    data: dict[str, Any] = WhatIfSerializer(members).data
    return data


class WhatIfsView(APIView):
    """Asks what if."""

    permissions = {"POST": Permission.EDIT}
    parser_classes = [StrictJsonParser]

    @extend_schema(
        operation_id="askWhatIf",
        tags=["what if"],
        parameters=[NAME],
        request=AskWhatIfSerializer,
        responses={202: WhatIfSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, name: str) -> Response:
        """Have executions that have ended replayed on a definition, with the results they had.

        In memory, by the workers: nothing is called. The answer has an id; ask for it again until
        ``done`` is ``total``.
        """
        given = validated(AskWhatIfSerializer(data=request.data))
        if "definition" in given:
            definition = json_definition(given["definition"], given["format"])
        else:
            definition = rehearsals.saved_definition(name, given.get("version"))
        asked = what_ifs.ask_what_if(name, definition, given.get("executions"), given["latest"])
        return Response(shown_what_if(what_ifs.get_what_if(name, asked.pk)), status=202)


class WhatIfView(APIView):
    """One question."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="getWhatIf",
        tags=["what if"],
        parameters=[NAME, WHAT_IF_ID],
        responses={200: WhatIfSerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str, whatIfId: int) -> Response:  # noqa: N803
        """Give how far it has come, and of each execution the first divergences."""
        return Response(shown_what_if(what_ifs.get_what_if(name, whatIfId)))


class ReplayView(APIView):
    """One execution of a question."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="getReplay",
        tags=["what if"],
        parameters=[NAME, WHAT_IF_ID, EXECUTION],
        responses={200: ReplaySerializer, **NOT_FOUND},
    )
    def get(self, _: Request, name: str, whatIfId: int, executionName: str) -> Response:  # noqa: N803
        """Give one execution's replay with its output and all divergences, 100 at most."""
        replay = what_ifs.get_replay(name, whatIfId, executionName)
        return Response(ReplaySerializer(shown_replay(replay)).data)


class ReplayEventsView(APIView):
    """The history of one replay."""

    permissions = {"GET": Permission.VIEW}

    @extend_schema(
        operation_id="getReplayEvents",
        tags=["what if"],
        parameters=[NAME, WHAT_IF_ID, EXECUTION],
        responses={200: ReplayEventsSerializer, **NOT_FOUND, 429: ApiErrorSerializer},
    )
    def get(self, _: Request, name: str, whatIfId: int, executionName: str) -> Response:  # noqa: N803
        """Replay one execution again, and give its events as GetExecutionHistory would."""
        events, count = replays.replay_events(what_ifs.get_replay(name, whatIfId, executionName))
        shown = {"events": [orjson.loads(event) for event in events], "event_count": count}
        return Response(ReplayEventsSerializer(shown).data)
