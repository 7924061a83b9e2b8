"""Two definitions held against each other, as the answers have it."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from studio.actions.configurations import logging_of, tracing_of
from studio.actions.proposals.content import configuration_of
from studio.asl import json_text
from studio.asl.changes.assembly import NotComparable
from studio.asl.changes.compare import compare
from studio.asl.changes.wire import as_members
from studio.asl.source.yaml_text import InvalidYaml, read_yaml
from studio.models import Draft, StateMachineAlias
from studio.rest.fields import NamedChoiceField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from studio.models import ProposalPush, StateMachine, StateMachineRevision


class RoutedAliasSerializer(serializers.Serializer[Any]):
    """An alias that starts a version."""

    name = serializers.CharField()
    weight = serializers.IntegerField(help_text="Percent of what it starts")


class ComparedSerializer(serializers.Serializer[Any]):
    """One of the two that are compared."""

    definition = serializers.CharField(help_text="As it was written")
    format = NamedChoiceField("DefinitionFormat", Draft.Format.values)
    roleArn = serializers.CharField(source="role_arn", allow_null=True)
    loggingConfiguration = serializers.DictField(
        source="logging",
        allow_null=True,
        help_text="As it was when the revision was made; null: it is not known, or stays",
    )
    tracingConfiguration = serializers.DictField(source="tracing", allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    aliases = RoutedAliasSerializer(many=True, help_text="Those that start it now")


class PlaceSerializer(serializers.Serializer[Any]):
    """A scope: the state that owns it (null: the state machine), and which of its scopes it is."""

    owner = serializers.CharField(allow_null=True)
    index = serializers.IntegerField()


class ChangeSerializer(serializers.Serializer[Any]):
    """One change. What does not belong to its kind is left out."""

    kind = NamedChoiceField(
        "ChangeKind",
        ["RENAMED", "SCOPES_CHANGED", "ADDED", "MOVED", "REMOVED", "FIELD_CHANGED"],
    )
    sentence = serializers.CharField(help_text="The change as a person would say it")
    state = serializers.CharField(
        allow_null=True,
        help_text="By its name now, or where it is gone the one it had; null: the state machine",
    )
    oldName = serializers.CharField(required=False)
    scope = PlaceSerializer(required=False)
    path = serializers.ListField(required=False, help_text="Within the state or scope")
    before = serializers.JSONField(required=False, help_text="Left out where there was none")
    after = serializers.JSONField(required=False, help_text="Left out where there is none")


class ComparisonSerializer(serializers.Serializer[Any]):
    """What changed from the one to the other."""

    before = ComparedSerializer()
    after = ComparedSerializer()
    changes = ChangeSerializer(many=True)
    problem = serializers.CharField(
        allow_null=True, help_text="Why their states could not be compared; the texts still can"
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A definition with what belongs to it; None: it is not known, or stays as it is."""

    definition: str
    format: str
    role_arn: str | None = None
    logging: dict[str, Any] | None = None
    tracing: dict[str, Any] | None = None
    version: int | None = None
    aliases: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of_draft(cls, draft: Draft) -> Compared:
        """A draft: it is of the definition alone."""
        return cls(draft.definition, draft.format)

    @classmethod
    def of_revision(cls, revision: StateMachineRevision) -> Compared:
        """A revision; the current one with the configuration that is in force."""
        machine = revision.state_machine
        version = getattr(revision, "version", None)
        configuration = json_text.loads(revision.configuration) if revision.configuration else {}
        if revision.pk == machine.current_id:
            configuration = {"logging": logging_of(machine), "tracing": tracing_of(machine)}
        return cls(
            revision.source or revision.definition,
            Draft.Format.YAML if revision.source else Draft.Format.JSON,
            revision.role_arn,
            configuration.get("logging"),
            configuration.get("tracing"),
            version and version.number,
            routed_aliases(machine).get(version.pk, []) if version else [],
        )

    @classmethod
    def of_push(cls, push: ProposalPush) -> Compared:
        """What a proposal proposes; a configuration that it leaves is None."""
        configuration = configuration_of(push)
        return cls(
            push.source or push.definition,
            Draft.Format.YAML if push.source else Draft.Format.JSON,
            configuration.get("roleArn"),
            configuration.get("loggingConfiguration"),
            configuration.get("tracingConfiguration"),
        )


def compared_answer(before: Compared, after: Compared) -> dict[str, Any]:
    """What changed from the one to the other, as the answer has it."""
    changes, problem = [], None
    try:
        changes = [as_members(each) for each in compare(_document(before), _document(after))]
    except NotComparable as fault:
        problem = str(fault)
    data: dict[str, Any] = ComparisonSerializer(
        {"before": before, "after": after, "changes": changes, "problem": problem}
    ).data
    return data


def routed_aliases(machine: StateMachine) -> Mapping[int, list[dict[str, Any]]]:
    """By the ids of versions the aliases that start them, with their weights."""
    routed: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    aliases: Iterable[StateMachineAlias] = machine.aliases.order_by("name")
    for alias in aliases:
        routed[alias.version_id].append({"name": alias.name, "weight": alias.weight})
        if alias.second_version_id is not None:
            rest = {"name": alias.name, "weight": 100 - alias.weight}
            routed[alias.second_version_id].append(rest)
    return routed


def _document(compared: Compared) -> Any:
    try:
        if compared.format == Draft.Format.YAML:
            return read_yaml(compared.definition)[0]
        return json_text.loads(compared.definition)
    except (InvalidYaml, json_text.InvalidJson) as fault:
        raise NotComparable(f"The definition cannot be read: {fault}") from None
