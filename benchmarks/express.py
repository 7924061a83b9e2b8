"""Synchronous Express over HTTP: how many, beside the least that Django can do; and *orders*.

``make bench ARGS=express``. The least is a view that answers nothing, async, in a project as
Django's ``startproject`` makes it, on the same server (uvicorn) with the same clients, alternating.
*orders* is the example with its functions and tables, as Express, while a person opens pages.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks import workflows
from benchmarks.client import Client
from benchmarks.durable import ARN, ROLE, Installation, installation
from benchmarks.processes import cpu_seconds
from studio.config.embedded.ports import HOST, free_port

ROUNDS = 3
CLIENTS = 32
REQUESTS = 640
ORDERS_CLIENTS = int(os.environ.get("BENCH_ORDERS_CLIENTS", "200"))
ORDERS_SECONDS = float(os.environ.get("BENCH_ORDERS_SECONDS", "30"))
PAGES = ("/", "/api/state-machines/")
ORDERS = Path(__file__).resolve().parent.parent / "examples" / "orders"


def main(say: Callable[[str], None] = print) -> None:
    """Print every figure of Express."""
    with installation(ORDERS / "functions") as here, _stock_django() as (url, process):
        _create_express(here, "five", workflows.passes(5))
        _beside_django(say, here, url, process)
        _orders(say, here)


def _create_express(here: Installation, name: str, definition: str) -> None:
    here.client().call(
        "CreateStateMachine", name=name, definition=definition, roleArn=ROLE, type="EXPRESS"
    )


@contextmanager
def _stock_django() -> Iterator[tuple[str, int]]:
    """The address and the process id of a running ``rivals.stock_django``."""
    port = free_port()
    command = ["uvicorn", "--host", HOST, "--port", str(port), "--no-access-log"]
    command += ["--log-level", "warning", "--no-proxy-headers"]
    with subprocess.Popen(
        [sys.executable, "-m", *command, "benchmarks.rivals.stock_django:application"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    ) as process:
        try:
            url = f"http://{HOST}:{port}"
            until = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(url, timeout=5):
                        break
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.1)
            yield url, process.pid
        finally:
            process.terminate()


def _beside_django(say: Callable[[str], None], here: Installation, url: str, process: int) -> None:
    """Requests/s and CPU of a request, of both in turn."""

    def execution(client: Client) -> None:
        answer = client.call("StartSyncExecution", stateMachineArn=ARN + "five", input="{}")
        if answer["status"] != "SUCCEEDED":
            raise RuntimeError(f"an Express execution ended as {answer}")

    def nothing(client: Client) -> None:
        client.call("Nothing", stateMachineArn=ARN + "five", input="{}")

    sides: tuple[tuple[str, Callable[[], Client], Callable[[Client], None], list[int]], ...] = (
        ("Express", here.client, execution, list(here.processes.values())),
        ("Django", lambda: Client(url, "key", "secret"), nothing, [process]),
    )
    rates: dict[str, list[float]] = {name: [] for name, *_ in sides}
    costs: dict[str, list[float]] = {name: [] for name, *_ in sides}
    for number in range(ROUNDS + 1):
        for name, connect, call, processes in sides:
            before = cpu_seconds(processes)
            rate = _rate(connect, call)
            if number:  # The first round warms up.
                rates[name].append(rate)
                costs[name].append((cpu_seconds(processes) - before) * 1000 / REQUESTS)
    ours, theirs = (statistics.median(rates[name]) for name in rates)
    say(
        f"{'five Passes as Express, requests/s':44} Stepwell {ours:10,.1f}   "
        f"a Django view {theirs:10,.1f}   ratio {ours / theirs:6.2f}   (aim: 1, better 5)"
    )
    ours, theirs = (statistics.median(costs[name]) for name in costs)
    say(f"{'server CPU of a request, ms':44} Stepwell {ours:10.2f}   a Django view {theirs:10.2f}")


def _rate(connect: Callable[[], Client], call: Callable[[Client], None]) -> float:
    gate = threading.Barrier(CLIENTS + 1)

    def work() -> None:
        client = connect()
        gate.wait()
        for _ in range(REQUESTS // CLIENTS):
            call(client)

    with ThreadPoolExecutor(CLIENTS) as threads:
        working = [threads.submit(work) for _ in range(CLIENTS)]
        gate.wait()
        began = time.perf_counter()
        for each in working:
            each.result()
        return REQUESTS / (time.perf_counter() - began)


def _orders(say: Callable[[str], None], here: Installation) -> None:
    """Many clients order for a while, and somebody looks at the pages meanwhile."""
    _create_express(here, "orders-express", (ORDERS / "definition.asl.json").read_text())
    order = json.loads((ORDERS / "input.json").read_text())
    text = json.dumps({**order, "paceSeconds": 0})
    taken: list[float] = []
    failures: list[str] = []
    until = time.monotonic() + ORDERS_SECONDS

    def work(_: int) -> None:
        client = here.client()
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                answer = client.call(
                    "StartSyncExecution", stateMachineArn=ARN + "orders-express", input=text
                )
            except (RuntimeError, OSError) as error:
                failures.append(repr(error))
                client = here.client()
                continue
            taken.append(time.perf_counter() - began)
            if answer["status"] != "SUCCEEDED":
                failures.append(f"{answer['status']} {answer.get('error')} {answer.get('cause')}")

    with ThreadPoolExecutor(ORDERS_CLIENTS + 1) as threads:
        looking = threads.submit(_look_at_pages, here, until)
        list(threads.map(work, range(ORDERS_CLIENTS)))
        pages = looking.result()
    taken.sort()
    say(
        f"{f'orders as Express, {ORDERS_CLIENTS} clients, {ORDERS_SECONDS:.0f} s':44} "
        f"{len(taken)} executions, {len(failures)} failures, p50 {_share(taken, 0.5):,.0f} ms, "
        f"p95 {_share(taken, 0.95):,.0f} ms   (aim: no failure)"
    )
    for failure in sorted(set(failures))[:3]:
        say(f"    {failure[:200]}")
    pages.sort()
    say(
        f"{'pages meanwhile':44} {len(pages)} looks, p50 {_share(pages, 0.5):,.0f} ms, "
        f"p95 {_share(pages, 0.95):,.0f} ms, slowest {pages[-1] * 1000:,.0f} ms   (aim: 200 ms)"
    )


def _look_at_pages(here: Installation, until: float) -> list[float]:
    """Seconds that each page took a person who is signed in."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    sign_in = here.url + "/sign-in/"
    browser.open(sign_in).read()
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    form = {"csrfmiddlewaretoken": token, **here.first_account}
    request = urllib.request.Request(
        sign_in, urllib.parse.urlencode(form).encode(), {"Referer": sign_in}
    )
    browser.open(request).read()
    taken = []
    while time.monotonic() < until:
        for page in PAGES:
            began = time.perf_counter()
            with browser.open(here.url + page) as answer:
                answer.read()
                if "/sign-in/" in answer.url:
                    raise RuntimeError("the person is not signed in")
            taken.append(time.perf_counter() - began)
        time.sleep(0.25)
    return taken


def _share(sorted_seconds: list[float], share: float) -> float:
    """A quantile in milliseconds."""
    return sorted_seconds[min(int(len(sorted_seconds) * share), len(sorted_seconds) - 1)] * 1000
