"""Make the night's file: the shop's, if there were one. The same night gives the same orders."""

import random

from night_files import BUCKET, bucket, execution_folder, write

SKUS = ("TEA-01", "TEA-02", "COFFEE-01", "COFFEE-02", "CUP-01", "CUP-02", "POT-01")
CITIES = ("Lisbon", "Oslo", "Utrecht", "Graz", "Turin")
ROWS_OF_A_BATCH = 100


def handler(event, context):
    drawn = random.Random(event["night"])
    damaged = set(event.get("damagedBatches", []))
    lines = ["order,city,sku,quantity"]
    for number in range(1, event["orders"] + 1):
        city, sku, quantity = drawn.choice(CITIES), drawn.choice(SKUS), drawn.randint(1, 5)
        batch, place = divmod(number - 1, ROWS_OF_A_BATCH)
        # A colon slipped in where somebody typed it by hand.
        shown = f"{quantity}:" if batch + 1 in damaged and place == 41 else quantity
        lines.append(f"{number},{city},{sku},{shown}")
    folder = execution_folder(event["executionId"])
    write(bucket() / folder / "orders.csv", "\n".join(lines) + "\n")
    return {
        "night": event["night"],
        "bucket": BUCKET,
        "key": f"{folder}/orders.csv",
        "prefix": f"{folder}/results",
        "orders": event["orders"],
    }
