"""The durable engine over HTTP: StartExecution in, rows in PostgreSQL out."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks import workflows
from benchmarks.client import Client
from studio.config.embedded.ports import free_port
from studio.config.embedded.stack import Stack

ROLE = "arn:aws:iam::123456789012:role/benchmark"
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:"


class Installation:
    """A real installation of the benchmark's own, with fsync, and a look into its database."""

    def __init__(self, stack: Stack) -> None:
        account = stack.first_account
        if account is None:
            raise RuntimeError("the installation is not new")
        self._stack = stack
        self._key = (account.access_key_id, account.secret_access_key)
        self.first_account = {"username": account.username, "password": account.password}
        self.database = psycopg.connect(stack.services.database_url, autocommit=True)

    @property
    def database_url(self) -> str:
        """The address of its PostgreSQL."""
        return self._stack.services.database_url

    @property
    def url(self) -> str:
        """The address of its web server."""
        return self._stack.url

    @property
    def processes(self) -> Mapping[str, int]:
        """Process ids by role."""
        return self._stack.processes

    def client(self) -> Client:
        """A new connection."""
        return Client(self._stack.url, *self._key)

    def create(self, name: str, definition: str) -> None:
        """Create a state machine."""
        self.client().call("CreateStateMachine", name=name, definition=definition, roleArn=ROLE)

    def wait(self, name: str, count: int, seconds: float = 120.0) -> None:
        """Wait until ``count`` executions of a state machine have ended well."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            row = self.database.execute(
                "SELECT count(*) FILTER (WHERE e.status = 'SUCCEEDED'),"
                " count(*) FILTER (WHERE e.status NOT IN ('SUCCEEDED', 'RUNNING'))"
                " FROM executions_execution e JOIN studio_statemachine m"
                " ON m.id = e.state_machine_id WHERE m.name = %s",
                (name,),
            ).fetchone()
            if row and row[1]:
                raise RuntimeError(f"{row[1]} executions of {name} failed")
            if row and row[0] >= count:
                return
            time.sleep(0.02)
        raise TimeoutError(f"{name}: not all of {count} executions ended in {seconds} s")

    def wait_ended(self, name: str, count: int, seconds: float = 120.0) -> None:
        """Wait until ``count`` executions of a state machine have ended, however they did."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            row = self.database.execute(
                "SELECT count(*) FROM executions_execution e JOIN studio_statemachine m"
                " ON m.id = e.state_machine_id WHERE m.name = %s AND e.status <> 'RUNNING'",
                (name,),
            ).fetchone()
            if row and row[0] >= count:
                return
            time.sleep(0.02)
        raise TimeoutError(f"{name}: not all of {count} executions ended in {seconds} s")

    def kill(self, role: str, number: int) -> int:
        """Send a process a signal that ends it; the process id it had."""
        pid = self.processes[role]
        os.kill(pid, number)
        return pid

    def wait_ready(self, role: str, after: int) -> None:
        """Wait until another process than ``after`` fills the role."""
        self._stack.wait_ready(role, after)

    def reconnect(self) -> None:
        """Look into the database anew: it has been away."""
        self.database.close()
        self.database = psycopg.connect(self.database_url, autocommit=True)

    def span(self, name: str) -> float:
        """Seconds from the first start to the last end of a state machine's executions."""
        row = self.database.execute(
            "SELECT extract(epoch FROM max(e.stopped_at) - min(e.started_at))"
            " FROM executions_execution e JOIN studio_statemachine m"
            " ON m.id = e.state_machine_id WHERE m.name = %s",
            (name,),
        ).fetchone()
        return float(row[0]) if row else 0.0


@contextmanager
def installation(*function_folders: Path) -> Iterator[Installation]:
    """A running installation in a temporary folder, with these functions and ``nothing``."""
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        functions = Path(folder) / "functions"
        functions.mkdir()
        (functions / "nothing.py").write_text("def handler(event, context):\n    return event\n")
        (functions / "wait.py").write_text(
            "import time\n\n\ndef handler(event, context):\n"
            "    time.sleep(event.get('seconds', 0))\n    return event\n"
        )
        Path(folder).chmod(0o755)

        folders = os.pathsep.join(map(str, (functions, *function_folders)))
        stack = Stack(
            Path(folder) / "var",
            free_port(),
            environment={**os.environ, "STEPWELL_FUNCTIONS": folders},
        )
        stack.start()
        try:
            yield Installation(stack)
        finally:
            stack.stop()


