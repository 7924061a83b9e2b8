"""Reads the JSON of requests with the strict loader: no NaN, no depth that ends the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.serializers import Serializer

from studio.asl import json_text

MAX_BODY_BYTES = 4 * 1024 * 1024
"""A definition of 1 MB, or an input of 256 KiB, with every character escaped, and some more."""


class StrictJsonParser(BaseParser):
    """DRF's parser for ``application/json``."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Give the body's value, or raise ParseError."""
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise ParseError(f"The request is larger than {MAX_BODY_BYTES} bytes.")
        try:
            return json_text.loads(body)
        except json_text.InvalidJson as fault:
            raise ParseError(str(fault)) from None


def validated(serializer: Serializer[Any]) -> dict[str, Any]:
    """The values of a request's body or query, or DRF's ValidationError with every fault."""
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values
