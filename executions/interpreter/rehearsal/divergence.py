"""Where a replay went another way than the execution that was recorded, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from executions.interpreter.rehearsal.differences import NOTHING, Difference, differences, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.interpreter.rehearsal.places import Place, ScopeName
    from executions.interpreter.rehearsal.recording import Recording, Visit
    from executions.interpreter.rehearsal.rehearsal import Rehearsed

WEIGHTY: Final = frozenset({"PATH", "TASK", "NO_RESULT", "STATUS", "OUTPUT", "ERROR", "CAUSE"})
"""The kinds that make a replay another one. DATA alone, which came to nothing, does not."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """One thing that was otherwise.

    ``kind``: PATH (another state was entered after ``place``), TASK (the attempt at ``place`` was
    asked for with other parameters or of another resource), DATA (the state at ``place`` gave
    another output), NO_RESULT (it asks for what was not recorded), STATUS, OUTPUT, ERROR, CAUSE
    (of the execution). ``scope`` is the branch or the iteration it is in, as ``Fan[1]``; None at
    the top level. ``recorded`` and ``replayed`` are JSON texts, or for PATH names of states; None:
    nothing. ``event`` is the recorded event that it is about, 0 for the end.
    """

    kind: str
    place: str | None
    scope: str | None
    pointer: str
    recorded: str | None
    replayed: str | None
    event: int
    message: str = ""


class Run(NamedTuple):
    """An execution, as recorded or replayed, and the scopes of the definition it ran."""

    recording: Recording
    scopes: Mapping[str, tuple[ScopeName, ...]]


Group = tuple["tuple[ScopeName, ...]", tuple[int, ...]]


def find_divergences(
    recorded: Run, replayed: Run, end: Rehearsed, again: Run | None = None
) -> list[Divergence]:
    """Compare, scope by scope; the first divergence of each scope, in the order they were recorded.

    ``again`` is the replay with another draw: what the two do not agree on is chance.
    """
    ours, theirs = _groups(recorded), _groups(replayed)
    others = {} if again is None else _groups(again)
    found: list[Divergence] = []
    strayed: set[Group] = set()
    for group in sorted({*ours, *theirs}, key=lambda each: (len(each[0]), each)):
        if _parent(group) in strayed:
            strayed.add(group)
            continue
        before, after = ours.get(group, []), theirs.get(group, [])
        stray = _stray(group, before, after)
        if stray is not None:
            strayed.add(group)
            if end.stop is None or stray.replayed is not None:
                found.append(stray)
        found += _data(group, before, after, others.get(group))
    found += _tasks(recorded.recording, replayed.recording, again)
    found.sort(key=lambda each: each.event)
    return found + _ends(recorded.recording, end, again)


def _groups(run: Run) -> dict[Group, list[Visit]]:
    groups: dict[Group, list[Visit]] = {}
    for visit in run.recording.visits:
        scope = run.scopes.get(visit.place.state, ())
        groups.setdefault((scope, visit.place.iterations), []).append(visit)
    return groups


def _parent(group: Group) -> Group:
    """Give the scope around."""
    scope, iterations = group
    if not scope:
        return group
    return scope[:-1], iterations[:-1] if scope[-1].is_iterated else iterations


def _name(group: Group) -> str | None:
    scope, iterations = group
    if not scope:
        return None
    if scope[-1].is_iterated:
        return scope[-1].state + "".join(f"[{index}]" for index in iterations)
    return f"{scope[-1].state}[{scope[-1].branch}]"


def _stray(group: Group, before: list[Visit], after: list[Visit]) -> Divergence | None:
    for index in range(max(len(before), len(after))):
        one = before[index] if index < len(before) else None
        other = after[index] if index < len(after) else None
        if one is not None and other is not None and one.place.state == other.place.state:
            continue
        last = before[index - 1] if index else None
        place = None if last is None else str(last.place)
        was = None if one is None else one.place.state
        will = None if other is None else other.place.state
        event = one.entered if one is not None else (last.entered if last is not None else 0)
        came = f"After {place} it" if place else "It"
        return Divergence(
            "PATH",
            place,
            _name(group),
            "",
            was,
            will,
            event,
            f"{came} went on with {was or 'nothing'}, and would go on with {will or 'nothing'}.",
        )
    return None


def _data(
    group: Group, before: list[Visit], after: list[Visit], others: list[Visit] | None
) -> list[Divergence]:
    for index, (one, other) in enumerate(zip(before, after, strict=False)):
        if one.place != other.place:
            break
        again: Any = NOTHING
        if others is not None and index < len(others) and others[index].place == other.place:
            again = read(others[index].output)
        found = differences(read(one.output), read(other.output), again)
        if found and other.output is not None and one.output is not None:
            return [
                Divergence("DATA", str(one.place), _name(group), *each, one.exited or one.entered)
                for each in found
            ]
    return []


def _tasks(recorded: Recording, replayed: Recording, again: Run | None) -> list[Divergence]:
    ours, theirs = recorded.attempts_at(), replayed.attempts_at()
    others = {} if again is None else again.recording.attempts_at()
    found = []
    for place, attempts in theirs.items():
        for number, attempt in enumerate(attempts):
            was = ours.get(place, [])[number : number + 1]
            if not was:
                continue  # The rehearsal has stopped here, and says so.
            drawn = others.get(place, [])[number : number + 1]
            again_read = read(drawn[0].parameters) if drawn else NOTHING
            changed = differences(read(was[0].parameters), read(attempt.parameters), again_read)
            if was[0].resource != attempt.resource:
                changed.insert(0, Difference("", was[0].resource, attempt.resource))
            if changed:
                found += [_task(place, each, was[0].scheduled.event) for each in changed]
                break
    return found


def _task(place: Place, each: Difference, event: int) -> Divergence:
    return Divergence("TASK", str(place), None, *each, event, "The task would be asked otherwise.")


def _ends(recorded: Recording, end: Rehearsed, again: Run | None) -> list[Divergence]:
    if end.stop is not None:
        place = None if end.stop.place is None else str(end.stop.place)
        return [Divergence("NO_RESULT", place, None, "", None, None, 0, end.stop.message)]
    drawn = again.recording if again is not None else None
    found = []
    for kind, was, now, other in (
        ("STATUS", recorded.status, end.status, drawn and drawn.status),
        ("ERROR", recorded.error, end.error, drawn and drawn.error),
        ("CAUSE", recorded.cause, end.cause, drawn and drawn.cause),
    ):
        again_read: Any = NOTHING if drawn is None else other
        found += [
            Divergence(kind, None, None, *each, 0) for each in differences(was, now, again_read)
        ]
    again_read = NOTHING if drawn is None else read(drawn.output)
    found += [
        Divergence("OUTPUT", None, None, *each, 0)
        for each in differences(read(recorded.output), read(end.output), again_read)
    ]
    return found
