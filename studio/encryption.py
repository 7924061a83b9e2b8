"""Secrets that must be read again, encrypted at rest.

A key for each purpose is derived from ``SECRET_KEY``: a copy of the database alone tells nothing.
``SECRET_KEY_FALLBACKS`` are older keys, with which nothing is encrypted any more and everything can
still be read; ``manage.py rotate_secrets`` brings what is stored to the newest.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class UnreadableSecret(Exception):
    """The secret was stored under a SECRET_KEY that is not known here, or is damaged."""


def encrypt(text: str, purpose: str) -> str:
    """``text`` so that only ``decrypt`` with the same purpose and SECRET_KEY reads it."""
    return _cipher(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode()


def decrypt(encrypted: str, purpose: str) -> str:
    """The text again. Raises UnreadableSecret."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    try:
        ciphers = MultiFernet([_cipher(key, purpose) for key in keys])
        return ciphers.decrypt(encrypted.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


def is_current(encrypted: str, purpose: str) -> bool:
    """Whether this was encrypted with the newest key."""
    try:
        _cipher(settings.SECRET_KEY, purpose).decrypt(encrypted.encode())
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=64)
def _cipher(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"stepwell: {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
