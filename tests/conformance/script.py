"""What a case says that its tasks answer, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

Case = dict[str, Any]
"""A case as its file has it; ``tests/conformance/README.md`` says what it may hold."""


@dataclass(frozen=True)
class Answer:
    """One thing that the outside says of an attempt, ``after`` seconds of the attempt's life.

    ``text`` is the JSON text of a submission or a success; ``error`` and ``cause`` are a failure's;
    ``worker`` is who took an activity's task up.
    """

    kind: Literal["started", "heartbeat", "submitted", "succeeded", "failed"]
    after: float
    text: str = ""
    error: str | None = None
    cause: str | None = None
    worker: str | None = None


class Script:
    """The answers of one case, handed out attempt by attempt; it keeps what was asked."""

    def __init__(self, case: Case) -> None:
        self._answers = {name: list(each) for name, each in case.get("tasks", {}).items()}
        self.requests: list[dict[str, Any]] = []

    def answers(self, state_name: str, parameters: str) -> list[Answer]:
        """What is said of the next attempt of this state."""
        self.requests.append({"state": state_name, "parameters": json.loads(parameters)})
        answers = self._answers.get(state_name)
        assert answers, f"The case has no answer for another attempt of {state_name}"
        answer = answers.pop(0)
        said = []
        if "started" in answer:
            said.append(Answer("started", answer["started"], worker=answer.get("worker")))
        said += [Answer("heartbeat", after) for after in answer.get("heartbeats", ())]
        if "submitted" in answer:
            said.append(Answer("submitted", 0, json.dumps(answer["submitted"])))
        if answer.get("never"):
            return said
        after = answer.get("after", 0)
        if answer.keys() & {"output", "outputText", "letters"}:
            text = answer.get("outputText") or json.dumps(answer.get("output"))
            if "letters" in answer:
                text = json.dumps("a" * answer["letters"])
            said.append(Answer("succeeded", after, text))
        else:
            said.append(
                Answer("failed", after, error=answer.get("error"), cause=answer.get("cause"))
            )
        return said
