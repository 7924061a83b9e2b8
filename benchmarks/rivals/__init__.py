"""Stepwell beside DBOS, Restate and moto, alternating in one run: ratios, for machines drift.

``make bench ARGS=rivals``. The aims are printed beside the figures; nothing is asserted.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import psycopg

from benchmarks import workflows
from benchmarks.client import Client
from benchmarks.durable import Installation, installation, start_many
from benchmarks.processes import cpu_seconds
from benchmarks.rivals import measures
from benchmarks.rivals.environment import rivals_python
from benchmarks.rivals.measures import Service
from benchmarks.rivals.moto_server import moto_server
from benchmarks.rivals.restate_server import Restate, restate_server

ROUNDS = 3
CLIENTS = 32
LOOK_SECONDS = 0.005
SELDOM_SECONDS = 0.05

Measure = tuple[str, Callable[[Service], float], str]

AGAINST_MOTO: tuple[Measure, ...] = (
    (
        "Choice loop of 1,000, transitions/s",
        lambda s: measures.transitions_per_second(s, workflows.choice_loop(1000), 2002),
        "20 x moto",
    ),
    (
        "inline Map 1,000 x 3, transitions/s",
        lambda s: measures.transitions_per_second(
            s, workflows.inline_map(1000), 3001, workflows.items(1000)
        ),
        "20 x moto",
    ),
    (
        "StartExecution/s, 32 clients",
        lambda s: measures.starts_per_second(s, workflows.passes(1), 640, CLIENTS),
        "5 x moto",
    ),
    (
        "start to seen end of 10 Passes, ms (p50)",
        lambda s: measures.median_milliseconds(s, workflows.passes(10), 30),
        "a third of moto's",
    ),
    (
        "GetExecutionHistory, events/s",
        lambda s: measures.events_per_second(s, workflows.choice_loop(400), "{}", 2.0),
        "20 x moto",
    ),
)


def main(say: Callable[[str], None] = print) -> None:
    """Print every comparison."""
    python = rivals_python()
    with installation() as here, moto_server(python) as moto_url:
        ours = Service("Stepwell", here.client)
        moto = Service("moto", lambda: Client(moto_url, "key", "secret"))
        for service in (ours, moto):
            measures.median_milliseconds(service, workflows.passes(10), 5)
        for title, measure, aim in AGAINST_MOTO:
            figures: dict[str, list[float]] = defaultdict(list)
            for _ in range(ROUNDS):
                for service in (ours, moto):
                    figures[service.name].append(measure(service))
            _compare(say, title, figures, aim)
        restate_step = _steps(say, here, ours, python)
        _one_by_one(say, here, ours, restate_step)


def _compare(
    say: Callable[[str], None], title: str, figures: dict[str, list[float]], aim: str
) -> None:
    """One row: both medians and their ratio."""
    (our_name, ours), (their_name, theirs) = figures.items()
    mine, other = statistics.median(ours), statistics.median(theirs)
    say(
        f"{title:44} {our_name} {mine:10,.1f}   {their_name} {other:10,.1f}"
        f"   ratio {mine / other:6.2f}   (aim: {aim})"
    )


def _steps(say: Callable[[str], None], here: Installation, ours: Service, python: Path) -> float:
    """Ten steps at a time: ours as clients see them over HTTP, and as the database does.

    DBOS has its clients in its own process. Asking over HTTP costs about as much as the steps.
    Gives the milliseconds of one step of Restate in sequence.
    """
    steps = workflows.tasks(10, "nothing")
    polled, watched, dbos, restate = [], [], [], []
    with restate_server() as port:
        for _ in range(ROUNDS):
            polled.append(10 * measures.executions_per_second(ours, steps, 320, CLIENTS))
            dbos.append(_dbos(python, here, 320))
            with Ends(here.database_url) as ends:
                watched.append(
                    10 * measures.executions_per_second(ours, steps, 320, CLIENTS, ends.run)
                )
            restate.append(10 * measures.calls_per_second(lambda: _ten(port), 320, CLIENTS))
        client = Restate(port)
        alone = statistics.median(_milliseconds(lambda: client.run(100)) for _ in range(9)) / 100
    for title, figures in (("polled over HTTP", polled), ("ends seen in the database", watched)):
        for name, theirs, aim in (("DBOS", dbos, "5 x DBOS"), ("Restate", restate, "2 x Restate")):
            both = {"Stepwell": figures, name: theirs}
            _compare(say, f"10 no-op steps, steps/s, {title}", both, aim)
    return alone


def _ten(port: int) -> Callable[[], None]:
    """A client's call of Restate."""
    client = Restate(port)
    return lambda: client.run(10)


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


