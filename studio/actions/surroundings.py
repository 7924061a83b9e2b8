"""What stands around a definition, kept with each revision: see ``studio.surroundings``.

Of a revision that another one has followed, aliases, tests and mocks are those that stood when it
was followed: what people saw of it last. So the version before and the current one, compared, tell
what became of the aliases since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

from studio.actions.configurations import LOGGING_DEFAULTS, logging_of, tracing_of
from studio.asl import json_text
from studio.models import RevisionSurroundings, StateMachineRevision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from studio.asl.definition import Json
    from studio.models import Draft, StateMachine

Surroundings = dict[str, Any]


def keep_surroundings(revision: StateMachineRevision) -> None:
    """Keep what stands around a revision that has just been made."""
    now = surroundings_now(revision.state_machine)
    RevisionSurroundings.objects.create(revision=revision, text=json_text.dumps(now))


def surroundings_now(machine: StateMachine) -> Surroundings:
    """Tags, aliases, tests and mocks of a state machine as they are now."""
    saved: Callable[[str], dict[str, Json]] = import_string(settings.SAVED_BESIDE)
    aliases = machine.aliases.select_related("version", "second_version").order_by("name")
    return {
        "tags": dict(machine.tags),
        "aliases": {
            each.name: {str(number): weight for number, weight in each.routes} for each in aliases
        },
        **saved(machine.name),
    }


def configuration_of_revision(revision: StateMachineRevision) -> dict[str, Any]:
    """``logging`` and ``tracing``: in force for the current one, else as it was made with them.

    Empty where it is not known.
    """
    machine = revision.state_machine
    if revision.pk == machine.current_id:
        return {"logging": logging_of(machine), "tracing": tracing_of(machine)}
    found: dict[str, Any] = (
        json_text.loads(revision.configuration) if revision.configuration else {}
    )
    return found


def of_revision(revision: StateMachineRevision) -> Surroundings:
    """What stands around the current revision, or stood around another one when it was followed."""
    machine = revision.state_machine
    if revision.pk == machine.current_id:
        around = surroundings_now(machine)
    else:
        later = StateMachineRevision.objects.filter(state_machine=machine, pk__gt=revision.pk)
        following = later.order_by("pk").first()
        around = when_made(following) if following is not None else {}
    return {**around, **configured(revision)}


def of_draft(draft: Draft) -> Surroundings:
    """The settings that a draft keeps, as the designer writes them; others stay as they are."""
    given = draft.settings
    around: Surroundings = {}
    if given.get("roleArn"):
        around["roleArn"] = given["roleArn"]
    if "logLevel" in given:
        around["logging"] = {
            "level": given["logLevel"],
            "includeExecutionData": bool(given.get("includeExecutionData")),
            **({"logGroupArn": given["logGroupArn"]} if given.get("logGroupArn") else {}),
        }
    if "tracing" in given:
        around["tracing"] = {"enabled": bool(given["tracing"])}
    if "tags" in given:
        around["tags"] = dict(given["tags"])
    return around


def configured(revision: StateMachineRevision) -> Surroundings:
    """Role, logging and tracing of a revision, as far as they are known."""
    configuration = configuration_of_revision(revision)
    around: Surroundings = {"roleArn": revision.role_arn}
    if "logging" in configuration:
        around["logging"] = logging_shown(configuration["logging"])
    if "tracing" in configuration:
        around["tracing"] = dict(configuration["tracing"])
    return around


def logging_shown(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Level, data and log group, without what lies between them at AWS."""
    known = {**LOGGING_DEFAULTS, **configuration}
    groups = [
        (each.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn")
        for each in known.get("destinations") or ()
    ]
    return {
        "level": known["level"],
        "includeExecutionData": known["includeExecutionData"],
        **({"logGroupArn": groups[0]} if groups else {}),
    }


def when_made(revision: StateMachineRevision) -> Surroundings:
    """What was kept with a revision; empty for those that were made before this was kept."""
    row = RevisionSurroundings.objects.filter(revision=revision).first()
    found: Surroundings = json_text.loads(row.text) if row is not None else {}
    return found
