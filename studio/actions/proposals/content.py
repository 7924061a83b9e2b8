"""What a push would make of a state machine, checked, and its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from studio.actions.configurations import check_logging, check_tracing
from studio.actions.names import check_role_arn
from studio.actions.state_machines import check_definition
from studio.actions.tags import check_tags
from studio.asl import json_text
from studio.errors import RevisionDoesNotExist, ValidationException
from studio.models import StateMachineRevision

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.models import ProposalPush, StateMachine

CONFIGURED = ("roleArn", "loggingConfiguration", "tracingConfiguration", "tags")
"""What a proposal may change beside the definition. A state machine keeps its type for ever."""


@dataclass(frozen=True, slots=True)
class Content:
    """``definition`` is JSON text, ``source`` the YAML it came from or "". ``configuration`` has
    those of ``CONFIGURED`` that change. ``base_revision_id`` is what it goes on from.
    """

    definition: str
    base_revision_id: UUID
    source: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """Of all of it, the base included: what a reviewer approves is a change, not a text."""
        parts = [
            self.definition,
            self.source,
            json_text.canonical(self.configuration),
            str(self.base_revision_id),
        ]
        return sha256(json_text.dumps(parts).encode()).hexdigest()


def content_of(push: ProposalPush) -> Content:
    """What was pushed; needs ``base`` loaded."""
    return Content(push.definition, push.base.revision_id, push.source, configuration_of(push))


def configuration_of(push: ProposalPush) -> dict[str, Any]:
    """The configurations that a push changes, by the wire's names."""
    return json_text.loads(push.configuration) if push.configuration else {}


def document_of(push: ProposalPush) -> Json:
    """The definition of a push."""
    return json_text.loads(push.definition)


def checked_base(machine: StateMachine, content: Content) -> StateMachineRevision:
    """The revision that the content goes on from, when all of it can be kept and run.

    Raises:
        InvalidDefinition: with every diagnostic.
        RevisionDoesNotExist: it goes on from no revision of this state machine.
        ValidationException: it changes nothing.
        InvalidArn, InvalidLoggingConfiguration, InvalidTracingConfiguration, TooManyTags.
    """
    base = machine.revisions.filter(revision_id=content.base_revision_id).first()
    if base is None:
        raise RevisionDoesNotExist(str(content.base_revision_id))
    check_definition(content.definition, machine.type)
    given = content.configuration
    if "roleArn" in given:
        check_role_arn(given["roleArn"])
    check_logging(given.get("loggingConfiguration") or {})
    if "tracingConfiguration" in given:
        check_tracing(given["tracingConfiguration"])
    if "tags" in given:
        check_tags(machine.arn, given["tags"])
    if not given and (content.definition, content.source) == (base.definition, base.source):
        raise ValidationException(
            message="There is nothing to propose: the definition is that of the revision "
            "it goes on from."
        )
    return base
