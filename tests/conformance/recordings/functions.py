"""The Lambda functions of recordings: their sentences as Python files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.recordings.reading import Recording

_BODIES: Final = {
    "returns its event": "return event",
    "raises Exception with the message 'Some exception was raised.'": (
        'raise Exception("Some exception was raised.")'
    ),
    'returns the object {"Return": "HelloWorld"}': 'return {"Return": "HelloWorld"}',
    'returns the bytes "HelloWorld!" with its quotes': "return b'\"HelloWorld!\"'",
    "returns 257 KiB of the letter a as UTF-8 bytes": (
        "return b'\"' + b'a' * (257 * 1024) + b'\"'"
    ),
}
"""What a function's sentence means."""


def write_functions(recording: Recording, folder: Path) -> None:
    """Write a file for each function into ``folder``, where they are looked for by name."""
    for name, does in recording.functions.items():
        # Recorded stack traces show the second line of handler.py.
        text = f"def handler(event, context):\n    {_BODIES[does]}\n"
        # A hyphen in a name is an underscore in Python.
        (folder / f"{name.replace('-', '_')}.py").write_text(text, encoding="utf-8")
