"""Two definitions held against each other, as the answers have it."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from studio.access.caller import current_caller
from studio.access.permissions import Permission
from studio.actions.proposals.content import configuration_of
from studio.actions.proposals.surroundings import of_base, of_push
from studio.actions.surroundings import configuration_of_revision, of_draft, of_revision
from studio.asl import json_text
from studio.asl.changes.assembly import NotComparable
from studio.asl.changes.compare import compare
from studio.asl.changes.wire import as_members
from studio.asl.definition import ABSENT
from studio.asl.source.yaml_text import InvalidYaml, read_yaml
from studio.models import Draft, StateMachineAlias
from studio.redaction import hide
from studio.rest.fields import NamedChoiceField
from studio.surroundings import SurroundingChanged, compare_surroundings, surrounding_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from studio.models import ProposalPush, StateMachine, StateMachineRevision
    from studio.sensitive_fields import Marks


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


class SurroundingChangeSerializer(serializers.Serializer[Any]):
    """A change of what stands around a definition."""

    about = NamedChoiceField("SurroundingsAbout", ["CONFIGURATION", "ALIASES", "TESTS"])
    sentence = serializers.CharField(help_text="The change as a person would say it")
    state = serializers.CharField(allow_null=True, help_text="The state whose mock it is")
    before = serializers.JSONField(required=False, help_text="Left out where there was none")
    after = serializers.JSONField(required=False, help_text="Left out where there is none")


class ComparisonSerializer(serializers.Serializer[Any]):
    """What changed from the one to the other."""

    before = ComparedSerializer()
    after = ComparedSerializer()
    changes = ChangeSerializer(many=True)
    surroundings = SurroundingChangeSerializer(
        many=True,
        help_text="Changes of role, logging, tracing, tags, aliases, test cases and mocks",
    )
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
    surroundings: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of_draft(cls, draft: Draft) -> Compared:
        """A draft, with the settings that it keeps."""
        return cls(draft.definition, draft.format, surroundings=of_draft(draft))

    @classmethod
    def of_revision(cls, revision: StateMachineRevision) -> Compared:
        """A revision; the current one with the configuration that is in force."""
        return cls._revision(revision, of_revision(revision))

    @classmethod
    def of_base(cls, push: ProposalPush) -> Compared:
        """What a push goes on from."""
        return cls._revision(push.base, of_base(push))

    @classmethod
    def _revision(cls, revision: StateMachineRevision, surroundings: dict[str, Any]) -> Compared:
        machine = revision.state_machine
        version = getattr(revision, "version", None)
        configuration = configuration_of_revision(revision)
        return cls(
            revision.source or revision.definition,
            Draft.Format.YAML if revision.source else Draft.Format.JSON,
            revision.role_arn,
            configuration.get("logging"),
            configuration.get("tracing"),
            version and version.number,
            routed_aliases(machine).get(version.pk, []) if version else [],
            surroundings,
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
            surroundings=of_push(push),
        )


def compared_answer(before: Compared, after: Compared, marks: Marks) -> dict[str, Any]:
    """What changed from the one to the other, as the answer has it; ``marks`` are of the machine
    that both are of.
    """
    # Who may not see sensitive values must not read them in a sentence: nobody says them then.
    caller = current_caller()
    reveals = caller is not None and caller.may(Permission.REVEAL)

    def shown(value: Any) -> Any:
        return value if reveals else hide(value)

    def around(surroundings: dict[str, Any]) -> Any:
        # Tests and mocks have data; the rest is what somebody configured.
        data = {name: surroundings[name] for name in ("tests", "mocks") if name in surroundings}
        return shown(surroundings | ({} if reveals else hide(data, marks)))

    changes, problem = [], None
    try:
        found = compare(shown(_document(before)), shown(_document(after)))
        changes = [as_members(each) for each in found]
    except NotComparable as fault:
        problem = str(fault)
    others = compare_surroundings(around(before.surroundings), around(after.surroundings))
    data: dict[str, Any] = ComparisonSerializer(
        {
            "before": before,
            "after": after,
            "changes": changes,
            "surroundings": [_shown(each) for each in others],
            "problem": problem,
        }
    ).data
    return data


def _shown(change: SurroundingChanged) -> dict[str, Any]:
    members = {
        "about": change.about,
        "sentence": surrounding_sentence(change),
        "state": change.state,
        "before": change.before,
        "after": change.after,
    }
    return {name: value for name, value in members.items() if value is not ABSENT}


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
