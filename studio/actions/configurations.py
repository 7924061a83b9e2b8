"""The logging, tracing and encryption configurations of a state machine.

They are checked and kept as the client gave them; AWS's defaults are filled in when read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from django.conf import settings
from django.utils.module_loading import import_string

from studio.errors import (
    InvalidEncryptionConfiguration,
    InvalidLoggingConfiguration,
    InvalidTracingConfiguration,
)

if TYPE_CHECKING:
    from studio.models import StateMachine

Configuration = dict[str, Any]

LOGGING_DEFAULTS: Configuration = {"level": "OFF", "includeExecutionData": False}
TRACING_DEFAULTS: Configuration = {"enabled": False}
ENCRYPTION_DEFAULTS: Configuration = {"type": "AWS_OWNED_KEY"}

_LOG_GROUP = re.compile(
    r"arn:aws[a-z-]*:logs:([a-z0-9-]*):\d*:log-group:([\w./#-]{1,512})(?::\*)?", re.ASCII
)


class LogGroup(NamedTuple):
    """A log group of CloudWatch Logs; ``region`` is empty where its ARN names none."""

    name: str
    region: str


def check_logging(configuration: Configuration) -> None:
    """Refuse what AWS refuses: a level without exactly one log group.

    Whether that is there ``check_log_group`` asks.
    """
    destinations = configuration.get("destinations") or []
    logs = configuration.get("level", "OFF") != "OFF"
    if len(destinations) > 1 or (logs and not destinations):
        raise InvalidLoggingConfiguration(
            message="Invalid Logging Configuration: Must specify exactly one Log Destination."
        )
    if destinations and log_group_of(configuration) is None:
        raise _not_found()


def check_log_group(configuration: Configuration | None) -> None:
    """Refuse a log group that is not there, as AWS does.

    Who asks may wait for seconds: whoever takes a configuration from outside calls this before a
    transaction begins, for nothing should be locked meanwhile.
    """
    if configuration is None or configuration.get("level", "OFF") == "OFF":
        return
    group = log_group_of(configuration)
    if group is not None and not import_string(settings.LOG_GROUP_IS_THERE)(group):
        raise _not_found()


def _not_found() -> InvalidLoggingConfiguration:
    return InvalidLoggingConfiguration(
        message="Invalid Logging Configuration: Log Destination not found."
    )


def log_group_of(configuration: Configuration) -> LogGroup | None:
    """The log group that the configuration's destination names; None: it names none."""
    for destination in configuration.get("destinations") or ():
        arn = (destination.get("cloudWatchLogsLogGroup") or {}).get("logGroupArn") or ""
        if match := _LOG_GROUP.fullmatch(arn):
            return LogGroup(match[2], match[1])
    return None


def check_tracing(configuration: Configuration) -> None:
    """Refuse a configuration that does not say whether to trace."""
    if "enabled" not in configuration:
        raise InvalidTracingConfiguration(
            message="Invalid Tracing Configuration: 'enabled' must be true or false."
        )


def check_encryption(configuration: Configuration) -> None:
    """Refuse keys of the caller's own: there is no key service to take them from."""
    if configuration.get("type") != ENCRYPTION_DEFAULTS["type"]:
        raise InvalidEncryptionConfiguration(
            message="Invalid Encryption Configuration: only AWS_OWNED_KEY is supported here."
        )


def as_text(configuration: Configuration | None) -> str:
    """The form that is stored; "" for what was not given, or says nothing."""
    return orjson.dumps(configuration).decode() if configuration else ""


def logging_of(machine: StateMachine) -> Configuration:
    """The logging configuration as DescribeStateMachine shows it."""
    return _read(machine.logging_configuration, LOGGING_DEFAULTS)


def tracing_of(machine: StateMachine) -> Configuration:
    """The tracing configuration as DescribeStateMachine shows it."""
    return _read(machine.tracing_configuration, TRACING_DEFAULTS)


def encryption_of(machine: StateMachine) -> Configuration:
    """The encryption configuration as DescribeStateMachine shows it."""
    return _read(machine.encryption_configuration, ENCRYPTION_DEFAULTS)


def _read(text: str, defaults: Configuration) -> Configuration:
    return {**defaults, **orjson.loads(text)} if text else dict(defaults)
