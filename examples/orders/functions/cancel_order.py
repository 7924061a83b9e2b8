"""Mark the order as cancelled, with the reason in plain words."""

import json

from database import Cursor, in_transaction


def handler(event, context):
    reason = _in_words(event["problem"])

    def work(cursor: Cursor):
        cursor.execute(
            "UPDATE example_orders.orders SET status = 'CANCELLED', reason = %s"
            " WHERE execution_id = %s",
            (reason, event["executionId"]),
        )
        cursor.execute(
            "DELETE FROM example_orders.sales WHERE execution_id = %s", (event["executionId"],)
        )
        return {"status": "CANCELLED", "reason": reason}

    return in_transaction(work)


def _in_words(problem):
    """A function's Cause is a JSON text that holds its message; any other is a sentence itself."""
    try:
        return json.loads(problem["Cause"])["errorMessage"]
    except (ValueError, TypeError, KeyError):
        return problem.get("Cause") or problem.get("Error") or "Something went wrong."
