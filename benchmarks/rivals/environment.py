"""The rivals' own environments, of Python and of Node: they are no dependencies of ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
FOLDER = HERE.parents[1] / "var" / "rivals"
MODULES = HERE.parents[1] / "var" / "rivals-node"


def rivals_python() -> Path:
    """The interpreter that has the rivals; installed at the first call, a minute."""
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS],
            check=True,
        )
        stamp.write_text(wanted)
    return python


def rivals_modules() -> Path:
    """The folder whose node_modules has the rivals; installed at the first call, some seconds."""
    wanted = HERE / "package.json"
    given = MODULES / "package.json"
    if not (given.exists() and given.read_text() == wanted.read_text()):
        shutil.rmtree(MODULES, ignore_errors=True)
        MODULES.mkdir(parents=True)
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        package = json.loads(wanted.read_text())
        names = [f"{name}@{version}" for name, version in package["dependencies"].items()]
        subprocess.run(["npm", "install", *quiet, "--prefix", MODULES, *names], check=True)
        # Last of all, so that an installation that stopped halfway is made again.
        shutil.copy(wanted, given)
    return MODULES
