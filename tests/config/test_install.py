"""The way from a clone to a running system, where something is missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.config.embedded import install
from studio.config.embedded.failures import Failure
from studio.config.embedded.ports import free_port, port_from, require_free

BOOTSTRAP = Path("studio/config/embedded/bootstrap.py")


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def clone(folder: Path, *names: str) -> Path:
    """A clone with the embedded package and these files of the project."""
    (folder / "studio" / "config").mkdir(parents=True)
    for package in ("studio", "studio/config"):
        (folder / package / "__init__.py").touch()
    shutil.copytree(
        install.PROJECT / "studio/config/embedded",
        folder / "studio/config/embedded",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in names:
        shutil.copy(install.PROJECT / name, folder / name)
    return folder


def bootstrap(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    # The base interpreter, as the Makefile uses it: nothing but the standard library.
    return subprocess.run(
        [sys._base_executable, str(BOOTSTRAP), *arguments],  # type: ignore[attr-defined]
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_names_its_holder_and_a_free_one(listener: int) -> None:
    with pytest.raises(Failure) as caught:
        require_free(listener)
    assert f"Port {listener} is already in use by process {os.getpid()}" in caught.value.what
    assert "PORT=" in caught.value.next_step


def test_a_free_port_is_accepted() -> None:
    require_free(free_port())


@pytest.mark.parametrize("text", ["", "0", "65536", "80a", "-1", "٣٠٠٠"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Failure, match="is no port"):
        port_from(text)


def test_a_taken_port_is_said_before_anything_is_installed(tmp_path: Path, listener: int) -> None:
    done = bootstrap(clone(tmp_path), "run", PORT=str(listener))
    assert done.returncode == 1
    assert f"Port {listener} is already in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".venv").exists()
    assert not (tmp_path / "var").exists()


@pytest.mark.faults
def test_packages_that_cannot_be_had_leave_nothing_half_made(tmp_path: Path) -> None:
    folder = clone(tmp_path)
    (folder / "requirements.txt").write_text(f"stepwell-none==1 --hash=sha256:{'0' * 64}\n")
    done = bootstrap(folder, "install", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert "has no ready-made wheel for this machine" in done.stderr
    assert "No matching distribution found for stepwell-none" in done.stderr
    assert "pip config list" in done.stderr
    assert not (folder / ".venv").exists()


def test_another_python_is_told_which_one_is_needed() -> None:
    source = (install.PROJECT / BOOTSTRAP).read_text()
    elsewhere = source.replace("!= (3, 11)", "!= (3, 1)")
    done = subprocess.run(
        [sys.executable, "-c", elsewhere], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Stepwell needs Python 3.11" in done.stderr
    assert "apt-get install python3.11" in done.stderr


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({}, "Node.js was not found"),
        ({"node": "echo v20.19.0"}, "npm was not found"),
        ({"node": "echo v18.19.0", "npm": ":"}, "Node.js v18.19.0 is too old"),
        ({"node": "exit 1", "npm": ":"}, "which does not start"),
    ],
)
def test_a_missing_or_old_node_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str], said: str
) -> None:
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure) as caught:
        install.require_node()
    assert said in caught.value.what
    assert "Install Node.js 20" in caught.value.next_step


def test_the_bootstrap_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    done = bootstrap(clone(tmp_path), "no-such-command")
    assert done.returncode == 1
    assert "COMMAND is run, install, test, check, bench, chaos or manage." in done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_no_address(name: str) -> None:
    text = (install.PROJECT / name).read_text()
    packages = text.count("==")
    assert packages > 50
    assert text.count("    --hash=sha256:") >= packages
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_packages_behind_a_link_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    monkeypatch.setattr(install, "FRONTEND", tmp_path)
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    package = tmp_path / "elsewhere" / "package"
    package.mkdir(parents=True)
    (tmp_path / "node_modules").symlink_to(package.parent)
    with pytest.raises(Failure) as caught:
        install.frontend_packages()
    assert f"is a link to {package.parent}" in caught.value.what
    assert package.is_dir()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose ``npm run build`` copies ``frontend/source`` and then ends as that says."""
    frontend = tmp_path / "frontend"
    (frontend / "node_modules").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (frontend / name).write_text("{}")
    programs = tmp_path / "programs"
    programs.mkdir()
    # npm run build -- --outDir FOLDER --emptyOutDir
    build = 'mkdir -p "$5" && cp source "$5/main.js" && grep -q good source'
    for name, script in {"node": "echo v20.19.0", "npm": build}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    monkeypatch.setattr(install, "FRONTEND", frontend)
    monkeypatch.setattr(install, "BUNDLE", tmp_path / "static" / "app")
    monkeypatch.setattr(install, "frontend_packages", lambda: None)
    return tmp_path


def test_a_bundle_that_does_not_build_leaves_the_former_one(project: Path) -> None:
    source, built = project / "frontend" / "source", project / "static" / "app" / "main.js"
    source.write_text("good")
    install.bundle()
    assert built.read_text() == "good"

    source.write_text("broken")
    with pytest.raises(Failure, match="does not build"):
        install.bundle()
    assert built.read_text() == "good"
    assert [path.name for path in (project / "static").iterdir()] == ["app"]

    source.write_text("good again")
    (project / "static" / "app.making").mkdir()  # What a kill left.
    install.bundle()
    assert built.read_text() == "good again"
    source.with_name("other").touch()
    source.unlink()
    with pytest.raises(Failure):
        install.bundle()
    assert built.read_text() == "good again"
