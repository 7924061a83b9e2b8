"""Give one reserved item back to the stock, once."""

from database import Cursor, in_transaction


def handler(event, context):
    step = event["step"]

    def work(cursor: Cursor):
        cursor.execute(
            "UPDATE example_orders.reservations SET status = 'RELEASED'"
            " WHERE execution_id = %s AND item = %s AND status <> 'RELEASED'",
            (event["executionId"], step["place"]),
        )
        given_back = step["quantity"] if cursor.rowcount == 1 else 0
        cursor.execute(
            "UPDATE example_orders.stock SET available = available + %s WHERE sku = %s"
            " RETURNING available",
            (given_back, step["sku"]),
        )
        available = cursor.fetchone()["available"]
        print(f"{step['quantity']} of {step['sku']} are back; {available} are available")
        return {"released": step["sku"], "quantity": step["quantity"], "nowAvailable": available}

    return in_transaction(work)
