"""The supervisor with programs of a few words: what it does when one of them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.config.embedded.failures import Failure
from studio.config.embedded.processes import ProcessSpec
from studio.config.embedded.supervisor import Supervisor

from .conftest import Events

pytestmark = pytest.mark.faults


def shell(role: str, folder: Path, script: str, **more: object) -> ProcessSpec:
    return ProcessSpec(
        role=role,
        command=("/bin/sh", "-c", script),
        log=folder / f"{role}.log",
        cwd=folder,
        **{"ready": lambda _pid: True, **more},  # type: ignore[arg-type]
    )


def lives(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(condition: Callable[[], bool], within: float = 30.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def supervisor(tmp_path: Path, events: Events) -> Iterator[Supervisor]:
    supervisor = Supervisor(str(tmp_path), events)
    yield supervisor
    supervisor.stop()


def test_a_killed_process_is_noticed_said_and_started_again_alone(
    supervisor: Supervisor, tmp_path: Path, events: Events
) -> None:
    supervisor.start([shell("one", tmp_path, "sleep 60"), shell("two", tmp_path, "sleep 60")])
    one, two = supervisor.processes["one"], supervisor.processes["two"]
    os.kill(one, signal.SIGKILL)
    again = supervisor.wait_ready("one", after=one)
    assert again != one
    assert supervisor.processes["two"] == two
    assert f"one: (process {one}) was killed by SIGKILL" in events
    assert "one: back after" in events


def test_sigkill_never_leads_to_giving_up(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start([shell("one", tmp_path, "sleep 60")])
    for _ in range(8):
        pid = supervisor.processes["one"]
        os.kill(pid, signal.SIGKILL)
        supervisor.wait_ready("one", after=pid)


def test_a_process_that_cannot_start_is_a_failure_with_its_log(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(Failure) as caught:
        supervisor.start(
            [shell("web", tmp_path, "echo no such module; exit 3", ready=lambda _pid: False)]
        )
    assert "web (process" in caught.value.what
    assert "ended with code 3" in caught.value.what
    assert "no such module" in caught.value.detail
    assert str(tmp_path / "web.log") in caught.value.next_step


def test_a_program_that_does_not_exist_is_a_failure(supervisor: Supervisor, tmp_path: Path) -> None:
    missing = ProcessSpec("web", ("/no/such/program",), tmp_path / "l", tmp_path, lambda _: True)
    with pytest.raises(Failure, match="/no/such/program"):
        supervisor.start([missing])


def test_a_process_that_fails_again_and_again_is_given_up(
    supervisor: Supervisor, tmp_path: Path, events: Events
) -> None:
    script = "test -e broken && { echo it is broken; exit 1; }; exec sleep 60"
    supervisor.start([shell("turns", tmp_path, script)])
    (tmp_path / "broken").touch()
    os.kill(supervisor.processes["turns"], signal.SIGTERM)
    assert eventually(lambda: supervisor.failure is not None, within=10)
    assert supervisor.failure is not None
    assert "5th time in a row" in supervisor.failure.what
    assert "it is broken" in supervisor.failure.detail
    assert "starting it again in 0.5 s" in events


def test_stopping_ends_users_before_services(supervisor: Supervisor, tmp_path: Path) -> None:
    script = "trap 'echo {} >> order; exit 0' TERM; touch {}.up; while :; do sleep 0.05; done"
    specs = [
        shell(role, tmp_path, script.format(role, role), ready=lambda _, r=role: up(tmp_path, r))
        for role in ("database", "web")
    ]
    supervisor.start(specs)
    supervisor.stop([["web"]])
    assert (tmp_path / "order").read_text().split() == ["web", "database"]
    assert supervisor.processes == {}


def up(folder: Path, role: str) -> bool:
    return (folder / f"{role}.up").exists()


def test_a_process_that_ignores_the_request_is_killed_after_its_grace(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    script = "trap '' TERM; touch one.up; while :; do sleep 0.05; done"
    supervisor.start(
        [shell("one", tmp_path, script, ready=lambda _: up(tmp_path, "one"), grace=0.3)]
    )
    pid = supervisor.processes["one"]
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began > 0.2
    assert not lives(pid)


def test_what_a_process_started_does_not_outlive_it(supervisor: Supervisor, tmp_path: Path) -> None:
    # One child in its group, one in a session of its own, as a function might start it.
    script = "sleep 61 & echo $! > near; setsid sleep 62 & echo $! > far; exec sleep 60"
    far = tmp_path / "far"
    supervisor.start(
        [shell("tasks", tmp_path, script, ready=lambda _: bool(far.exists() and far.read_text()))]
    )
    near_pid, far_pid = int((tmp_path / "near").read_text()), int(far.read_text())
    pid = supervisor.processes["tasks"]
    os.kill(pid, signal.SIGKILL)
    supervisor.wait_ready("tasks", after=pid)
    assert eventually(lambda: not lives(near_pid))
    supervisor.stop()
    assert eventually(lambda: not lives(far_pid))


def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = f"""
import time
from pathlib import Path
from tests.config.test_supervisor import shell
from studio.config.embedded.supervisor import Supervisor
supervisor = Supervisor({str(tmp_path)!r}, lambda role, text: None)
supervisor.start([shell("one", Path({str(tmp_path)!r}), "exec sleep 60")])
print(supervisor.processes["one"], flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert eventually(lambda: not lives(child))
