"""No field of an answer has a payload that redaction does not know of.

Marks of a state machine count in payloads alone: in texts, and below the members that
``studio.redaction`` lists. So whoever adds a field with free JSON says here what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from botocore.model import ListShape, MapShape, Shape, StructureShape

from studio.aws.model import operation_model
from studio.config.aws import OPERATIONS
from studio.redaction import DEFINITIONS, PAYLOADS, POINTED

DOCUMENT: Final = Path(__file__).parents[2] / "docs/reference/openapi.yaml"
"""Made from the serializers; `make check` fails where it is not current."""

NO_PAYLOADS: Final = {
    "ApprovalField.default": "hidden by executions.actions.approvals, which knows the form's names",
    "AuditEntry.details": "the trail has no payloads: studio.actions.audit",
    "CaseFile.StateMachines": "names of states and of mocks",
    "Change.after": "of a definition",
    "Change.before": "of a definition",
    "Change.path": "of a definition",
    "Check.answer": "made of what is hidden one by one: differences at a pointer, and texts",
    "Compared.loggingConfiguration": "what somebody configured",
    "Compared.tracingConfiguration": "what somebody configured",
    "Connection.authParameters": "what somebody configured, without its secrets",
    "Draft.settings": "what somebody configured; the sample input is a text",
    "Fix.operations": "of a definition",
    "Record.details": "a debugger's: payloads in it are texts",
    "Rule.eventPattern": "what somebody configured",
    "StateMachine.loggingConfiguration": "what somebody configured",
    "StateMachine.tracingConfiguration": "what somebody configured",
    "SurroundingChange.after": "hidden by studio.rest.comparisons before it is compared",
    "SurroundingChange.before": "hidden by studio.rest.comparisons before it is compared",
}
"""Fields with free JSON that is no payload of executions, or is hidden elsewhere."""
NOT_POINTED: Final = {
    "Divergence": {"kind", "place", "scope", "event", "message", "pointer"},
    "Unmet": {"what", "pointer"},
    # Pointers into definitions.
    "Thread": {
        *("id", "pointer", "anchorPush", "isGone", "state", "stateIsGone", "value"),
        *("resolvedBy", "resolvedDate", "comments"),
    },
}
"""Members beside a pointer that have no values of payloads, by component."""
NAMES_OF_VARIABLES: Final = {"variableReferences"}
"""Maps of the AWS operations whose values are names alone."""


def components() -> tuple[dict[str, Any], set[str]]:
    """All components of the document, and the names of those that answers have."""
    document = yaml.safe_load(DOCUMENT.read_text())
    schemas: dict[str, Any] = document["components"]["schemas"]
    reached: set[str] = set()
    waiting: list[Any] = [
        operation.get("responses", {})
        for methods in document["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict)
    ]
    while waiting:
        match waiting.pop():
            case dict() as found:
                name = str(found.get("$ref", "")).rpartition("/")[2]
                if name and name not in reached:
                    reached.add(name)
                    waiting.append(schemas[name])
                waiting.extend(found.values())
            case list() as listed:
                waiting.extend(listed)
    return schemas, reached


def is_free(schema: dict[str, Any]) -> bool:
    """Whether any JSON may stand there."""
    if "$ref" in schema:
        return False
    choices = [each for key in ("oneOf", "anyOf", "allOf") for each in schema.get(key, [])]
    if choices:
        return any(map(is_free, choices))
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if kind is None:
        return "enum" not in schema and "properties" not in schema
    if "array" in kinds:
        return is_free(schema.get("items", {}))
    if "object" in kinds and "properties" not in schema:
        of = schema.get("additionalProperties", True)
        return of is True or (isinstance(of, dict) and is_free(of))
    return False


def fields(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each member of a component and of what stands within it: its path, name and schema."""
    for member, of in schema.get("properties", {}).items():
        yield f"{name}.{member}", member, of
        yield from fields(f"{name}.{member}", of.get("items", of))


def test_every_field_with_free_json_is_known() -> None:
    schemas, reached = components()
    found = {
        path: member
        for name in reached
        for path, member, of in fields(name, schemas[name])
        if is_free(of)
    }
    # It would look at nothing, and pass, if the document were written another way.
    assert {"Delivery.event", "Mock.response", "Approval.answers"} <= set(found)
    known = PAYLOADS | POINTED | DEFINITIONS
    unknown = {path for path, member in found.items() if member.lower() not in known}
    assert unknown == set(NO_PAYLOADS)


def test_every_value_beside_a_pointer_is_known() -> None:
    schemas, reached = components()
    beside = {
        name: set(schemas[name]["properties"]) - POINTED
        for name in reached
        if "pointer" in schemas[name].get("properties", {})
    }
    assert beside == NOT_POINTED


def maps_in(shape: Shape | None, seen: set[str]) -> Iterator[str]:
    """The names of members that are maps: all other data of AWS's model are texts."""
    if shape is None or shape.name in seen:
        return
    seen.add(shape.name)
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            assert not getattr(member, "is_document_type", False), name
            if isinstance(member, MapShape):
                yield name
            yield from maps_in(member, seen)
    elif isinstance(shape, ListShape):
        yield from maps_in(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from maps_in(shape.value, seen)


def test_every_map_of_an_operation_is_known() -> None:
    seen: set[str] = set()
    found = {
        name
        for operation in OPERATIONS
        for name in maps_in(operation_model(operation).output_shape, seen)
    }
    assert found == {"assignedVariables"} | NAMES_OF_VARIABLES
    assert "assignedvariables" in PAYLOADS
