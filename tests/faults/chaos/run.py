"""One run: an installation under strikes, and what must be true of it afterwards."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from studio.config.embedded.roles import PROJECT
from tests.faults.chaos.clients import Clients
from tests.faults.chaos.strikes import Striker
from tests.faults.installation import manage, running_stack, stock_that_does_not_add_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.config.embedded.stack import Stack

HERE = Path(__file__).parent
SETTLE_SECONDS = 240.0
"""How long everything may take to end once the strikes have."""

# I7, and who may take a task: a fence never shrinks, and grows only while nobody has the task.
_WATCH = """
CREATE TABLE chaos_offence (said text);
CREATE FUNCTION chaos_watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_offence VALUES (format('I7: task %s of execution %s: fence %s while %s, then '
        'fence %s', OLD.task, OLD.execution_id, OLD.fence, OLD.status, NEW.fence));
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_watch AFTER UPDATE ON executions_task FOR EACH ROW
WHEN (NEW.fence < OLD.fence OR (NEW.fence > OLD.fence AND OLD.status <> 'QUEUED'))
EXECUTE FUNCTION chaos_watch();
"""


ENOUGH = 5
"""Attempts that a planted bug has had performed twice: it has shown itself."""


@dataclass
class Outcome:
    """What came of a run. ``offences`` is empty where all was well."""

    seed: int
    strikes: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    settled_after: float = 0.0
    offences: list[str] = field(default_factory=list)


def run(
    folder: Path,
    seed: int,
    faults: int,
    minutes: float,
    *,
    bug: str = "",
    settle: float = SETTLE_SECONDS,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Strike ``faults`` times, or for so many minutes, let everything end, and look.

    ``bug`` plants one, and ends the strikes as soon as it has shown itself: see
    ``build/sitecustomize.py``. ``settle`` is how many seconds everything
    may take to end.
    """
    outcome = Outcome(seed)
    ledger, hints = folder / "ledger", folder / "hints"
    ledger.touch()
    hints.touch()
    functions = [HERE / "functions", PROJECT / "examples" / "orders" / "functions"]
    with running_stack(
        folder,
        PYTHONPATH=str(HERE / "build"),
        PYTHONDONTWRITEBYTECODE="1",
        STEPWELL_CHAOS_HINTS=str(hints),
        STEPWELL_CHAOS_LEDGER=str(ledger),
        STEPWELL_CHAOS_BUG=bug,
        STEPWELL_FUNCTIONS=":".join(map(str, functions)),
    ) as stack:
        with _database(stack) as database:
            database.execute(_WATCH)
        clients = Clients(stack, folder, seed)
        clients.create()
        chance = random.Random(seed)
        striker = Striker(stack, clients, hints, chance)
        began = time.monotonic()
        with clients.at_work():
            time.sleep(2)
            for number in range(1, faults + 1):
                what = striker.strike()
                outcome.strikes[re.split(" for | [(]", what)[0]] += 1
                say(f"{time.monotonic() - began:7.1f} s  {number:3}  {what}")
                if time.monotonic() - began > minutes * 60:
                    break
                if bug and len(_performed_twice(ledger.read_text().splitlines())) >= ENOUGH:
                    break
                time.sleep(chance.uniform(0.2, 2.2))
            striker.rest()
        ended = time.monotonic()
        outcome.seconds = ended - began
        try:
            outcome.offences += _settle(stack, settle)
            outcome.settled_after = time.monotonic() - ended
            say(f"all had ended {outcome.settled_after:.1f} s after the last strike")
        finally:
            clients.close()
        outcome.offences += clients.known.offences
        outcome.offences += _offences(stack, clients, ledger, outcome)
        if stack.failure is not None:
            outcome.offences.append(f"the supervisor gave up: {stack.failure}")
        if outcome.offences:
            _keep_logs(stack, folder)
    return outcome


def _database(stack: Stack) -> psycopg.Connection[Any]:
    return psycopg.connect(stack.services.database_url, autocommit=True)


def _settle(stack: Stack, seconds: float) -> list[str]:
    """Wait until nothing runs and nothing waits; what is left if it does not come to that."""
    left: list[str] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with _database(stack) as database:
                left = _left(database)
        except psycopg.OperationalError as error:
            left = [str(error)]
        if not left:
            return []
        time.sleep(0.5)
    return [f"after {seconds:g} s: {each}" for each in left]


