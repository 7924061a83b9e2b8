"""Holds the server's answers against botocore's model: boto3 itself is lenient."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": float,
    "timestamp": datetime,
}


def check_answer(parsed: dict[str, Any], model: OperationModel, **_: Any) -> None:
    """boto3's ``after-call`` hook: a success has every required member, and no other type."""
    if "Error" not in parsed and model.output_shape is not None:
        answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        _check(model.output_shape, answer, model.name)


def check_body(response_dict: dict[str, Any], operation_model: OperationModel, **_: Any) -> None:
    """boto3's ``before-parse`` hook: what the client would drop or mend does not come at all."""
    body = json.loads(response_dict["body"])
    if response_dict["status_code"] < 300:
        _check_raw(operation_model.output_shape, body, operation_model.name)
        return
    code = body["__type"]
    shape = operation_model.service_model.shape_for_error_code(code)
    if shape is not None:
        assert set(body) - {"__type"} <= set(shape.members), body


def _check_raw(shape: Shape | None, value: Any, path: str) -> None:
    if shape is None:
        assert value == {}, path
    elif isinstance(shape, StructureShape):
        for name, member in value.items():
            assert name in shape.members, f"{path}.{name} is not in the model"
            _check_raw(shape.members[name], member, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for item in value:
            _check_raw(shape.member, item, f"{path}[]")
    elif shape.type_name == "timestamp":
        # Seconds since the epoch, to the millisecond.
        assert isinstance(value, int | float), f"{path}: {value!r}"
        assert value == round(value, 3), f"{path}: {value!r}"
    else:
        assert value is not None, path


def _check(shape: Shape, value: Any, path: str) -> None:
    if isinstance(shape, StructureShape):
        assert isinstance(value, dict), path
        assert set(shape.required_members) <= set(value), f"{path} lacks a member: {value}"
        for name, member in value.items():
            assert name in shape.members, f"{path}.{name} is not in the model"
            _check(shape.members[name], member, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        assert isinstance(value, list), path
        for item in value:
            _check(shape.member, item, f"{path}[]")
    elif isinstance(shape, MapShape):
        assert isinstance(value, dict), path
        for name, item in value.items():
            _check(shape.key, name, f"{path}.key")
            _check(shape.value, item, f"{path}.{name}")
    else:
        assert isinstance(value, _TYPES[shape.type_name]), f"{path}: {value!r}"
        allowed = shape.metadata.get("enum")
        assert not allowed or value in allowed, f"{path}: {value!r}"
