"""Ask the price list, over HTTP, what the batch is worth by kind of goods."""

import json
import urllib.error
import urllib.request
from collections import Counter
from urllib.parse import urlencode

import price_list
from errors import PricesUnavailable


def handler(event, context):
    query = urlencode({"sku": ",".join(event["quantities"])})
    try:
        with urllib.request.urlopen(f"{price_list.address()}/prices?{query}", timeout=10) as answer:
            prices = json.load(answer)
    except (OSError, urllib.error.URLError) as error:
        raise PricesUnavailable(str(error)) from error
    cents = Counter()
    for sku, quantity in event["quantities"].items():
        cents[prices[sku]["kind"]] += quantity * prices[sku]["cents"]
    return {name: event[name] for name in ("first", "last", "orders")} | {
        "cents": dict(sorted(cents.items()))
    }
