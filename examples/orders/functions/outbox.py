"""Outgoing mail: one of a kind for an order, however often a function is called."""

from database import Cursor


def write(cursor: Cursor, *, execution, kind, recipient, subject, body):
    """Put a mail into the outbox, unless it is there."""
    cursor.execute(
        "INSERT INTO example_orders.outbox (execution_id, kind, recipient, subject, body)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (execution, kind, recipient, subject, body),
    )
    return {"to": recipient, "subject": subject}
