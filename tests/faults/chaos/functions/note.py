"""Does something outside, which takes a while, and gives back twice what it got."""

import time

from _ledger import write


def handler(event, context):
    write("begin", event["key"])
    time.sleep(event.get("seconds", 0))
    write("end", event["key"])
    return event["value"] * 2
