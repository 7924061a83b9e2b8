"""Lets an execution pass once somebody has opened the gate for it."""

from pathlib import Path

from _ledger import write


class GateIsShut(Exception):
    pass


def handler(event, context):
    write("begin", event["key"])
    if not Path(event["gate"]).exists():
        raise GateIsShut(event["key"])
    return event["value"]
