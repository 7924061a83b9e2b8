"""Signature Version 4, verified: who sent this request, and that nobody changed it.

The canonical form and the signature are botocore's own, so that what botocore signs is what is
verified here; only the choice of headers is the client's, as its ``SignedHeaders`` says.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.credentials import Credentials
from django.conf import settings

from studio.aws.errors import (
    IncompleteSignatureException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    UnrecognizedClientException,
)
from studio.aws.model import TARGET_PREFIX, signing_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ALGORITHM = "AWS4-HMAC-SHA256"
CLOCK_SKEW = timedelta(minutes=5)
REQUIRED_HEADERS = ("host", "x-amz-target")
"""Headers that decide what is done: a signature that leaves one open would fit another request."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that was verified.

    ``is_single``: its client has put a number of its own on every attempt of every request, and
    signed it, so that the same signature never comes twice from it.
    """

    access_key_id: str
    signature: str
    signed_at: datetime
    is_single: bool


_SDK_NUMBERS = frozenset({"amz-sdk-invocation-id", "amz-sdk-request"})
_PARAMETER = re.compile(r"\s*([A-Za-z]+)=([^,\s]+)\s*")
_TIMESTAMP = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)


class _Headers(dict[str, str]):
    """Headers as botocore asks for them; repeated ones have been joined."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]


@dataclass(slots=True)
class _SignedRequest:
    """What the signer reads of a request. botocore's own takes as long to make as to sign."""

    url: str
    headers: _Headers
    context: dict[str, str]
    method: ClassVar[str] = "POST"
    params: ClassVar[None] = None


class _ClientsHeaders(SigV4Auth):
    """Signs just the headers that the client says it has signed, and the body that came."""

    def headers_to_sign(self, request: Any) -> Any:
        """All that the request has: it was made from the signed ones."""
        return request.headers

    def payload(self, request: Any) -> str:
        """The body's hash, which is known already."""
        return str(request.context["body_hash"])


def verify(
    headers: Mapping[str, str],
    query: str,
    body: bytes,
    find_secret: Callable[[str], str | None],
    now: datetime | None = None,
) -> Signed:
    """Check the signature of a ``POST /`` and say who signed it.

    Args:
        headers: by lower-case name, repeated ones joined with commas.
        query: the raw query string.
        find_secret: the secret of an access key in force, None where there is none.
        now: the server's clock, for tests.

    Raises:
        MissingAuthenticationTokenException, IncompleteSignatureException,
        InvalidSignatureException, UnrecognizedClientException: as AWS answers.
    """
    authorization = headers.get("authorization", "")
    if not authorization.startswith(ALGORITHM):
        raise MissingAuthenticationTokenException
    parameters = _read_parameters(authorization)
    service = signing_name(headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX))
    access_key_id, scope_date = _read_credential(parameters["Credential"], service)
    timestamp, signed_at = _read_timestamp(headers, scope_date, now or datetime.now(UTC))

    signed = parameters["SignedHeaders"].lower().split(";")
    for name in REQUIRED_HEADERS:
        if name not in signed:
            raise InvalidSignatureException(
                message=f"'{name}' must be a 'SignedHeader' in the AWS Authorization."
            )
    if "x-amz-date" in headers and "x-amz-date" not in signed:
        raise InvalidSignatureException(
            message="'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization."
        )
    # A hash that the client sends along is what it signed: it must be the hash of this body.
    claimed = headers.get("x-amz-content-sha256")
    body_hash = sha256(body).hexdigest()
    if claimed is not None and not hmac.compare_digest(claimed.encode(), body_hash.encode()):
        raise InvalidSignatureException

    secret = find_secret(access_key_id)
    if secret is None:
        raise UnrecognizedClientException
    request: Any = _SignedRequest(
        # The host that was signed is among the headers; this one only makes the URL whole.
        url=f"http://stepwell/?{query}",
        headers=_Headers({name: headers[name] for name in signed if name in headers}),
        context={"timestamp": timestamp, "body_hash": body_hash},
    )
    signer = _ClientsHeaders(Credentials(access_key_id, secret), service, settings.AWS_REGION)
    canonical = signer.canonical_request(request)
    expected = signer.signature(signer.string_to_sign(request, canonical), request)
    if not hmac.compare_digest(expected.encode(), parameters["Signature"].encode()):
        raise InvalidSignatureException
    return Signed(
        access_key_id=access_key_id,
        signature=expected,
        signed_at=signed_at,
        is_single=headers.keys() & _SDK_NUMBERS == _SDK_NUMBERS and set(signed) >= _SDK_NUMBERS,
    )


