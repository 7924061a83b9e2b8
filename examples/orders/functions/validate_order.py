"""Check an order, work out its total, and enter it in the books as RECEIVED."""

from database import Cursor, euros, in_transaction
from errors import InvalidOrder

METHODS = ("card", "invoice", "voucher")
MOST = 1000


def handler(event, context):
    order = event["input"].get("order")
    pace = event["input"].get("paceSeconds", 0)
    if not isinstance(order, dict):
        raise InvalidOrder('The input has no "order".')
    if isinstance(pace, bool) or not isinstance(pace, int) or not 0 <= pace <= 60:
        raise InvalidOrder('"paceSeconds" is a whole number from 0 to 60.')
    email = _email(order)
    items = _items(order)
    payment = order.get("payment")
    if not isinstance(payment, dict) or payment.get("method") not in METHODS:
        raise InvalidOrder(f'"payment.method" is one of {", ".join(METHODS)}.')

    def work(cursor: Cursor):
        cursor.execute(
            "SELECT sku, name, price_cents FROM example_orders.stock WHERE sku = ANY(%s)",
            ([item["sku"] for item in items],),
        )
        goods = {row["sku"]: row for row in cursor.fetchall()}
        unknown = [item["sku"] for item in items if item["sku"] not in goods]
        if unknown:
            raise InvalidOrder(f"The shop does not sell {', '.join(unknown)}.")
        total = sum(item["quantity"] * goods[item["sku"]]["price_cents"] for item in items)
        cursor.execute(
            "INSERT INTO example_orders.orders (execution_id, email, total_cents)"
            " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (event["executionId"], email, total),
        )
        cursor.execute(
            "SELECT number FROM example_orders.orders WHERE execution_id = %s",
            (event["executionId"],),
        )
        number = cursor.fetchone()["number"]
        print(f"order {number}: {len(items)} items, {euros(total)}")
        return {
            "order": {
                "number": number,
                "email": email,
                "items": [{**item, "name": goods[item["sku"]]["name"]} for item in items],
                "totalCents": total,
                "total": euros(total),
                "payment": payment,
            },
            "paceSeconds": pace,
        }

    return in_transaction(work)


def _email(order):
    customer = order.get("customer")
    email = customer.get("email") if isinstance(customer, dict) else None
    if not isinstance(email, str) or "@" not in email:
        raise InvalidOrder('"customer.email" is missing: whom should the shop write to?')
    return email


def _items(order):
    items = order.get("items")
    if not isinstance(items, list) or not items:
        raise InvalidOrder('"items" is a list of at least one item.')
    for position, item in enumerate(items):
        sku = item.get("sku") if isinstance(item, dict) else None
        quantity = item.get("quantity") if isinstance(item, dict) else None
        if not isinstance(sku, str):
            raise InvalidOrder(f'Item {position} has no "sku".')
        if isinstance(quantity, bool) or not isinstance(quantity, int) or not 0 < quantity <= MOST:
            raise InvalidOrder(f'Item {position}: "quantity" is a whole number from 1 to {MOST}.')
    return [{"sku": item["sku"], "quantity": item["quantity"]} for item in items]
