"""Errors of the protocol itself, before an operation is reached. Names and words are AWS's."""

from __future__ import annotations

import math

from studio.errors import ApiError


class UnknownOperationException(ApiError):
    """The requested operation is not known"""


class SerializationException(ApiError):
    """The request could not be read"""


class RequestEntityTooLarge(ApiError):
    """The request is too large"""

    status = 413


class MissingAuthenticationTokenException(ApiError):
    """Missing Authentication Token"""


class IncompleteSignatureException(ApiError):
    """Authorization header requires 'Credential' parameter."""


class InvalidSignatureException(ApiError):
    """The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."""  # noqa: E501 - AWS's words


class UnrecognizedClientException(ApiError):
    """The security token included in the request is invalid."""


class ThrottlingException(ApiError):
    """Rate exceeded"""

    def __init__(
        self, subject: str | None = None, *, message: str | None = None, retry_after: float = 1.0
    ) -> None:
        """Make the error; ``retry_after`` is in how many seconds it is worth to try again."""
        super().__init__(subject, message=message)
        self.headers = {"retry-after": str(max(1, math.ceil(retry_after)))}


class ServiceUnavailable(ApiError):
    """The database does not answer; nothing is known to be lost. Try again in a moment."""

    status = 503
    rest_status = 503


class InternalFailure(ApiError):
    """The request processing has failed because of an unknown error, exception or failure."""

    status = 500
