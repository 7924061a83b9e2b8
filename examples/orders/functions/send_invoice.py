"""Write an invoice. The shop gives credit up to a limit."""

from database import euros, in_transaction
from errors import PaymentDeclined
from ledger import record_charge

CREDIT_CENTS = 50_000


def handler(event, context):
    if event["order"]["totalCents"] > CREDIT_CENTS:
        raise PaymentDeclined(f"Invoices are written for orders up to {euros(CREDIT_CENTS)}.")
    return in_transaction(lambda cursor: record_charge(cursor, event, "invoice"))
