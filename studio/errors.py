"""Errors that a caller of an API sees.

A class is named as on the wire and its docstring is the message, as Step Functions words it; what
the error is about follows in quotation marks: ``State Machine Does Not Exist: 'arn:…'``. They
become HTTP in exactly two places: ``studio.rest.errors`` and ``studio.aws.protocol``.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.asl.diagnostics import Diagnostic


class ApiError(Exception):
    """The request cannot be carried out."""

    status: ClassVar[int] = 400
    """The HTTP status in AWS's protocol."""
    rest_status: ClassVar[int] = 400
    """The HTTP status in the REST API, which tells more apart."""

    def __init__(self, subject: str | None = None, *, message: str | None = None) -> None:
        """Make the error about ``subject``; ``message`` replaces the class's own words."""
        if message is None:
            message = inspect.getdoc(type(self)) or ""
            if subject is not None:
                message = f"{message}: '{subject}'"
        super().__init__(message)
        self.message = message
        self.headers: dict[str, str] = {}
        """What else the HTTP answer says, by names in small letters."""

    @property
    def members(self) -> dict[str, str]:
        """What AWS's model has in the error beside the message, by the model's names."""
        return {}

    @property
    def code(self) -> str:
        """The error's name on the wire."""
        return type(self).__name__


class ValidationException(ApiError):
    """The input does not satisfy the constraints of the operation."""

    def __init__(
        self, subject: str | None = None, *, message: str | None = None, reason: str = ""
    ) -> None:
        """Make the error; ``reason`` is one of the model's, where AWS gives one."""
        super().__init__(subject, message=message)
        self.reason = reason

    @property
    def members(self) -> dict[str, str]:
        """The reason, if there is one."""
        return {"reason": self.reason} if self.reason else {}


class AccessDenied(ApiError):
    """You are not allowed to do this."""

    rest_status = 403

    @property
    def code(self) -> str:
        """AWS's name for it."""
        return "AccessDeniedException"


class InvalidArn(ApiError):
    """Invalid Arn"""


class InvalidName(ApiError):
    """Invalid Name"""


class InvalidToken(ApiError):
    """Invalid Token"""


class MissingRequiredParameter(ApiError):
    """Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"""  # noqa: E501 - AWS's words


class InvalidLoggingConfiguration(ApiError):
    """Invalid Logging Configuration"""


class InvalidTracingConfiguration(ApiError):
    """Invalid Tracing Configuration"""


class InvalidEncryptionConfiguration(ApiError):
    """Invalid Encryption Configuration"""


class StateMachineAlreadyExists(ApiError):
    """State Machine Already Exists"""

    rest_status = 409


class StateMachineDeleting(ApiError):
    """State Machine is being deleted"""

    rest_status = 409


class StateMachineLimitExceeded(ApiError):
    """The maximum number of state machines has been reached."""


class StateMachineDoesNotExist(ApiError):
    """State Machine Does Not Exist"""

    rest_status = 404


class StateMachineTypeNotSupported(ApiError):
    """State Machine Type is not supported"""


class ConflictException(ApiError):
    """The request conflicts with what is there already."""

    rest_status = 409


class RevisionDoesNotExist(ApiError):
    """The state machine has no such revision"""

    rest_status = 404


class DraftDoesNotExist(ApiError):
    """There is no draft of this state machine"""

    rest_status = 404


class DraftChanged(ApiError):
    """The draft has been saved in another window since"""

    rest_status = 409


class ProposalDoesNotExist(ApiError):
    """There is no such proposal"""

    rest_status = 404


class ThreadDoesNotExist(ApiError):
    """The proposal has no such thread or comment"""

    rest_status = 404


class ProposalChanged(ApiError):
    """The proposal has been changed since"""

    rest_status = 409


class ProposalClosed(ApiError):
    """The proposal is published or cancelled already"""

    rest_status = 409


class ProposalNotReady(ApiError):
    """The proposal cannot be published yet"""

    rest_status = 409


class ProposalConflict(ApiError):
    """What is proposed does not go together with what was published since"""

    rest_status = 409


class OwnProposal(ApiError):
    """Nobody approves what they have written"""

    rest_status = 403


class SuggestionDoesNotFit(ApiError):
    """The place that the suggestion is for has changed"""

    rest_status = 409


class ReviewRequired(ApiError):
    """Changes of this state machine are reviewed before they run"""

    rest_status = 403


class ServiceQuotaExceededException(ApiError):
    """The request would exceed a quota."""


class ActivityDoesNotExist(ApiError):
    """Activity Does Not Exist"""

    rest_status = 404


class ActivityLimitExceeded(ApiError):
    """The maximum number of activities has been reached."""


class ResourceNotFound(ApiError):
    """Resource not found"""

    rest_status = 404


class TooManyTags(ApiError):
    """You've exceeded the number of tags allowed for a resource."""


NOT_OF_THIS_TYPE = "This operation is not supported by this type of state machine"
"""What a StateMachineTypeNotSupported says of an operation."""


class InvalidDefinition(ApiError):
    """Invalid State Machine Definition"""

    def __init__(
        self,
        subject: str | None = None,
        diagnostics: Sequence[Diagnostic] = (),
        *,
        message: str | None = None,
    ) -> None:
        """Make the error from every diagnostic; ``subject`` is all of them as one text.

        ``message`` replaces the class's own words where no place in the definition is to blame.
        """
        super().__init__(subject, message=message)
        self.diagnostics = tuple(diagnostics)
