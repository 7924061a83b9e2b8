"""What a definition's states need of the role it runs under, and what that does not allow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import outline
from studio.policies.map_needs import reader_needs, writer_needs
from studio.policies.needs import ANY, Need, Place, needs_of
from studio.policies.policy import Decision, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline, StateOutline

CODE: Final = "ROLE_DOES_NOT_ALLOW"


def definition_needs(view: Outline, place: Place) -> Iterator[tuple[str, Need]]:
    """Give what each Task and each distributed Map needs of the machine's role, with the location.

    A Task with Credentials needs to assume their role; what that allows is its own affair. A ``*``
    in a resource stands for what only an execution knows. Never raises, whatever the definition
    holds.
    """
    for state in view.states():
        if state.type == "Task":
            for need in _task_needs(state, place):
                yield f"{state.location}/Resource", need
        elif state.type == "Map":
            for field, of in (("ItemReader", reader_needs), ("ResultWriter", writer_needs)):
                for need in of(state.fields.get(field)):
                    yield f"{state.location}/{field}", need


def _task_needs(state: StateOutline, place: Place) -> list[Need]:
    credentials = state.fields.get("Credentials")
    if isinstance(credentials, dict):
        role = credentials.get("RoleArn")
        fixed = isinstance(role, str) and role.startswith("arn:")
        return [Need("sts:AssumeRole", str(role) if fixed else ANY)]
    resource = state.fields.get("Resource")
    if not isinstance(resource, str):
        return []
    given = state.fields.get("Parameters", state.fields.get("Arguments"))
    return [need for need in needs_of(resource, given, place) if need.action != ANY]


def role_advice(view: Outline, policy: Policy, role: str, place: Place) -> Iterator[Diagnostic]:
    """Warn of what ``role`` does not allow. Nothing is said where that is not certain."""
    for location, need in definition_needs(view, place):
        decision = _foreseen(policy, need)
        if decision is Decision.ALLOWED:
            continue
        verb = "denies" if decision is Decision.DENIED else "does not allow"
        of = "" if need.resource == ANY else f" of {need.resource}"
        what = "Task" if location.endswith("/Resource") else "Map"
        message = (
            f"The execution role '{role}' {verb} {need.action}{of}: the {what} will fail with "
            "States.Permissions"
        )
        yield Diagnostic("WARNING", CODE, message, location)


def _foreseen(policy: Policy, need: Need) -> Decision:
    """Decide; of a resource that only the execution knows, any that is allowed will do."""
    decision = policy.decide(need.action, need.resource)
    if ANY not in need.resource or decision is not Decision.NOT_ALLOWED:
        return decision
    may_be = any(
        statement.allows
        and statement.covers_action(need.action)
        and any(_may_meet(each, need.resource) for each in statement.resources)
        for statement in policy.statements
    )
    return Decision.ALLOWED if may_be else decision


def _may_meet(pattern: str, resource: str) -> bool:
    """Tell whether a resource that is known up to its first ``*`` may be one of a pattern's."""
    fixed, known = re.split(r"[*?]", pattern)[0], resource.partition(ANY)[0]
    return fixed.startswith(known) or known.startswith(fixed)


def suggested_policy(document: dict[str, Json], place: Place) -> dict[str, Any]:
    """Give the smallest policy that allows what the definition is known to do."""
    resources: dict[str, list[str]] = {}
    for _, need in definition_needs(outline(document), place):
        listed = resources.setdefault(need.action, [])
        if need.resource not in listed:
            listed.append(need.resource)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": action,
                "Resource": "*" if "*" in found else sorted(found),
            }
            for action, found in sorted(resources.items())
        ],
    }
