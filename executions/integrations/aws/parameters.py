"""From a Task's parameters to a call's arguments, and from the call's answer to a Task's result.

Names change (``SsekmsKeyId``, botocore's ``SSEKMSKeyId``), and types: JSON has neither bytes nor
moments. A blob is its text in UTF-8, or base64 where it is no text; a value that is not a text,
given for a blob, is its JSON text (recorded with S3's Body). A moment is ISO 8601, or a number of
seconds since the epoch.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.model import ListShape, MapShape, Shape, StructureShape

from executions.integrations.aws.service_models import member_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import OperationModel

_KINDS: Final[dict[str, tuple[str, tuple[type[Any], ...]]]] = {
    "structure": ("an OBJECT", (dict,)),
    "map": ("an OBJECT", (dict,)),
    "list": ("an ARRAY", (list,)),
    "string": ("a STRING", (str,)),
    "character": ("a STRING", (str,)),
    "boolean": ("a BOOLEAN", (bool,)),
    "integer": ("a NUMBER", (int, float)),
    "long": ("a NUMBER", (int, float)),
    "float": ("a NUMBER", (int, float)),
    "double": ("a NUMBER", (int, float)),
    "timestamp": ("a TIMESTAMP", (str, int, float)),
}


class UnusableParameters(ValueError):
    """Parameters that no call can be made of; the text says which field, as AWS words it."""


def arguments_of(
    operation: OperationModel,
    parameters: Any,
    *,
    idempotency_key: str,
    texts: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The arguments of a call of ``operation``.

    Members in ``texts`` are texts for the service and may be any JSON in the definition (a
    message's body). Members that the service uses to know a repeated call are filled from
    ``idempotency_key`` where the definition leaves them out, the same at every delivery.

    Raises UnusableParameters.
    """
    if not isinstance(parameters, dict):
        raise UnusableParameters("They are not a JSON object")
    shape = operation.input_shape
    if shape is None:
        if parameters:
            raise UnusableParameters(unsupported(next(iter(parameters))))
        return {}
    arguments = _structure(shape, parameters, texts)
    for name in operation.idempotent_members:
        arguments.setdefault(name, str(uuid.uuid5(uuid.NAMESPACE_OID, idempotency_key)))
    return arguments


def result_of(
    shape: Shape | None,
    answer: Any,
    shown: Callable[[str], str],
    moment: Callable[[datetime], Any] | None = None,
) -> Any:
    """The answer as JSON values, its members named by ``shown``. Members without value are left
    out. ``moment`` writes moments otherwise than as ISO 8601."""
    if isinstance(shape, StructureShape):
        if shape.is_document_type:
            return answer
        return {
            shown(name): result_of(member, answer[name], shown, moment)
            for name, member in shape.members.items()
            if answer.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [result_of(shape.member, item, shown, moment) for item in answer]
    if isinstance(shape, MapShape):
        return {key: result_of(shape.value, value, shown, moment) for key, value in answer.items()}
    if isinstance(answer, datetime):
        return _iso(answer) if moment is None else moment(answer)
    if isinstance(answer, bytes | bytearray):
        try:
            return answer.decode()
        except UnicodeDecodeError:
            return base64.b64encode(answer).decode()
    return answer


def _structure(
    shape: StructureShape, values: dict[str, Any], texts: frozenset[str] = frozenset()
) -> dict[str, Any]:
    if shape.is_document_type:
        return values
    names = member_names(shape)
    arguments: dict[str, Any] = {}
    for title, value in values.items():
        name = names.get(title)
        if name is None:
            raise UnusableParameters(unsupported(title))
        if value is not None:  # the SDKs do not send what has no value; the service misses it
            arguments[name] = _argument(shape.members[name], value, title, texts)
    return arguments


def _argument(shape: Shape, value: Any, title: str, texts: frozenset[str]) -> Any:
    if title in texts and not isinstance(value, str):
        return _compact(value)
    if shape.type_name == "blob":
        return (value if isinstance(value, str) else _compact(value)).encode()
    kind, types = _KINDS[shape.type_name]
    if isinstance(shape, StructureShape) and shape.is_document_type:
        return value
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise UnusableParameters(f'The value for the field "{title}" must be {kind}')
    if isinstance(shape, StructureShape):
        return _structure(shape, value, texts)
    if isinstance(shape, ListShape):
        return [_argument(shape.member, item, title, texts) for item in value]
    if isinstance(shape, MapShape):
        return {key: _argument(shape.value, item, title, texts) for key, item in value.items()}
    if shape.type_name == "timestamp":
        return _moment(value, title)
    if shape.type_name in ("integer", "long") and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _moment(value: Any, title: str) -> datetime:
    problem = f'The value for the field "{title}" must be a TIMESTAMP'
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnusableParameters(problem) from error


def _iso(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unsupported(title: str) -> str:
    """What is said of a field that the action does not have."""
    return f'The field "{title}" is not supported by Step Functions'