class Ends:
    """Sees executions end in the database, with one look for all who wait."""

    def __init__(self, database_url: str) -> None:
        self._database = psycopg.connect(database_url, autocommit=True, prepare_threshold=0)
        self._database.execute("SET plan_cache_mode = force_generic_plan")
        self._awaited: dict[str, threading.Event] = {}
        self._machines: set[str] = set()
        self._lock = threading.Lock()
        self._is_closing = False
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Ends:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closing = True
        self._looking.join()
        self._database.close()

    def run(self, client: Client, machine: str) -> None:
        """Start an execution and wait until it has ended well."""
        ended = threading.Event()
        name = str(uuid.uuid4())
        with self._lock:
            self._awaited[name] = ended
            self._machines.add(machine.rpartition(":")[2])
        client.call("StartExecution", stateMachineArn=machine, input="{}", name=name)
        if not ended.wait(60):
            raise TimeoutError(name)

    def _look(self) -> None:
        while not self._is_closing:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                names, machines = list(self._awaited), list(self._machines)
            # By state machine too: PostgreSQL would look for the names in each, and take a
            # quarter of its time for that.
            rows = self._database.execute(
                "SELECT e.name FROM executions_execution e JOIN studio_statemachine m"
                " ON m.id = e.state_machine_id WHERE m.name = ANY(%s) AND e.name = ANY(%s)"
                " AND e.status = 'SUCCEEDED'",
                (machines, names),
            ).fetchall()
            for (name,) in rows:
                with self._lock:
                    self._awaited.pop(name).set()


def _dbos(python: Path, here: Installation, count: int) -> float:
    """Steps a second of DBOS, on the same PostgreSQL in a database of its own."""
    here.database.execute("DROP DATABASE IF EXISTS rival WITH (FORCE)")
    here.database.execute("CREATE DATABASE rival")
    url = here.database_url.replace("/stepwell?", "/rival?")
    done = subprocess.run(
        [python, Path(__file__).with_name("dbos_steps.py"), url, str(CLIENTS), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    return float(result["steps"] / result["seconds"])


def _one_by_one(
    say: Callable[[str], None], here: Installation, ours: Service, restate_step: float
) -> None:
    """A durable step in sequence, beside Restate's and the commit itself; CPU of an execution."""
    client, machine = ours.client(), ours.create(workflows.tasks(100, "nothing"))
    measures.run_one(client, machine)
    polled = [measures.run_one(client, machine)[1] * 10 for _ in range(9)]
    # Restate's client waits for one answer; whoever asks all the time takes part of the machine.
    left_alone = [_left_alone(here, client, machine) / 100 for _ in range(9)]
    commit = _commit_milliseconds(here)
    for title, taken in (("asked for all the time", polled), ("left alone", left_alone)):
        step = statistics.median(taken)
        say(
            f"{f'one durable step in sequence, {title}':60} {step:.2f} ms, Restate"
            f" {restate_step:.2f}, a bare commit {commit:.2f}, {step - commit:.2f} beyond it"
            "   (aim: 1.4 ms beyond it)"
        )
    for clients, count in ((1, 500), (CLIENTS, 1600)):
        name = f"cpu-{clients}"
        here.create(name, workflows.passes(10))
        before = cpu_seconds(here.processes.values())
        start_many(here, name, count, clients)
        here.wait(name, count)
        spent = (cpu_seconds(here.processes.values()) - before) * 1000 / count
        title = f"server CPU of an execution of 10 Passes, {clients} at a time"
        say(f"{title:60} {spent:.2f} ms   (aim: 2 ms)")


def _left_alone(here: Installation, client: Client, machine: str) -> float:
    """Milliseconds from an execution's start to its stop, as the database has them."""
    arn = client.call("StartExecution", stateMachineArn=machine, input="{}")["executionArn"]
    while True:
        time.sleep(SELDOM_SECONDS)
        ended = here.database.execute(
            "SELECT extract(epoch FROM stopped_at - started_at) * 1000"
            " FROM executions_execution WHERE name = %s AND status = 'SUCCEEDED'",
            (arn.rsplit(":", 1)[1],),
        ).fetchone()
        if ended is not None:
            return float(ended[0])


def _commit_milliseconds(here: Installation) -> float:
    """A commit of one small row on the same disk, alone: the median."""
    here.database.execute("CREATE TABLE IF NOT EXISTS rival_commit (n bigint)")
    taken = []
    for number in range(200):
        began = time.perf_counter()
        here.database.execute("INSERT INTO rival_commit VALUES (%s)", (number,))
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000
