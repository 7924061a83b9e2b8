"""What a distributed Map needs to be allowed: the objects that it reads, and those that it writes.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.policies.needs import ANY, Need, object_need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LIST: Final = "s3:ListBucket"
READ: Final = "s3:GetObject"
READ_VERSION: Final = "s3:GetObjectVersion"
WRITE: Final = "s3:PutObject"


def reader_needs(field: Any) -> Iterator[Need]:
    """Give what an ItemReader needs, as a definition has it.

    What is not fixed there is ``*``: the key, the bucket, the objects that a manifest names. Never
    raises, whatever the field is.
    """
    if not isinstance(field, dict):
        return
    given, config = _given(field), field.get("ReaderConfig")
    config = config if isinstance(config, dict) else {}
    bucket = _text(given, "Bucket")
    if str(field.get("Resource")).endswith(":listObjectsV2"):
        yield object_need(LIST, bucket, "") if bucket else Need(LIST, ANY)
        if config.get("Transformation") == "LOAD_AND_FLATTEN":
            yield _within(READ, bucket, _text(given, "Prefix"))
        return
    key = _text(given, "Key")
    action = READ_VERSION if {"VersionId", "VersionId.$"} & given.keys() else READ
    yield object_need(action, bucket, key) if bucket and key else _within(action, bucket, "")
    if config.get("InputType") == "MANIFEST" or "ManifestType" in config:
        yield Need(READ, ANY)


def writer_needs(field: Any) -> Iterator[Need]:
    """Give what a ResultWriter needs; nothing where results are not exported. Never raises."""
    if not isinstance(field, dict) or "Resource" not in field:
        return
    given = _given(field)
    prefix = _text(given, "Prefix")
    if prefix and not prefix.endswith("/"):
        prefix += "/"
    yield _within(WRITE, _text(given, "Bucket"), prefix)


def _within(action: str, bucket: str, prefix: str) -> Need:
    """The need of objects whose keys only the execution knows."""
    return object_need(action, bucket, f"{prefix}*") if bucket else Need(action, ANY)


def _given(field: Mapping[str, Any]) -> dict[str, Any]:
    given = field.get("Parameters", field.get("Arguments"))
    return given if isinstance(given, dict) else {}


def _text(given: Mapping[str, Any], member: str) -> str:
    value = given.get(member)
    return value if isinstance(value, str) and not value.startswith("{%") else ""
