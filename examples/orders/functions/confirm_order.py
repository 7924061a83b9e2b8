"""Write the confirmation to the customer into the outbox."""

from database import in_transaction
from outbox import write


def handler(event, context):
    order = event["order"]
    lines = [f"  {item['quantity']} x {item['name']}" for item in order["items"]]
    return in_transaction(
        lambda cursor: write(
            cursor,
            execution=event["executionId"],
            kind="confirmation",
            recipient=order["email"],
            subject=f"Your order {order['number']}",
            body="\n".join(["Thank you! We are packing:", "", *lines, "", order["total"]]),
        )
    )
