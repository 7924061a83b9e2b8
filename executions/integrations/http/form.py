"""Request bodies as ``application/x-www-form-urlencoded``, arrays in one of four ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM: Final = "application/x-www-form-urlencoded"
ArrayFormat = Literal["INDICES", "REPEAT", "COMMAS", "BRACKETS"]
ARRAY_FORMATS: Final[tuple[ArrayFormat, ...]] = ("INDICES", "REPEAT", "COMMAS", "BRACKETS")


def encode_form(body: Any, array_format: ArrayFormat = "INDICES") -> str:
    """``body`` as a form: members of inner objects as ``outer[inner]``.

    Source: "Applying URL-encoding on request body",
    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    """
    if not isinstance(body, dict):
        raise TypeError("Only an object can be URL-encoded.")
    return urlencode(
        [pair for key, value in body.items() for pair in _pairs(key, value, array_format)]
    )


def text_of(value: Any) -> str:
    """A value as it stands in a form, a query or a header: a text as it is, others as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _pairs(key: str, value: Any, array_format: ArrayFormat) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _pairs(f"{key}[{name}]", inner, array_format)
    elif isinstance(value, list) and array_format == "COMMAS":
        yield key, ",".join(text_of(item) for item in value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            suffix = {"INDICES": f"[{index}]", "BRACKETS": "[]"}.get(array_format, "")
            yield from _pairs(key + suffix, item, array_format)
    else:
        yield key, "" if value is None else text_of(value)
