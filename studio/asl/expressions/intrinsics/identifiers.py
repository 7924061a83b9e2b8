"""UUID."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Randomness


def make_uuid(_: list[Json], randomness: Randomness) -> Json:
    """Give a version 4 UUID (RFC 9562), made of the next random draw."""
    drawn = bytearray(randomness.draw()[:16])
    drawn[6] = drawn[6] & 0x0F | 0x40
    drawn[8] = drawn[8] & 0x3F | 0x80
    text = drawn.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
