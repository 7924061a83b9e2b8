"""Hold an execution in the middle until a test opens the gate: until the file exists."""

import time
from pathlib import Path


def handler(event, context):
    gate = Path(event["gate"])
    while not gate.exists():
        if context.get_remaining_time_in_millis() < 1000:
            raise TimeoutError(f"Nobody opened {gate.name}.")
        time.sleep(0.02)
    return {"opened": gate.name}
