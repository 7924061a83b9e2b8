"""Give the customer's money back, once."""

from database import in_transaction
from ledger import give_back


def handler(event, context):
    def work(cursor):
        charge = give_back(cursor, event["executionId"])
        return {
            "refunded": event["step"]["method"],
            "amountCents": charge and charge["amount_cents"],
        }

    return in_transaction(work)
