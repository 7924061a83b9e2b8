"""Close the order to new work and list what is to be undone, the last thing first."""

from database import Cursor, in_transaction


def handler(event, context):
    execution = event["executionId"]

    def work(cursor: Cursor):
        # Waits for calls that hold the order open, and turns away those that come later: what is
        # listed below is all there will ever be.
        cursor.execute(
            "UPDATE example_orders.orders SET status = 'CANCELLING'"
            " WHERE execution_id = %s AND status <> 'CANCELLED'",
            (execution,),
        )
        cursor.execute(
            "SELECT method FROM example_orders.charges WHERE execution_id = %s AND NOT refunded",
            (execution,),
        )
        refunds = [{"kind": "refund", "method": row["method"]} for row in cursor.fetchall()]
        cursor.execute(
            "SELECT item, sku, quantity FROM example_orders.reservations"
            " WHERE execution_id = %s AND status <> 'RELEASED' ORDER BY number DESC",
            (execution,),
        )
        releases = [
            {
                "kind": "release",
                "place": row["item"],
                "sku": row["sku"],
                "quantity": row["quantity"],
            }
            for row in cursor.fetchall()
        ]
        return {"steps": refunds + releases}

    return in_transaction(work)
