"""Brings a clone to where it can run: Python packages, front-end packages, the built bundle.

Each part is skipped when the stamp it left says that it is current. A stamp is written after
success only, and what a failure leaves half-made is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from .failures import Failure
from .processes import tail
from .roles import PROJECT
from .terminal import Step

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = PROJECT / "frontend"
CONTRACT = PROJECT / "tests" / "contract" / "javascript"
BUNDLE = PROJECT / "static" / "app"


def python_packages(*, dev: bool = False) -> None:
    """A virtual environment with exactly what the lock names.

    Raises:
        Failure: it cannot be made, or a package cannot be had; a new environment is removed.
    """
    lock = PROJECT / ("requirements-dev.txt" if dev else "requirements.txt")
    stamps = VENV / ".stepwell"
    stamp = stamps / lock.stem
    current = _hash([lock], sys.version)
    if PYTHON.exists() and _read(stamp) == current:
        return
    unfinished = stamps / "unfinished"
    new = not _is_usable() or unfinished.exists()
    try:
        if new:
            _make_venv()
            stamps.mkdir()
            unfinished.touch()
        with Step("Python packages: installing") as step:
            step.note("half a minute or more")
            pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps"]
            code, output = _run([*pip, "--only-binary", ":all:", "-r", str(lock)], step)
            if code != 0:
                raise _pip_failure(output)
    except BaseException:
        if new:
            shutil.rmtree(VENV, ignore_errors=True)
        raise
    stamps.mkdir(exist_ok=True)
    stamp.write_text(current)
    unfinished.unlink(missing_ok=True)


def frontend_packages() -> None:
    """What the front end is built from and checked with; raises Failure as ``_npm_packages``."""
    _npm_packages(FRONTEND, "Front-end packages")


def contract_packages() -> None:
    """AWS's SDK for JavaScript, for the contract tests; raises Failure as ``_npm_packages``."""
    _npm_packages(CONTRACT, "AWS's SDK for JavaScript")


def _npm_packages(folder: Path, title: str) -> None:
    """``npm ci`` as the lock in the folder says, unless that has been done.

    Raises:
        Failure: Node is missing or too old, a package cannot be had, or the folder of the packages
            is a link: ``npm ci`` would empty what it points to.
    """
    modules = folder / "node_modules"
    stamp = modules / ".stepwell"
    current = _hash([folder / "package.json", folder / "package-lock.json"])
    if _read(stamp) == current:
        return
    if modules.is_symlink():
        raise Failure(
            f"{modules} is a link to {modules.readlink()}, whose packages are not those of the "
            "lock file; installing would empty that folder.",
            f"Bring the packages there up to date, or remove the link: rm {modules}",
        )
    require_node()
    try:
        with Step(f"{title}: installing") as step:
            code, output = _run(["npm", "ci", "--no-audit", "--no-fund"], step, folder)
            if code != 0:
                raise Failure(
                    f"{title} could not be installed.",
                    "If the registry cannot be reached: check the network and `npm config list`, "
                    "then repeat.",
                    tail(output),
                )
    except BaseException:
        shutil.rmtree(modules, ignore_errors=True)
        raise
    stamp.write_text(current)


def bundle() -> None:
    """``npm run build`` where a source has changed since the last one.

    It is built beside its place and put there when complete: what was there serves until then.

    Raises:
        Failure: Node is missing or too old, or the sources do not build.
    """
    stamp = BUNDLE / ".stepwell"
    current = _hash(_sources())
    if _read(stamp) == current:
        return
    frontend_packages()
    require_node()
    making = BUNDLE.with_name(f"{BUNDLE.name}.making")
    former = BUNDLE.with_name(f"{BUNDLE.name}.former")
    for left_over in (making, former):
        shutil.rmtree(left_over, ignore_errors=True)
    try:
        with Step("Front end: building") as step:
            elsewhere = ["--", "--outDir", str(making), "--emptyOutDir"]
            code, output = _run(["npm", "run", "build", *elsewhere], step, FRONTEND)
            if code != 0:
                raise Failure(
                    "The front end does not build.",
                    "Mend what it names above; `cd frontend && npm run build` repeats it.",
                    tail(output, 25),
                )
        (making / stamp.name).write_text(current)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    if BUNDLE.exists():
        BUNDLE.rename(former)
    making.rename(BUNDLE)
    shutil.rmtree(former, ignore_errors=True)


