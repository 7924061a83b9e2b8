"""Commands as inbox rows, and back.

A row carries everything of a command but the clock and the seed, which belong to the turn that
applies it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from executions.interpreter import messages
from executions.interpreter.debugging import commands
from executions.interpreter.debugging.breakpoint import Breakpoint
from executions.interpreter.value import value

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from executions.interpreter.debugging.commands import DebuggingCommand


@value
class Message:
    """A command on its way: ``command`` is its class name, ``key`` the timer or task it is about.

    ``body`` is the result of a task or a Map Run as JSON text, or a JSON object with error and
    cause, or a worker's name, or the moment of a sign of life or of a redrive, or a JSON object
    with what else a debugger's command says, or "".
    """

    command: str
    key: str = ""
    body: str = ""


def task_started(task: int, worker: str | None) -> Message:
    """The message for an attempt that ``worker`` took up, where it gave a name."""
    return Message("TaskStarted", str(task), worker or "")


def task_heartbeat(task: int, at: float) -> Message:
    """The message for a sign of life at ``at``, in seconds since the epoch."""
    return Message("TaskHeartbeat", str(task), repr(at))


def task_succeeded(task: int, output: str) -> Message:
    """The message for an attempt's result."""
    return Message("TaskSucceeded", str(task), output)


def task_submitted(task: int, output: str) -> Message:
    """The message for the answer of a call whose outcome comes later."""
    return Message("TaskSubmitted", str(task), output)


def task_failed(task: int, error: str | None, cause: str | None) -> Message:
    """The message for an attempt's failure."""
    return Message("TaskFailed", str(task), _failure(error, cause))


def stop_execution(error: str | None, cause: str | None) -> Message:
    """The message for StopExecution."""
    return Message("StopExecution", "", _failure(error, cause))


def redrive_execution(redriven_at: datetime) -> Message:
    """The message for RedriveExecution, asked for at ``redriven_at``."""
    return Message("RedriveExecution", "", repr(redriven_at.timestamp()))


def debugging_message(command: DebuggingCommand) -> Message:
    """The message for a debugger's command; its clock and seed are those of its turn."""
    members = asdict(command)
    del members["now"], members["seed"]
    at = members.pop("at", "")
    return Message(type(command).__name__, at, orjson.dumps(members).decode())


def map_run_succeeded(run: int, output: str) -> Message:
    """The message for a Map Run's result."""
    return Message("MapRunSucceeded", str(run), output)


def map_run_failed(run: int, error: str | None, cause: str | None) -> Message:
    """The message for a Map Run that failed."""
    return Message("MapRunFailed", str(run), _failure(error, cause))


START = Message("StartExecution")
CONTINUE = Message("Continue")


def _failure(error: str | None, cause: str | None) -> str:
    return orjson.dumps({"error": error, "cause": cause}).decode()


def to_command(message: Message, now: float, seed: str, execution_input: str) -> messages.Command:
    """The command a message stands for, in a turn at ``now``.

    ``execution_input`` is used by StartExecution alone: the row does not repeat it.
    """
    return _READERS[message.command](message, now, seed, execution_input)


def _read_failed(message: Message, now: float, seed: str, _: str) -> messages.Command:
    body = orjson.loads(message.body)
    return messages.TaskFailed(now, seed, int(message.key), body["error"], body["cause"])


def _read_map_run_failed(message: Message, now: float, seed: str, _: str) -> messages.Command:
    body = orjson.loads(message.body)
    return messages.MapRunFailed(now, seed, int(message.key), body["error"], body["cause"])


def _read_stop(message: Message, now: float, seed: str, _: str) -> messages.Command:
    body = orjson.loads(message.body)
    return messages.StopExecution(now, seed, body["error"], body["cause"])


def _read_debugging(message: Message, now: float, seed: str, _: str) -> messages.Command:
    body = orjson.loads(message.body)
    if message.command == "SetBreakpoint":
        return commands.SetBreakpoint(now, seed, Breakpoint(**body["breakpoint"]))
    command = _DEBUGGING[message.command]
    if command in _AT_FRAMES:
        body["at"] = message.key
    return command(now, seed, **body)


_DEBUGGING: dict[str, Callable[..., DebuggingCommand]] = {
    each.__name__: each for each in commands.ALL
}
_AT_FRAMES = frozenset(
    {
        commands.ResumeExecution,
        commands.EditPaused,
        commands.SkipState,
        commands.FailState,
        commands.RetryState,
    }
)
_READERS: dict[str, Callable[[Message, float, str, str], messages.Command]] = {
    "StartExecution": lambda _, now, seed, text: messages.StartExecution(now, seed, text),
    "Continue": lambda _, now, seed, __: messages.Continue(now, seed),
    "TaskStarted": lambda m, now, seed, _: messages.TaskStarted(
        now, seed, int(m.key), m.body or None
    ),
    "TaskHeartbeat": lambda m, now, seed, _: messages.TaskHeartbeat(
        now, seed, int(m.key), float(m.body)
    ),
    "TaskSubmitted": lambda m, now, seed, _: messages.TaskSubmitted(now, seed, int(m.key), m.body),
    "TaskSucceeded": lambda m, now, seed, _: messages.TaskSucceeded(now, seed, int(m.key), m.body),
    "TaskFailed": _read_failed,
    "MapRunSucceeded": lambda m, now, seed, _: messages.MapRunSucceeded(
        now, seed, int(m.key), m.body
    ),
    "MapRunFailed": _read_map_run_failed,
    "FireTimer": lambda m, now, seed, _: messages.FireTimer(now, seed, m.key),
    "StopExecution": _read_stop,
    **dict.fromkeys(_DEBUGGING, _read_debugging),
    "RedriveExecution": lambda m, now, seed, _: messages.RedriveExecution(now, seed, float(m.body)),
}
