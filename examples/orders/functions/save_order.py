"""Mark the order as paid and what was reserved for it as sold."""

from database import Cursor, hold_open_order, in_transaction


def handler(event, context):
    execution = event["executionId"]

    def work(cursor: Cursor):
        hold_open_order(cursor, execution)
        cursor.execute(
            "UPDATE example_orders.orders SET status = 'PAID' WHERE execution_id = %s",
            (execution,),
        )
        cursor.execute(
            "UPDATE example_orders.reservations SET status = 'SOLD'"
            " WHERE execution_id = %s AND status = 'RESERVED'",
            (execution,),
        )
        return {"number": event["order"]["number"], "status": "PAID"}

    return in_transaction(work)
