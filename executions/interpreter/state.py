"""What an execution is between two commands: small, explicit, a value that can be stored.

An ``ExecutionState`` is never changed once a Transition has handed it out. ``encode`` writes it as
JSON text and ``decode`` reads it back: ``decode(encode(state)) == state``.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from executions.interpreter.debugging.debugger import debugger_from_json, debugger_to_json
from executions.interpreter.frame import (
    ChildrenWait,
    Frame,
    MapRunWait,
    PauseWait,
    TaskWait,
    TimerWait,
)
from executions.interpreter.payload import Payload
from executions.interpreter.value import value
from executions.interpreter.variables import Variables

if TYPE_CHECKING:
    from executions.interpreter.debugging.debugger import Debugger
    from executions.interpreter.frame import Wait
    from executions.interpreter.variables import Assigned

VERSION: Final = 1
"""The snapshot's format: a new release reads what an old one wrote."""

Status = Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]


@value
class Identity:
    """Who an execution is: what ``$$.Execution`` and ``$$.StateMachine`` say of it, and which
    version and alias it was started by, if any.
    """

    execution_arn: str
    execution_name: str
    role_arn: str
    state_machine_arn: str
    state_machine_name: str
    state_machine_version_arn: str | None = None
    state_machine_alias_arn: str | None = None


@value
class ExecutionState:
    """A whole execution. Treat everything in it as immutable.

    ``frames`` holds the live scopes by number. An execution that has ended has none left, or, if
    it did not succeed, those that a redrive would go on with; none of them waits for anything.
    ``runnable`` lists the frames that can go on, in their turn: only a Transition with ``more``
    leaves any. ``output``, ``error`` and ``cause`` are set by the end. ``now`` is the moment of the
    latest event: time never runs backwards in a history. ``redriven_at`` is when the latest
    redrive was asked for. ``debugger`` is None where nobody debugs it.
    ``waiting`` is an index of ``frames``: which of them waits for an attempt or a Map Run (by the
    number of the event that began it), for a timer of its own (by its name), or to be told to go
    on (by the name of its pause).
    """

    identity: Identity
    status: Status = "RUNNING"
    started_at: float = 0.0
    now: float = 0.0
    last_event_id: int = 0
    next_frame: int = 0
    redrive_count: int = 0
    redriven_at: float | None = None
    input: Payload | None = None
    frames: dict[int, Frame] = field(default_factory=dict)
    runnable: tuple[int, ...] = ()
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    debugger: Debugger | None = None
    waiting: dict[int | str, int] = field(default_factory=dict)

    def waiting_frame(self, awaited: int | str) -> Frame | None:
        """Give the frame that waits for this attempt, run or timer, or None: that is over."""
        frame = self.waiting.get(awaited)
        return None if frame is None else self.frames[frame]


def awaited_by(frame: Frame) -> int | str | None:
    """Give the attempt, run, timer or end of a pause a frame waits for; None: none of them."""
    wait = frame.wait
    if isinstance(wait, TaskWait):
        return wait.task
    if isinstance(wait, MapRunWait):
        return None if wait.is_over else wait.run
    if isinstance(wait, PauseWait):
        return wait.name
    return wait.timer if isinstance(wait, TimerWait) else None


def encode(state: ExecutionState) -> str:
    """Write a state as JSON text. A payload is written once, however many frames share it."""
    texts: dict[str, int] = {}
    scopes: dict[int, tuple[int, Assigned]] = {}

    def refer(payload: Payload | None) -> int | None:
        return None if payload is None else texts.setdefault(payload.text, len(texts))

    def refer_to_variables(variables: Variables | None) -> int | None:
        # A frame shares its parent's variables until it assigns its own.
        if variables is None:
            return None
        return scopes.setdefault(id(variables), (len(scopes), variables.payloads))[0]

    frames = [_frame_to_json(frame, refer, refer_to_variables) for frame in state.frames.values()]

    document = {
        "v": VERSION,
        "identity": _identity_to_json(state.identity),
        "status": state.status,
        "startedAt": state.started_at,
        "now": state.now,
        "lastEventId": state.last_event_id,
        "nextFrame": state.next_frame,
        "redriveCount": state.redrive_count,
        "redrivenAt": state.redriven_at,
        "input": refer(state.input),
        "frames": frames,
        "runnable": state.runnable,
        "output": state.output,
        "error": state.error,
        "cause": state.cause,
        # No release has used these two, but those before the debugger look for them.
        "breakpoints": [],
        "paused": False,
        "variables": [
            {name: refer(each) for name, each in payloads.items()}
            for _, payloads in scopes.values()
        ],
        "payloads": list(texts),
    }
    if state.debugger is not None:
        document["debugger"] = debugger_to_json(state.debugger)
    return orjson.dumps(document).decode()


def decode(text: str) -> ExecutionState:
    """Read a state that ``encode`` wrote. Raises ValueError for a version it does not know."""
    document = orjson.loads(text)
    if document["v"] != VERSION:
        raise ValueError(f"This is a snapshot of version {document['v']}, not {VERSION}")
    payloads = [Payload.of_text(each) for each in document["payloads"]]

    def find(index: int | None) -> Payload | None:
        return None if index is None else payloads[index]

    scopes = [
        Variables({name: payloads[index] for name, index in each.items()})
        for each in document.get("variables", ())
    ]
    frames = [_frame_from_json(each, find, scopes) for each in document["frames"]]
    return ExecutionState(
        identity=Identity(**document["identity"]),
        status=document["status"],
        started_at=document["startedAt"],
        now=document["now"],
        last_event_id=document["lastEventId"],
        next_frame=document["nextFrame"],
        redrive_count=document["redriveCount"],
        redriven_at=document.get("redrivenAt"),
        input=find(document["input"]),
        frames={frame.id: frame for frame in frames},
        runnable=tuple(document["runnable"]),
        output=document["output"],
        error=document["error"],
        cause=document["cause"],
        debugger=(debugger_from_json(document["debugger"]) if "debugger" in document else None),
        # What an end found paused waits for a redrive.
        waiting={
            awaited: frame.id for frame in frames if (awaited := awaited_by(frame)) is not None
        }
        if document["status"] == "RUNNING"
        else {},
    )