def start_many(here: Installation, name: str, count: int, clients: int, text: str = "{}") -> float:
    """Start executions from several clients; seconds until the last StartExecution answered."""
    shares = [count // clients + (i < count % clients) for i in range(clients)]

    def run(share: int) -> None:
        client = here.client()
        for _ in range(share):
            client.call("StartExecution", stateMachineArn=ARN + name, input=text)

    began = time.perf_counter()
    threads = [threading.Thread(target=run, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _throughput(
    here: Installation, name: str, definition: str, count: int, clients: int, text: str = "{}"
) -> tuple[float, float]:
    """(executions/s from first start to last end, StartExecution/s as the clients saw it)."""
    here.create(name, definition)
    starting = start_many(here, name, count, clients, text)
    here.wait(name, count)
    return count / here.span(name), count / starting


def _one_by_one(here: Installation, name: str, definition: str, count: int) -> list[float]:
    """Milliseconds from calling StartExecution to the execution's end, one after another."""
    here.create(name, definition)
    client = here.client()
    taken = []
    for done in range(1, count + 1):
        began = time.time()
        arn = client.call("StartExecution", stateMachineArn=ARN + name, input="{}")["executionArn"]
        here.wait(name, done)
        row = here.database.execute(
            "SELECT extract(epoch FROM stopped_at) FROM executions_execution WHERE name = %s",
            (arn.rsplit(":", 1)[1],),
        ).fetchone()
        taken.append((float(row[0]) - began) * 1000 if row else 0.0)
    return taken


def main(say: Callable[[str], None] = print) -> None:
    """Print every figure of the durable engine."""
    with installation() as here:
        start_warm(here)
        rate, starts = _throughput(here, "one-pass", workflows.passes(1), 2000, 32)
        say(f"one Pass, 32 clients            {rate:8.0f} executions/s  ({starts:.0f} starts/s)")
        rate, _ = _throughput(here, "100-passes", workflows.passes(100), 500, 32)
        say(f"100 Passes, 32 clients          {rate:8.0f} executions/s  {rate * 100:,.0f} tr/s")
        for count in (1, 8):
            rate, _ = _throughput(
                here, f"loop-{count}", workflows.choice_loop(1000), count, min(count, 8)
            )
            say(f"Choice loop of 1,000 x {count}        {rate * 2002:8,.0f} transitions/s")
        for count in (1, 8):
            rate, _ = _throughput(
                here,
                f"map-{count}",
                workflows.inline_map(1000),
                count,
                min(count, 8),
                workflows.items(1000),
            )
            say(f"inline Map 1,000 x 3 Passes x {count} {rate * 3001:8,.0f} transitions/s")
        taken = sorted(_one_by_one(here, "tasks-1", workflows.tasks(10, "nothing"), 50))
        say(
            f"10 no-op tasks, 1 client        {10000 / statistics.median(taken):8.0f} steps/s"
            f"  ({statistics.median(taken) / 10:.1f} ms a step)"
        )
        rate, _ = _throughput(here, "tasks-32", workflows.tasks(10, "nothing"), 640, 32)
        say(f"10 no-op tasks, 32 clients      {rate * 10:8.0f} steps/s")
        taken = sorted(_one_by_one(here, "10-passes", workflows.passes(10), 100))
        say(
            f"StartExecution to end, 10 Passes: p50 {statistics.median(taken):.1f} ms,"
            f" p95 {taken[int(len(taken) * 0.95)]:.1f} ms"
        )


def start_warm(here: Installation) -> None:
    """Have every process import, connect and compile once before anything is measured."""
    here.create("warm", workflows.tasks(1, "nothing"))
    start_many(here, "warm", 50, 8)
    here.wait("warm", 50)
