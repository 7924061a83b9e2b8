"""An integration of one's own: the package that the documentation shows, installed and called."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs/how-to/call-databases-mail-and-celery.md"
SECTION = "## One's own"
NAME = "shop_stepwell"

CALLS = """
import json
import django
django.setup()
from executions.integration import TaskRequest
from executions.integrations.registry import available_actions, integration_for
from studio.asl.parse import parse

def outcome(resource, order):
    given = json.dumps({"Order": order})
    request = TaskRequest("e", "m", "Charge", 1, 0, resource, given, None, "k")
    found = integration_for(resource).perform(request)
    return [type(found).__name__, *(getattr(found, name) for name in found.__slots__)]

charge = "arn:aws:states:::shop:charge"
state = {"Type": "Task", "Resource": charge, "Parameters": {}, "End": True}
parse(json.dumps({"StartAt": "Charge", "States": {"Charge": state}}))
print(json.dumps({
    "good": outcome(charge, 7),
    "bad": outcome(charge, -1),
    "sync": outcome(charge + ".sync", 7)[1],
    "offered": [[a.resource, a.patterns] for a in available_actions() if a.service == "shop"],
}))
"""


def blocks() -> dict[str, str]:
    """The section's code, by language."""
    section = DOCUMENT.read_text().partition(SECTION)[2]
    return dict(re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL))


def wheel_in(folder: Path) -> Path:
    """A wheel of the package, as whoever builds it from the documentation has it."""
    shown = blocks()
    points = tomllib.loads(shown["toml"])["project"]["entry-points"]
    texts = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in of.items())
        for group, of in points.items()
    ]
    about = f"{NAME}-1.0.dist-info"
    files = {
        f"{NAME}.py": shown["python"],
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "\n".join(texts),
    }
    wheel = folder / f"{NAME}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in files))
    return wheel


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process says that has the package installed."""
    folder = tmp_path_factory.mktemp("package")
    site = folder / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run(
        [*install, "--target", str(site), str(wheel_in(folder))], check=True, timeout=120
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", CALLS],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_it_is_called(told: Any) -> None:
    assert told["good"] == ["Succeeded", '{"charged": 7}']
    assert told["bad"] == ["Failed", "Shop.NoSuchOrder", "There is no order -1"]


def test_it_is_offered_with_its_patterns(told: Any) -> None:
    assert told["offered"] == [["arn:aws:states:::shop:charge", ["waitForTaskToken"]]]


def test_a_pattern_that_it_does_not_have_is_no_call(told: Any) -> None:
    assert told["sync"] == "States.TaskFailed"