def _identity_to_json(identity: Identity) -> dict[str, str]:
    document = {
        "execution_arn": identity.execution_arn,
        "execution_name": identity.execution_name,
        "role_arn": identity.role_arn,
        "state_machine_arn": identity.state_machine_arn,
        "state_machine_name": identity.state_machine_name,
    }
    if identity.state_machine_version_arn is not None:
        document["state_machine_version_arn"] = identity.state_machine_version_arn
    if identity.state_machine_alias_arn is not None:
        document["state_machine_alias_arn"] = identity.state_machine_alias_arn
    return document


def _frame_to_json(frame: Frame, refer: Any, refer_to_variables: Any) -> dict[str, Any]:
    document = {
        "id": frame.id,
        "parent": frame.parent,
        "scope": frame.scope,
        "index": frame.index,
        "state": frame.state,
        "input": refer(frame.input),
        "enteredId": frame.entered_id,
        "enteredAt": frame.entered_at,
        "lastId": frame.last_id,
        "item": refer(frame.item),
        "retries": frame.retries,
        "wait": _wait_to_json(frame.wait),
        "variables": refer_to_variables(frame.variables),
        "began": frame.began,
    }
    if frame.is_member:
        document["isMember"] = True
    return document


def _frame_from_json(document: dict[str, Any], find: Any, scopes: list[Variables]) -> Frame:
    retries = document["retries"]
    variables = document["variables"]
    return Frame(
        document["id"],
        document["parent"],
        document["scope"],
        document["index"],
        document["state"],
        find(document["input"]),
        document["enteredId"],
        document["enteredAt"],
        document["lastId"],
        find(document["item"]),
        None if retries is None else tuple(retries),
        _wait_from_json(document["wait"]),
        None if variables is None else scopes[variables],
        tuple(document.get("began", (0, 0))),
        document.get("isMember", False),
    )


def _wait_to_json(wait: Wait | None) -> dict[str, Any] | None:
    match wait:
        case None:
            return None
        case TaskWait():
            return {
                "for": "task",
                "task": wait.task,
                "started": wait.started,
                "submitted": wait.submitted,
                "timeout": wait.timeout,
                "heartbeat": wait.heartbeat,
                "timed": wait.timed,
                "heard_at": wait.heard_at,
                "has_token": wait.has_token,
            }
        case TimerWait(timer):
            return {"for": "timer", "timer": timer}
        case PauseWait():
            return _pause_to_json(wait)
        case MapRunWait():
            return {
                "for": "mapRun",
                "run": wait.run,
                "arn": wait.arn,
                "redrives": wait.redrives,
                "is_over": wait.is_over,
            }
        case ChildrenWait():
            return {
                "for": "children",
                "results": [result and result.text for result in wait.results],
                "started": wait.started,
                "finished": wait.finished,
                "concurrency": wait.concurrency,
            }


def _wait_from_json(document: dict[str, Any] | None) -> Wait | None:
    if document is None:
        return None
    rest = dict(document)
    kind = rest.pop("for")
    if kind == "task":
        return _old_task_wait(rest) if "has_timeout" in rest else TaskWait(**rest)
    if kind == "timer":
        return TimerWait(**rest)
    if kind == "pause":
        return _pause_from_json(rest)
    if kind == "mapRun":
        return MapRunWait(**rest)
    rest["results"] = [None if text is None else Payload.of_text(text) for text in rest["results"]]
    return ChildrenWait(**rest)


def _pause_to_json(wait: PauseWait) -> dict[str, Any]:
    assigned = wait.assigned
    return {
        "for": "pause",
        "name": wait.name,
        "where": wait.where,
        "since": wait.since,
        "reason": wait.reason,
        "by": wait.by,
        "problem": wait.problem,
        "output": None if wait.output is None else wait.output.text,
        "following": wait.following,
        "assigned": assigned and {name: each.text for name, each in assigned.items()},
        "is_checked": wait.is_checked,
        "halted": _wait_to_json(wait.halted),
    }


def _pause_from_json(document: dict[str, Any]) -> PauseWait:
    output, assigned = document["output"], document["assigned"]
    return PauseWait(
        **{
            **document,
            "output": None if output is None else Payload.of_text(output),
            "assigned": assigned
            and {name: Payload.of_text(text) for name, text in assigned.items()},
            "halted": _wait_from_json(document["halted"]),
        }
    )


def _old_task_wait(document: dict[str, Any]) -> TaskWait:
    """Read what an older release wrote, which did not keep how many seconds timers had.

    Its timers were set when it was scheduled and run still; that each is there is all the machine
    needs to know, so 0 stands for how long.
    """
    return TaskWait(
        document["task"],
        document["started"],
        document["submitted"],
        timeout=0 if document["has_timeout"] else None,
        heartbeat=0 if document["has_heartbeat"] else None,
        timed=document["has_timeout"] or document["has_heartbeat"],
        has_token=document["token"] is not None,
    )
