"""Task tokens: what ``$$.Task.Token`` says, and what a callback gives back.

A token is 32 secret bytes and, behind them, which attempt of which execution it stands for, in
URL-safe base64. The secret makes it hard to guess. The rest lets a late callback be told "that task
is over" instead of "no such token", without keeping a row for every task that has ended.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final, NamedTuple

MAX_LENGTH: Final = 2048
"""Characters a token may have, as at AWS; ours have about 350."""

_FORMAT: Final = b"\1"
_SECRET_BYTES: Final = 32


class TokenSubject(NamedTuple):
    """The attempt a token stands for: ``task`` is the id of its …Scheduled event."""

    execution_arn: str
    task: int


def make_task_token(subject: TokenSubject, secret: bytes) -> str:
    """Write the token of an attempt. ``secret`` is 32 bytes nobody can guess."""
    assert len(secret) == _SECRET_BYTES
    plain = _FORMAT + secret + f"{subject.task} {subject.execution_arn}".encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def derive_secret(seed: str, subject: TokenSubject) -> bytes:
    """Draw an attempt's secret from a command's seed; it is as hard to guess as the seed."""
    return hashlib.sha256(f"task token\n{seed}\n{subject.task}".encode()).digest()


def read_task_token(token: str) -> TokenSubject | None:
    """Give what a token says it stands for, or None where it is none of ours.

    That it can be read proves nothing: only the hash of a token that is stored does.
    """
    if len(token) > MAX_LENGTH:
        return None
    try:
        plain = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        if not plain.startswith(_FORMAT):
            return None
        task, space, execution_arn = plain[1 + _SECRET_BYTES :].decode().partition(" ")
    except (binascii.Error, ValueError):
        return None
    if not (space and execution_arn and task.isascii() and task.isdecimal()):
        return None
    return TokenSubject(execution_arn, int(task))


def hash_of_token(token: str) -> bytes:
    """Give the form in which a token is stored: SHA-256, 32 bytes."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