def _read_parameters(authorization: str) -> dict[str, str]:
    parameters = {}
    for part in authorization[len(ALGORITHM) :].split(","):
        match = _PARAMETER.fullmatch(part)
        if match is None:
            raise IncompleteSignatureException(
                message=f"'{part.strip()}' not a valid key=value pair (missing equal-sign) in "
                f"Authorization header: '{authorization}'."
            )
        parameters[match[1]] = match[2]
    missing = [p for p in ("Credential", "Signature", "SignedHeaders") if p not in parameters]
    if missing:
        needed = " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
        raise IncompleteSignatureException(message=f"{needed} Authorization={authorization}")
    return parameters


def _read_credential(credential: str, wanted: str) -> tuple[str, str]:
    """The access key's id and the date of the scope, which is to be of the service ``wanted``."""
    parts = credential.split("/")
    if len(parts) != 5:
        raise IncompleteSignatureException(
            message="Credential must have exactly 5 slash-delimited elements, e.g. "
            f"keyid/date/region/service/term, got '{credential}'"
        )
    access_key_id, date, region, service, terminator = parts
    if region != settings.AWS_REGION:
        raise InvalidSignatureException(
            message="Credential should be scoped to a valid region, "
            f"not '{region}': this installation is '{settings.AWS_REGION}'."
        )
    if service != wanted:
        raise InvalidSignatureException(
            message=f"Credential should be scoped to correct service: '{wanted}'."
        )
    if terminator != "aws4_request":
        raise InvalidSignatureException(
            message="Credential should be scoped with a valid terminator: 'aws4_request', "
            f"not '{terminator}'."
        )
    return access_key_id, date


def _read_timestamp(
    headers: Mapping[str, str], scope_date: str, now: datetime
) -> tuple[str, datetime]:
    """The moment of signing as the client wrote it and as it is, which must be near ``now``."""
    text = headers.get("x-amz-date")
    if text is None:
        raise IncompleteSignatureException(
            message="Authorization header requires existence of 'X-Amz-Date' header."
        )
    try:
        signed_at = _moment(text)
    except ValueError:
        raise IncompleteSignatureException(
            message=f"Date must be in ISO-8601 'basic format'. Got '{text}'."
        ) from None
    if scope_date != text[:8]:
        raise InvalidSignatureException(
            message=f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
            f"date from HTTP: '{scope_date}' != '{text[:8]}', from '{text}'."
        )
    if abs(signed_at - now) <= CLOCK_SKEW:
        return text, signed_at
    here = now.strftime(SIGV4_TIMESTAMP)
    if signed_at < now:
        earliest = (now - CLOCK_SKEW).strftime(SIGV4_TIMESTAMP)
        raise InvalidSignatureException(
            message=f"Signature expired: {text} is now earlier than {earliest} ({here} - 5 min.)"
        )
    latest = (now + CLOCK_SKEW).strftime(SIGV4_TIMESTAMP)
    raise InvalidSignatureException(
        message=f"Signature not yet current: {text} is still later than {latest} ({here} + 5 min.)"
    )


@lru_cache(maxsize=16)
def _moment(text: str) -> datetime:
    """What an X-Amz-Date says. Raises ValueError where it is none."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return datetime(*map(int, match.groups()), tzinfo=UTC)  # type: ignore[arg-type, misc]
