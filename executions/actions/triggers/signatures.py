"""Who calls an endpoint: a bearer token, or a signature over the body in one of three forms.

Pure: the clock arrives as an argument. Comparisons take the same time wherever texts differ.
Sources: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries,
https://docs.stripe.com/webhooks/signature, https://www.standardwebhooks.com.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("BEARER", "GITHUB", "STRIPE", "STANDARD_WEBHOOKS")
REPLAY_SECONDS: Final = 300
"""How old, or how far ahead, the moment in a signature may be."""


class NotAuthorized(Exception):
    """The call does not prove who makes it; says what is missing, never what is right."""


def check_call(
    kind: str, secret: str, headers: Mapping[str, str], body: bytes, now: float
) -> str | None:
    """Hold a call against the endpoint's secret; the sender's own id of it, where it has one.

    ``headers`` by names in small letters, ``now`` in seconds since the epoch. Raises NotAuthorized.
    """
    match kind:
        case "BEARER":
            scheme, _, token = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not _same(token.strip(), secret):
                raise NotAuthorized("Authorization must be: Bearer, and the endpoint's token.")
            return None
        case "GITHUB":
            given = headers.get("x-hub-signature-256", "").removeprefix("sha256=")
            if not _same(given, _hex(secret.encode(), body)):
                raise NotAuthorized("X-Hub-Signature-256 does not fit the body.")
            return headers.get("x-github-delivery")
        case "STRIPE":
            _check_stripe(secret, headers.get("stripe-signature", ""), body, now)
            return None
        case "STANDARD_WEBHOOKS":
            return _check_standard(secret, headers, body, now)
    raise NotAuthorized("The endpoint takes no calls of this kind.")


def sign_standard(secret: str, message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a webhook in the form of Standard Webhooks; ``message`` is its id."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{_standard(secret, message, str(timestamp), body)}",
    }


def _check_stripe(secret: str, header: str, body: bytes, now: float) -> None:
    parts = [part.strip().partition("=") for part in header.split(",")]
    moment = next((value for name, _, value in parts if name == "t"), "")
    _check_moment(moment, now)
    wanted = _hex(secret.encode(), moment.encode() + b"." + body)
    if not any(_same(value, wanted) for name, _, value in parts if name == "v1"):
        raise NotAuthorized("Stripe-Signature does not fit the body.")


def _check_standard(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    message, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message:
        raise NotAuthorized("webhook-id is missing.")
    _check_moment(moment, now)
    wanted = _standard(secret, message, moment, body)
    given = [each.partition(",") for each in headers.get("webhook-signature", "").split()]
    if not any(_same(value, wanted) for version, _, value in given if version == "v1"):
        raise NotAuthorized("webhook-signature does not fit the body.")
    return message


def _check_moment(text: str, now: float) -> None:
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        raise NotAuthorized("The signature has no moment.")
    if abs(now - int(text)) > REPLAY_SECONDS:
        raise NotAuthorized(f"The signature is more than {REPLAY_SECONDS} seconds old, or ahead.")


def _standard(secret: str, message: str, moment: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = secret.encode()
    content = message.encode() + b"." + moment.encode() + b"." + body
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()


def _hex(key: bytes, content: bytes) -> str:
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
