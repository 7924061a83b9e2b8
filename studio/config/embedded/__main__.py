"""The supervisor in the foreground: ``python -m studio.config.embedded``.

``PORT`` (8000) and ``STEPWELL_DATA`` (``var/``) move it; Ctrl-C, SIGTERM or a closed terminal end
it with everything it started. With the argument ``manage`` it runs a Django command beside a
running installation instead.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from . import local_env
from .beside import manage
from .ports import port_from
from .processes import adopt_orphans
from .roles import PROJECT
from .stack import Stack
from .supervisor import reap_adopted
from .terminal import box, event, failures_told


def main() -> None:
    """Run until told to stop."""
    port = port_from(os.environ.get("PORT") or "8000")
    data = Path(os.environ.get("STEPWELL_DATA") or PROJECT / "var")
    if sys.argv[1:2] == ["manage"]:
        manage(data, port, sys.argv[2:])
    began = time.monotonic()
    stack = Stack(data, port, report=event)
    stopping = told = False

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal stopping, told
        if stopping:
            stack.kill_now()
            return
        stopping = told = True
        print(flush=True)
        event("stepwell", f"stopping ({signal.Signals(number).name}; again to kill at once)")
        raise KeyboardInterrupt

    stopping_signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in stopping_signals:
        signal.signal(number, stop)
    # Pool processes of a killed worker become ours, so that nobody else has to collect them.
    adopt_orphans()
    try:
        # The bootstrap blocked them until somebody could answer.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stopping_signals)
        stack.start()
        event("stepwell", f"everything is up after {time.monotonic() - began:.1f} s")
        welcome(stack)
        while stack.failure is None:
            time.sleep(0.5)
            reap_adopted(stack.processes)
        raise stack.failure
    except KeyboardInterrupt:
        pass
    finally:
        stopping = True
        stack.stop()
        if told:
            event("stepwell", "stopped")


def near(path: Path) -> str:
    """A path as a person in this folder would type it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def welcome(stack: Stack) -> None:
    """Say where it is, and how to get in."""
    shown = near(stack.data / "local.env")
    rows = [("Stepwell", stack.url)]
    first = stack.first_account
    if first is not None:
        rows += [
            ("Account", first.username),
            ("Password", f"{first.password}   (shown this once)"),
            ("API key", first.access_key_id),
            ("Secret", f"{first.secret_access_key}   (shown this once)"),
        ]
    if local_env.read(stack.data / "local.env"):
        rows.append(("AWS CLI", f"source {shown}"))
    else:
        rows.append(("AWS CLI", f"the first key was written elsewhere: there is no {shown}"))
    if first is None:
        rows.append(("Password", 'forgotten: make manage ARGS="changepassword admin"'))
    box([*rows, ("Logs", near(stack.data / "log")), ("Stop", "Ctrl-C")])
    stack.forget_first_account()


if __name__ == "__main__":
    with failures_told():
        main()