def _left(database: psycopg.Connection[Any]) -> list[str]:
    """What still runs or waits. Executions at the gate are FAILED until they are redriven."""
    rows = database.execute(
        "SELECT e.name || ' is ' || e.status FROM executions_execution e"
        " JOIN studio_statemachine m ON m.id = e.state_machine_id"
        " WHERE e.status = 'RUNNING' OR (m.name = 'gate' AND e.redrive_count = 0)"
        " UNION ALL SELECT 'Express: ' || name FROM executions_expressexecution"
        " UNION ALL SELECT format('message %s for execution %s', command, execution_id)"
        " FROM executions_inboxmessage"
        " UNION ALL SELECT format('task %s of execution %s', task, execution_id)"
        " FROM executions_task LIMIT 20"
    ).fetchall()
    return [row[0] for row in rows]


def _offences(stack: Stack, clients: Clients, ledger: Path, outcome: Outcome) -> Iterator[str]:
    with _database(stack) as database:
        yield from _wrong_ends(database, clients, outcome)
        yield from _wrong_deeds(clients, ledger.read_text().splitlines(), _given_up(stack))
        yield from (row[0] for row in database.execute("SELECT said FROM chaos_offence"))
        # The functions of *orders* make their tables with the first order that comes so far.
        (has_sold,) = database.execute("SELECT to_regclass('example_orders.stock')").fetchall()[0]
        if has_sold is not None:
            yield from (f"stock: {each}" for each in stock_that_does_not_add_up(database))
    checked = manage(stack, "check_invariants")
    if checked.returncode:
        yield from (checked.stdout + checked.stderr[-2000:]).splitlines()


def _wrong_ends(
    database: psycopg.Connection[Any], clients: Clients, outcome: Outcome
) -> Iterator[str]:
    """I16 and the results: each execution the clients know of exists once, and ended as it must."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for name, status, output in database.execute(
        "SELECT name, status, output::json FROM executions_execution WHERE parent_id IS NULL"
    ):
        found.setdefault(name, []).append((status, output))
    for name, kind in clients.known.started.items():
        executions = found.get(name, [])
        if len(executions) != 1:
            yield f"I16: there are {len(executions)} executions {name}"
            continue
        ((status, output),) = executions
        outcome.ended[f"{name.partition('-')[0]} {status}"] += 1
        if status not in kind.statuses:
            yield f"{name} is {status}, not {' or '.join(kind.statuses)}"
        elif kind.output is not None and output != kind.output:
            yield f"{name} gave {output}, not {kind.output}"


def _performed_twice(lines: list[str]) -> list[str]:
    begun = Counter(line[6:] for line in lines if line.startswith("begin "))
    return [
        f"attempt {key} was performed {times} times"
        for key, times in begun.items()
        # An asynchronous Express execution that lost its worker begins anew: at least once.
        if times > 1 and not key.startswith("quick-")
    ]


def _given_up(stack: Stack) -> set[str]:
    """Express executions that three workers in a row were lost with: of these it is said, at least.

    Leases are short here, and on a busy machine a worker may be struck before it has done anything.
    """
    said = "".join(log.read_text() for log in (stack.data / "log").glob("*.log*"))
    return set(re.findall(r"the Express execution \S+:(quick-\d+):\S+ is given up", said))


def _wrong_deeds(clients: Clients, lines: list[str], given_up: set[str]) -> Iterator[str]:
    """What was done outside: no attempt twice, and all that a success rests on."""
    yield from _performed_twice(lines)
    done = {line[4:].split("/")[0] for line in lines if line.startswith("end ")}
    of = Counter(line[6:].split("/")[0] for line in lines if line.startswith("begin "))
    for name in clients.known.express:
        if name not in done and name not in given_up:
            yield f"the Express execution {name} was never performed"
    for name, status in clients.known.sync.items():
        if of[name] > 1 or (status == "SUCCEEDED" and of[name] != 1):
            yield f"the synchronous execution {name} was performed {of[name]} times: {status}"
    for name, kind in clients.known.started.items():
        if name.startswith(("fan-", "sides-", "query-", "work-", "gate-")) and name not in done:
            yield f"{name}, which must have been {kind.statuses}, did nothing"


def _keep_logs(stack: Stack, folder: Path) -> None:
    """Put the logs where they outlive the installation."""
    kept = folder / "logs"
    kept.mkdir(exist_ok=True)
    for log in (stack.data / "log").glob("*.log*"):
        (kept / log.name).write_bytes(log.read_bytes())
