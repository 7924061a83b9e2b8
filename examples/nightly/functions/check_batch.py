"""Check a batch of rows and add up what was ordered. One bad row makes the batch a bad one."""

from collections import Counter

from errors import BadBatch


def handler(event, context):
    quantities = Counter()
    rows = event["Items"]
    for row in rows:
        if not row["quantity"].isdecimal() or not row["sku"]:
            raise BadBatch(
                f"Orders {rows[0]['order']} to {rows[-1]['order']}: order {row['order']} has the "
                f"quantity {row['quantity']!r}, which is no number."
            )
        quantities[row["sku"]] += int(row["quantity"])
    return {
        "night": event["BatchInput"]["night"],
        "first": int(rows[0]["order"]),
        "last": int(rows[-1]["order"]),
        "orders": len(rows),
        "quantities": dict(sorted(quantities.items())),
    }