def chromium() -> None:
    """Debian's Chromium, for the browser tests.

    Raises:
        Failure: it is missing and this user may not install it.
    """
    if shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    command = "apt-get install -y --no-install-recommends chromium"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Failure(
            "The browser tests need Chromium, which is not installed.",
            f"Run this, then `make test` again:  sudo {command}",
        )
    with Step("Chromium: installing with apt") as step:
        _run(["apt-get", "update"], step)
        code, output = _run(command.split(), step)
        if code != 0:
            raise Failure("Chromium could not be installed.", f"Try:  {command}", tail(output))


def _is_usable() -> bool:
    """Whether ``.venv`` holds a Python of this version with pip."""
    if not PYTHON.exists():
        return False
    question = "import sys, pip; print(sys.version_info[:2])"
    done = subprocess.run(
        [str(PYTHON), "-c", question], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() == str(tuple(sys.version_info[:2]))


def _make_venv() -> None:
    with Step("Python environment: making .venv") as step:
        shutil.rmtree(VENV, ignore_errors=True)
        code, output = _run([sys.executable, "-m", "venv", str(VENV)], step)
        if code != 0:
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise Failure(
                f"Python {version} here cannot make a virtual environment.",
                f"On Debian its part for that is a package:  apt-get install python{version}-venv",
                tail(output),
            )


def _pip_failure(output: str) -> Failure:
    unreachable = "NewConnectionError|NameResolution|ConnectTimeout|ProxyError|SSLError|ReadTimeout"
    if "DO NOT MATCH THE HASHES" in output:
        what = "A package differs from the one that requirements.txt names by its hash."
        next_step = "Do not use it. Is a mirror or proxy between here and the index?"
    elif re.search(unreachable, output):
        what = "The Python package index cannot be reached."
        next_step = "Check the network and `pip config list`, then repeat."
    elif "No matching distribution" in output or "not a supported wheel" in output:
        machine = f"{os.uname().sysname} {os.uname().machine}"
        what = f"A package has no ready-made wheel for this machine ({machine})."
        next_step = (
            "Stepwell runs on Linux with glibc, on x86_64 and arm64. If this is one: check the "
            "network and `pip config list`, then repeat."
        )
    else:
        what = "The Python packages could not be installed."
        next_step = "Mend what pip says above, then repeat."
    return Failure(what, f"{next_step}\nNothing half-made was left.", tail(output))


def require_node() -> None:
    """See that Node.js and npm are there and new enough.

    Raises:
        Failure: they are not.
    """
    engines = json.loads((FRONTEND / "package.json").read_text()).get("engines", {})
    wanted = re.findall(r"\d+", engines.get("node", ">=20"))
    minimum = ".".join(wanted)
    advice = (
        f"Install Node.js {wanted[0]} LTS with its npm and see that `node --version` shows it. "
        "It is needed to build the pages only."
    )
    if not shutil.which("node") or not shutil.which("npm"):
        missing = "Node.js" if not shutil.which("node") else "npm"
        raise Failure(f"{missing} was not found; the pages need Node.js {minimum}.", advice)
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = [int(part) for part in re.findall(r"\d+", found.stdout)]
    if version < [int(part) for part in wanted]:
        raise Failure(
            f"Node.js {found.stdout.strip() or '(which does not start)'} is too old; "
            f"the pages need {minimum} or newer.",
            advice,
        )


def _run(command: list[str], step: Step, cwd: Path = PROJECT) -> tuple[int, str]:
    """Run a program quietly, showing its last line beside the step; code and last output."""
    with tempfile.TemporaryDirectory(prefix="stepwell-install-") as scratch:
        # A pip that is cut off leaves its unpacked wheels: in a place that goes with it.
        return _run_in(scratch, command, step, cwd)


def _run_in(scratch: str, command: list[str], step: Step, cwd: Path) -> tuple[int, str]:
    environment = {
        **os.environ,
        "TMPDIR": scratch,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_USER": "0",
        "DEBIAN_FRONTEND": "noninteractive",
        "npm_config_yes": "true",
    }
    lines: deque[str] = deque(maxlen=400)
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line)
                step.note(line.strip())
        except BaseException:
            process.terminate()
            raise
    return process.returncode, "".join(lines)


def _sources() -> Iterable[Path]:
    for folder, folders, names in os.walk(FRONTEND):
        folders[:] = sorted(set(folders) - {"node_modules"})
        yield from (Path(folder, name) for name in sorted(names))


def _hash(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        digest.update(f"\0{path.relative_to(PROJECT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text()
    except OSError:
        return ""
