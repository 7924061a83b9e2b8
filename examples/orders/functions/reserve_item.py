"""Take one item of an order out of the stock that is available.

The key is the execution and the item's place in the order: a second call for the same place finds
the reservation of the first.
"""

from database import Cursor, hold_open_order, in_transaction
from errors import OutOfStock


def handler(event, context):
    execution, place, item = event["executionId"], event["place"], event["item"]

    def work(cursor: Cursor):
        hold_open_order(cursor, execution)
        cursor.execute(
            "INSERT INTO example_orders.reservations (execution_id, item, sku, quantity)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (execution, place, item["sku"], item["quantity"]),
        )
        if cursor.rowcount == 1:
            cursor.execute(
                "UPDATE example_orders.stock SET available = available - %(quantity)s"
                " WHERE sku = %(sku)s AND available >= %(quantity)s",
                item,
            )
            if cursor.rowcount == 0:
                raise OutOfStock(_shortage(cursor, item))
        return {
            "sku": item["sku"],
            "quantity": item["quantity"],
            "stillAvailable": _available(cursor, item["sku"]),
        }

    return in_transaction(work)


def _shortage(cursor: Cursor, item):
    left = _available(cursor, item["sku"])
    return f"{item['quantity']} of {item['sku']} were ordered and {left} are there."


def _available(cursor: Cursor, sku):
    cursor.execute("SELECT available FROM example_orders.stock WHERE sku = %s", (sku,))
    return cursor.fetchone()["available"]
