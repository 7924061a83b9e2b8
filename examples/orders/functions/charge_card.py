"""Charge a card. Cards that end in 0002 are declined.

The processor "unstable" does not answer the first ``failures`` calls for an order (2 unless the
payment says otherwise), so that there is something to retry.
"""

from database import Cursor, in_transaction
from errors import InvalidOrder, PaymentDeclined, ProcessorUnavailable
from ledger import record_charge


def handler(event, context):
    payment = event["order"]["payment"]
    card = str(payment.get("card", ""))
    if not card:
        raise InvalidOrder('"payment.card" is missing.')
    if payment.get("processor") == "unstable":
        # In a transaction of its own: the call is counted although it fails.
        calls = in_transaction(lambda cursor: _count_call(cursor, event["executionId"]))["calls"]
        if calls <= payment.get("failures", 2):
            raise ProcessorUnavailable(f"The card processor did not answer (call {calls}).")
    if card.endswith("0002"):
        raise PaymentDeclined(f"The bank declined the card ending in {card[-4:]}.")
    return in_transaction(lambda cursor: record_charge(cursor, event, "card"))


def _count_call(cursor: Cursor, execution):
    cursor.execute(
        "INSERT INTO example_orders.processor_calls AS seen (execution_id, calls) VALUES (%s, 1)"
        " ON CONFLICT (execution_id) DO UPDATE SET calls = seen.calls + 1 RETURNING calls",
        (execution,),
    )
    return cursor.fetchone()
