"""What is measured of any service that speaks the AWS protocol: the client's view alone."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.client import Client

ROLE = "arn:aws:iam::123456789012:role/benchmark"
ENDED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})
POLL_SECONDS = 0.002
POLL_SHARE = 0.1
"""A client that waits longer asks less often: it may see the end this much of its time too late."""

_numbers = itertools.count()


class Service:
    """One endpoint and how to get a client of it."""

    def __init__(self, name: str, client: Callable[[], Client]) -> None:
        self.name = name
        self.client = client

    def create(self, definition: str) -> str:
        """Create a state machine of a name of its own; its ARN."""
        name = f"measured-{next(_numbers)}"
        answer = self.client().call(
            "CreateStateMachine", name=name, definition=definition, roleArn=ROLE
        )
        return str(answer["stateMachineArn"])


def _start(client: Client, machine: str, text: str = "{}") -> str:
    # moto makes no names up.
    name = str(uuid.uuid4())
    answer = client.call("StartExecution", stateMachineArn=machine, input=text, name=name)
    return str(answer["executionArn"])


def run_one(client: Client, machine: str, text: str = "{}") -> tuple[str, float]:
    """Start an execution and poll until it has ended well; its ARN and the seconds it took."""
    began = time.perf_counter()
    arn = _start(client, machine, text)
    while (status := client.call("DescribeExecution", executionArn=arn)["status"]) not in ENDED:
        time.sleep(max(POLL_SECONDS, (time.perf_counter() - began) * POLL_SHARE))
    if status != "SUCCEEDED":
        raise RuntimeError(f"{arn} ended as {status}")
    return arn, time.perf_counter() - began


def transitions_per_second(
    service: Service, definition: str, transitions: int, text: str = "{}"
) -> float:
    """Transitions a second of one execution, from the call to its seen end."""
    return transitions / run_one(service.client(), service.create(definition), text)[1]


def median_milliseconds(service: Service, definition: str, count: int) -> float:
    """Start to seen end, one after another: the median."""
    client, machine = service.client(), service.create(definition)
    run_one(client, machine)
    return statistics.median(run_one(client, machine)[1] for _ in range(count)) * 1000


def starts_per_second(service: Service, definition: str, count: int, clients: int) -> float:
    """StartExecution answered a second."""
    return _per_second(service, definition, count, clients, _start)


def executions_per_second(
    service: Service,
    definition: str,
    count: int,
    clients: int,
    run: Callable[[Client, str], object] = run_one,
) -> float:
    """Executions ended well a second: each client starts its next when it has seen the last end.

    ``run`` runs one; unless it is given the client asks over HTTP until it has ended.
    """
    return _per_second(service, definition, count, clients, run)


def _per_second(
    service: Service,
    definition: str,
    count: int,
    clients: int,
    call: Callable[[Client, str], object],
) -> float:
    """How often a second ``clients`` at once get ``call`` done; raises what any of them met."""
    machine = service.create(definition)

    def connected() -> Callable[[], object]:
        client = service.client()
        return lambda: call(client, machine)

    return calls_per_second(connected, count, clients)


def calls_per_second(
    connected: Callable[[], Callable[[], object]], count: int, clients: int
) -> float:
    """How often a second ``clients`` at once get done what ``connected`` gives each of them."""
    share = count // clients
    gate = threading.Barrier(clients + 1)

    def work() -> None:
        call = connected()
        gate.wait()
        for _ in range(share):
            call()

    with ThreadPoolExecutor(clients) as threads:
        working = [threads.submit(work) for _ in range(clients)]
        gate.wait()
        began = time.perf_counter()
        for each in working:
            each.result()
        return share * clients / (time.perf_counter() - began)


def events_per_second(service: Service, definition: str, text: str, seconds: float) -> float:
    """Events of a long history read a second, 1,000 a page."""
    client = service.client()
    arn, _ = run_one(client, service.create(definition), text)
    read = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        token: dict[str, str] = {}
        while True:
            page = client.call("GetExecutionHistory", executionArn=arn, maxResults=1000, **token)
            read += len(page["events"])
            if "nextToken" not in page:
                break
            token = {"nextToken": page["nextToken"]}
    return read / (time.perf_counter() - began)
