"""What the Makefile calls, with the machine's own Python and nothing installed yet.

    python3.11 studio/config/embedded/bootstrap.py COMMAND [ARGUMENTS]

where COMMAND is run, install, test, check, bench, chaos or manage.

Installs what the command needs, then becomes the command.
"""

import sys

if sys.version_info[:2] != (3, 11):
    # Before any import that an older Python could not even read.
    sys.exit(
        "Stepwell needs Python 3.11; " + sys.executable + " is " + sys.version.split()[0] + ".\n"
        "  On Debian 12:  apt-get install python3.11 python3.11-venv\n"
        "  Or say where it is:  make PYTHON=/path/to/python3.11 ..."
    )

import fcntl
import os
import signal
from pathlib import Path
from types import FrameType
from typing import NoReturn

PROJECT = Path(__file__).resolve().parents[3]
sys.path[0] = str(PROJECT)

from studio.config.embedded import install  # noqa: E402
from studio.config.embedded.failures import Failure  # noqa: E402
from studio.config.embedded.ports import port_from, require_free  # noqa: E402
from studio.config.embedded.processes import die_with_parent  # noqa: E402
from studio.config.embedded.terminal import event, say_failure  # noqa: E402

MODULES = {
    "run": ["-m", "studio.config.embedded"],
    "manage": ["-m", "studio.config.embedded", "manage"],
    "test": [".ci/test.py"],
    "check": [".ci/check.py"],
    "bench": ["-m", "benchmarks"],
    "chaos": ["-m", "tests.faults.chaos"],
}

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(command: str, arguments: list[str]) -> None:
    """Install what a command needs and become it."""
    if command == "run":
        # Seconds first: the long steps should not end in "the port is taken".
        require_free(port_from(os.environ.get("PORT") or "8000"))
    with_lock(command)
    if command == "run":
        # Ctrl-C waits, through the change of program, until the supervisor can answer it.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    if command != "install":
        become([*MODULES[command], *arguments])


def with_lock(command: str) -> None:
    """Install, one process at a time in this clone."""
    descriptor = os.open(PROJECT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        event("stepwell", "waiting: another make is installing in this folder")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    if command in ("test", "bench"):
        install.chromium()
    install.python_packages(dev=command in ("test", "check", "bench", "chaos"))
    if command == "check":
        install.frontend_packages()
    elif command != "manage":
        install.bundle()
    if command == "test":
        install.contract_packages()
    os.close(descriptor)


def stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by the way that removes what is half-made."""
    raise KeyboardInterrupt


def become(arguments: list[str]) -> NoReturn:
    """Replace this process by the environment's Python; it ends when make is killed."""
    os.chdir(PROJECT)
    die_with_parent(signal.SIGTERM, parent=os.getppid())()
    os.execv(install.PYTHON, [str(install.PYTHON), *arguments])  # noqa: S606 - our own program


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in (*MODULES, "install"):
        for number in STOPPING:
            signal.signal(number, stop)
        try:
            main(sys.argv[1], sys.argv[2:])
        except Failure as failure:
            say_failure(failure)
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit("\nStopped. Nothing half-made was left; the same command goes on from here.")
    else:
        sys.exit(__doc__)
