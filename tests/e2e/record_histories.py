"""Record the histories of every example anew: frontend/src/history/recorded/*.json.

    .venv/bin/python -m tests.e2e.record_histories

Each input of each example is run to its end by a whole installation, one is stopped half way and
one is redriven. The front end's tests fold them event by event. Long payloads are cut: what they
say is not what is tested.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from studio.config.embedded.roles import PROJECT
from tests.e2e.installation import boto3_client, running_stack
from tests.e2e.workflows import Workflows, wait_until

FOLDER = PROJECT / "frontend" / "src" / "history" / "recorded"
MOST = 48
"""Characters that are kept of a payload."""


def main() -> None:
    """Run everything on an installation of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="stepwell-histories-") as folder,
        running_stack(Path(folder) / "var") as stack,
        boto3_client(stack) as sfn,
    ):
        record(Workflows(sfn, Path(folder)))


def record(workflows: Workflows) -> None:
    """Run each example with each of its inputs, and keep what happened."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for manifest in sorted((PROJECT / "examples").glob("*/example.json")):
        example = manifest.parent
        machine = json.loads(manifest.read_text())["name"]
        inputs = [example / "input.json", *sorted((example / "inputs").glob("*.json"))]
        for file in inputs:
            given = {**json.loads(file.read_text()), "paceSeconds": 0}
            execution = workflows.start(machine, given)
            workflows.wait_for_end(execution)
            name = "usual" if file.name == "input.json" else file.stem
            keep(f"{machine}-{name}", workflows.history(execution))
            if name == "payment-declined":
                workflows.sfn.redrive_execution(executionArn=execution.arn)
                workflows.wait_for_end(execution)
                keep(f"{machine}-redriven", workflows.history(execution))
    given = json.loads((PROJECT / "examples" / "orders" / "input.json").read_text())
    execution = workflows.start("orders", {**given, "paceSeconds": 60})
    wait_until(lambda: any(e["type"] == "WaitStateEntered" for e in workflows.history(execution)))
    workflows.sfn.stop_execution(executionArn=execution.arn, error="Recorded", cause="half way")
    keep("orders-stopped", workflows.history(execution))


def keep(name: str, events: list[dict[str, Any]]) -> None:
    """Write a history, an event a line, as the page would get it."""
    lines = []
    for event in events:
        event["timestamp"] = round(event["timestamp"].timestamp(), 3)
        lines.append(json.dumps(cut(event), ensure_ascii=False, separators=(",", ":")))
    (FOLDER / f"{name}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{name}: {len(events)} events")


def cut(value: Any) -> Any:
    """The same with long texts made short."""
    if isinstance(value, dict):
        return {key: cut(each) for key, each in value.items()}
    if isinstance(value, str) and len(value) > MOST:
        return value[:MOST]
    return value


if __name__ == "__main__":
    main()
