"""What a definition's Tasks need of the role it runs under, and what that role does not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.asl.diagnostics import Diagnostic
from studio.asl.outline import outline
from studio.policies.needs import ANY, Need, Place, need_of
from studio.policies.policy import Decision, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import StateOutline

CODE: Final = "ROLE_DOES_NOT_ALLOW"


def definition_needs(document: dict[str, Json], place: Place) -> Iterator[tuple[str, Need]]:
    """Give what each Task needs of the machine's role, with the Task's location.

    A Task with Credentials needs to assume their role; what that allows is its own affair. Never
    raises, whatever the document holds.
    """
    for state in outline(document).states():
        if state.type == "Task":
            need = _task_need(state, place)
            if need is not None:
                yield state.location, need


def _task_need(state: StateOutline, place: Place) -> Need | None:
    credentials = state.fields.get("Credentials")
    if isinstance(credentials, dict):
        role = credentials.get("RoleArn")
        fixed = isinstance(role, str) and role.startswith("arn:")
        return Need("sts:AssumeRole", str(role) if fixed else ANY)
    resource = state.fields.get("Resource")
    if not isinstance(resource, str):
        return None
    given = state.fields.get("Parameters", state.fields.get("Arguments"))
    need = need_of(resource, given, place)
    return None if need is not None and need.action == ANY else need


def role_advice(
    document: dict[str, Json], policy: Policy, role: str, place: Place
) -> Iterator[Diagnostic]:
    """Warn of each Task that ``role`` does not allow. Nothing is said where that is not certain."""
    for location, need in definition_needs(document, place):
        decision = _foreseen(policy, need)
        if decision is Decision.ALLOWED:
            continue
        verb = "denies" if decision is Decision.DENIED else "does not allow"
        of = "" if need.resource == ANY else f" of {need.resource}"
        message = (
            f"The execution role '{role}' {verb} {need.action}{of}: the Task will fail with "
            "States.Permissions"
        )
        yield Diagnostic("WARNING", CODE, message, f"{location}/Resource")


def _foreseen(policy: Policy, need: Need) -> Decision:
    """Decide; of a resource that only the execution knows, any that is allowed will do."""
    if need.resource != ANY:
        return policy.decide(need.action, need.resource)
    allowing = {
        resource
        for statement in policy.statements
        if statement.allows and statement.covers_action(need.action)
        for resource in statement.resources
    }
    if not allowing:
        return Decision.NOT_ALLOWED
    # Denied for certain only where it is for every resource.
    return Decision.DENIED if policy.denies_all(need.action) else Decision.ALLOWED


def suggested_policy(document: dict[str, Json], place: Place) -> dict[str, Any]:
    """Give the smallest policy that allows what the definition's Tasks are known to do."""
    resources: dict[str, list[str]] = {}
    for _, need in definition_needs(document, place):
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
