"""AWS's rules for the names of what clients create, and for ARNs in requests."""

from __future__ import annotations

import re

from studio import arns
from studio.errors import (
    ActivityDoesNotExist,
    InvalidArn,
    InvalidName,
    StateMachineDoesNotExist,
    ValidationException,
)

MAX_NAME_LENGTH = 80

# White space, brackets, wildcards, special characters, control characters, surrogates, and the
# code points that AWS calls invalid: https://docs.aws.amazon.com/step-functions/latest/apireference
_FORBIDDEN = re.compile(
    r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U0010ffff]"""
)

# No ARN has one, and PostgreSQL's text cannot hold the first of them.
_CONTROL = re.compile(r"[\x00-\x1f]")


def check_name(name: str) -> None:
    """Refuse what AWS does not take as a name, with InvalidName."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH or _FORBIDDEN.search(name):
        raise InvalidName(name)


def invalid_arn(arn: str, wanted: str) -> InvalidArn:
    """What is wrong with ``arn``, which was to be one of the kind ``wanted``."""
    parts = arn.split(":", 6)
    arn = _CONTROL.sub(chr(0xFFFD), arn)
    if parts[0] != "arn" or len(parts) < 7 or parts[2] != "states":
        return InvalidArn(f"Invalid ARN prefix: {arn}")
    if parts[5] != wanted:
        return InvalidArn(f"Resource type not valid in this context: {parts[5]}")
    return InvalidArn(f"Invalid ARN: {arn}")


def state_machine_name(arn: str) -> str:
    """The name in the ARN of a state machine of this installation.

    Raises:
        InvalidArn: it is no ARN of a state machine.
        ValidationException: it names a Map state in one: ``NAME/LABEL``.
        StateMachineDoesNotExist: it belongs to another account or region.
    """
    try:
        name = arns.parse_state_machine_arn(arn)
    except arns.InvalidStatesArn:
        raise invalid_arn(arn, "stateMachine") from None
    check_characters(arn)
    if "/" in name:
        raise ValidationException(
            message=f"This operation does not support the ARN of a Map state: '{arn}'",
            reason="API_DOES_NOT_SUPPORT_LABELED_ARNS",
        )
    if not arns.is_local(arn):
        raise StateMachineDoesNotExist(arn)
    return name


def qualified_name(arn: str) -> tuple[str, str | None]:
    """The name in the ARN of a state machine, and the version or alias after it; None: neither.

    Raises:
        InvalidArn, StateMachineDoesNotExist: as ``state_machine_name`` does.
    """
    name, colon, qualifier = state_machine_name(arn).partition(":")
    return name, qualifier if colon else None


def activity_name(arn: str) -> str:
    """The name in the ARN of an activity of this installation.

    Raises:
        InvalidArn: it is no ARN of an activity.
        ActivityDoesNotExist: it belongs to another account or region.
    """
    try:
        name = arns.parse_activity_arn(arn)
    except arns.InvalidStatesArn:
        raise invalid_arn(arn, "activity") from None
    check_characters(arn)
    if not arns.is_local(arn):
        raise ActivityDoesNotExist(arn)
    return name


def check_role_arn(arn: str) -> None:
    """Refuse, with InvalidArn, what is no ARN. Which role it names matters to nobody here."""
    check_characters(arn)
    if not arn.startswith("arn:") or arn.count(":") < 5:
        raise InvalidArn(f"Invalid ARN prefix: {arn}")


def check_characters(arn: str) -> None:
    """Refuse control characters in an ARN, with InvalidArn."""
    if _CONTROL.search(arn):
        raise InvalidArn(f"Invalid ARN: {_CONTROL.sub(chr(0xFFFD), arn)}")
