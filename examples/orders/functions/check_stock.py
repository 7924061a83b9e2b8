"""The shop's accounts: for every item, initial = available + held by orders."""

from database import Cursor, in_transaction


def handler(event, context):
    def work(cursor: Cursor):
        cursor.execute(
            "SELECT sku, initial, available, coalesce(held, 0)::int AS held"
            " FROM example_orders.stock LEFT JOIN ("
            "  SELECT sku, sum(quantity) AS held FROM example_orders.reservations"
            "  WHERE status <> 'RELEASED' GROUP BY sku) AS reserved USING (sku) ORDER BY sku"
        )
        stock = cursor.fetchall()
        cursor.execute(
            "SELECT status, count(*) AS orders FROM example_orders.orders"
            " GROUP BY status ORDER BY status"
        )
        orders = {row["status"]: row["orders"] for row in cursor.fetchall()}
        # Goods that an order holds although it is over, or has sold although it is not paid.
        cursor.execute(
            "SELECT count(*) AS wrong FROM example_orders.reservations JOIN example_orders.orders"
            " USING (execution_id) WHERE (orders.status = 'CANCELLED' AND"
            " reservations.status <> 'RELEASED') OR (orders.status = 'PAID' AND"
            " reservations.status <> 'SOLD')"
        )
        wrong = cursor.fetchone()["wrong"]
        balanced = all(row["initial"] == row["available"] + row["held"] for row in stock)
        return {"addsUp": balanced and wrong == 0, "stock": stock, "orders": orders}

    return in_transaction(work)
