"""Write to the customer that the order was cancelled, and why."""

from database import in_transaction
from outbox import write


def handler(event, context):
    order = event["order"]
    return in_transaction(
        lambda cursor: write(
            cursor,
            execution=event["executionId"],
            kind="cancellation",
            recipient=order["email"],
            subject=f"Your order {order['number']} was cancelled",
            body=f"We are sorry. {event['reason']}\n\nNothing was charged and nothing is held.",
        )
    )
