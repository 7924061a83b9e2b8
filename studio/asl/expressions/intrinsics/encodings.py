"""Base64Encode, Base64Decode and Hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.expressions.intrinsics.failure import IntrinsicFailure, to_text

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Randomness

MAX_CHARACTERS: Final = 10_000
"""Characters AWS encodes, decodes or hashes."""

ALGORITHMS: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


def base64_encode(arguments: list[Json], _: Randomness) -> Json:
    """Encode a text's UTF-8 bytes."""
    text = _within_limit(to_text(arguments[0], "States.Base64Encode"), "States.Base64Encode")
    return base64.b64encode(text.encode()).decode()


def base64_decode(arguments: list[Json], _: Randomness) -> Json:
    """Decode to a text."""
    text = _within_limit(to_text(arguments[0], "States.Base64Decode"), "States.Base64Decode")
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise IntrinsicFailure("States.Base64Decode", "the text is not Base64 of UTF-8") from None


def hash_data(arguments: list[Json], _: Randomness) -> Json:
    """Give the hexadecimal digest of a text, or of any other value's JSON."""
    data, algorithm = arguments
    text = data if isinstance(data, str) else json_text.dumps(data)
    name = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    if name is None:
        raise IntrinsicFailure("States.Hash", f"the algorithms are {', '.join(ALGORITHMS)}")
    _within_limit(text, "States.Hash")
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _within_limit(text: str, function: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise IntrinsicFailure(function, f"{MAX_CHARACTERS} characters at most")
    return text
