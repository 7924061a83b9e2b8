"""The book of charges: at most one for an order."""

from database import Cursor, hold_open_order


def record_charge(cursor: Cursor, event, method, voucher=None):
    """Enter the charge for the order, or find the one that is there."""
    execution, order = event["executionId"], event["order"]
    hold_open_order(cursor, execution)
    cursor.execute(
        "INSERT INTO example_orders.charges (execution_id, method, amount_cents, voucher)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (execution, method, order["totalCents"], voucher),
    )
    return {
        "method": method,
        "amountCents": order["totalCents"],
        "reference": f"{method.upper()}-{order['number']:06}",
        "isNew": cursor.rowcount == 1,
    }


def give_back(cursor: Cursor, execution):
    """Refund the order's charge, unless there is none or it is refunded already."""
    cursor.execute(
        "UPDATE example_orders.charges SET refunded = true"
        " WHERE execution_id = %s AND NOT refunded RETURNING method, amount_cents, voucher",
        (execution,),
    )
    charge = cursor.fetchone()
    if charge is not None and charge["voucher"] is not None:
        cursor.execute(
            "UPDATE example_orders.vouchers SET balance_cents = balance_cents + %s WHERE code = %s",
            (charge["amount_cents"], charge["voucher"]),
        )
    return charge
