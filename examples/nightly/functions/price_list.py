"""The price list: a small HTTP service on this machine, which the example brings along.

It starts with the first question and ends with the process. In its place would be somebody's API:
a function may call it like this, and a Task can call it itself (``http:invoke``).
"""

import json
import threading
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PRICES = {
    "TEA-01": ("tea", 620),
    "TEA-02": ("tea", 840),
    "COFFEE-01": ("coffee", 990),
    "COFFEE-02": ("coffee", 1250),
    "CUP-01": ("cups", 1400),
    "CUP-02": ("cups", 1900),
    "POT-01": ("pots", 4500),
}


class PriceList(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        wanted = parse_qs(urlsplit(self.path).query).get("sku", [""])[0].split(",")
        found = {s: {"kind": PRICES[s][0], "cents": PRICES[s][1]} for s in wanted if s in PRICES}
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@lru_cache(maxsize=1)
def address():
    """The service's address, http://127.0.0.1:PORT."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), PriceList)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="price-list", daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
