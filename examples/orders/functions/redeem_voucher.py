"""Pay with a voucher, as long as there is enough left on it."""

from database import Cursor, in_transaction
from errors import PaymentDeclined
from ledger import record_charge


def handler(event, context):
    code = str(event["order"]["payment"].get("code", ""))
    total = event["order"]["totalCents"]

    def work(cursor: Cursor):
        charge = record_charge(cursor, event, "voucher", voucher=code)
        if charge["isNew"]:
            cursor.execute(
                "UPDATE example_orders.vouchers SET balance_cents = balance_cents - %s"
                " WHERE code = %s AND balance_cents >= %s",
                (total, code, total),
            )
            if cursor.rowcount == 0:  # the charge is rolled back with this exception
                raise PaymentDeclined(f"Voucher {code or '(none)'} does not cover the order.")
        return charge

    return in_transaction(work)
