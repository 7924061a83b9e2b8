"""Count the order among the day's sales, once."""

from database import Cursor, euros, in_transaction


def handler(event, context):
    def work(cursor: Cursor):
        cursor.execute(
            "INSERT INTO example_orders.sales (execution_id, total_cents)"
            " VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (event["executionId"], event["order"]["totalCents"]),
        )
        cursor.execute(
            "SELECT count(*) AS orders, sum(total_cents)::bigint AS total"
            " FROM example_orders.sales WHERE day = current_date"
        )
        today = cursor.fetchone()
        return {"ordersToday": today["orders"], "revenueToday": euros(today["total"] or 0)}

    return in_transaction(work)
