"""The fault suite's own build of the runtime: hints go astray, and bugs can be planted.

Python imports this in every process of an installation that has this folder on its PYTHONPATH, and
nowhere else. It changes modules right after they are loaded.

``STEPWELL_CHAOS_HINTS`` names a file that says what becomes of hints: ``drop``, ``triple`` or
``shuffle``. ``STEPWELL_CHAOS_BUG=no-lease`` has workers take up tasks that another worker holds.
"""

import importlib.machinery
import os
import random
import sys
import threading
from pathlib import Path


def stray_hints(hints):
    """Replace the one place where hints are sent."""
    mode = Path(os.environ["STEPWELL_CHAOS_HINTS"])
    plain, held = hints._send, []

    def publish(task, queue):
        try:
            hints.current_app.send_task(task, kwargs={"queue": queue}, queue=queue)
        except Exception:
            return

    def send(task, queue, mark=""):
        match mode.read_text():
            case "drop":
                return
            case "triple":
                for _ in range(3):
                    publish(task, queue)
            case "shuffle":
                # Late, and in another order.
                held.append((task, queue))
                random.shuffle(held)
                late = held.pop()
                threading.Timer(random.uniform(0, 1.5), publish, late).start()
            case _:
                plain(task, queue, mark)

    hints._send = send


def forget_leases(statements):
    """Plant a bug: whoever looks for tasks takes those that others are performing."""
    queued = "status = 'QUEUED'"
    taken = "status IN ('QUEUED', 'STARTED')"
    assert queued in statements.QUEUED_TASKS
    statements.QUEUED_TASKS = statements.QUEUED_TASKS.replace(queued, taken)
    statements.WAITING_WORK = statements.WAITING_WORK.replace(queued, taken)


CHANGES = {}
if "STEPWELL_CHAOS_HINTS" in os.environ:
    CHANGES["executions.runtime.hints"] = stray_hints
if os.environ.get("STEPWELL_CHAOS_BUG") == "no-lease":
    CHANGES["executions.runtime.statements"] = forget_leases


class Finder:
    """Finds modules as ever, and has some of them changed once they are loaded."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in CHANGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            CHANGES[name](module)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder)
