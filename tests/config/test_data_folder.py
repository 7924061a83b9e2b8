"""What the data folder keeps, and who may read it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from studio.config.embedded import local_env
from studio.config.embedded.data_folder import DataFolder, write_private
from studio.config.embedded.failures import Failure

VALUES = {
    "AWS_ENDPOINT_URL_SFN": "http://127.0.0.1:8000",
    "AWS_ACCESS_KEY_ID": "STEPWELLKEY",
    "AWS_SECRET_ACCESS_KEY": 'it\'s $HOME `x` "y" \\ #z',
    "AWS_DEFAULT_REGION": "eu-central-1",
}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_local_env_is_private_and_a_shell_reads_it_back(tmp_path: Path) -> None:
    path = tmp_path / "local.env"
    local_env.write(path, VALUES)
    assert mode(path) == 0o600
    assert local_env.read(path) == VALUES
    show = "; ".join(f'printf "%s\\n" "${name}"' for name in VALUES)
    done = subprocess.run(
        ["/bin/bash", "-c", f"source {path}; env -0 >/dev/null; {show}"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == list(VALUES.values())


def test_a_private_file_replaces_one_that_was_open_to_all(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (path.read_text(), mode(path)) == ("new", 0o600)


def test_another_port_moves_the_endpoint_and_keeps_the_key(tmp_path: Path) -> None:
    path = tmp_path / "local.env"
    local_env.write(path, VALUES)
    local_env.move(path, endpoint="http://127.0.0.1:9999", region="eu-central-1")
    assert local_env.read(path) == {**VALUES, "AWS_ENDPOINT_URL_SFN": "http://127.0.0.1:9999"}
    assert mode(path) == 0o600


def test_a_missing_local_env_is_not_invented(tmp_path: Path) -> None:
    local_env.move(tmp_path / "local.env", endpoint="http://127.0.0.1:1", region="us-east-1")
    assert not (tmp_path / "local.env").exists()


def test_the_engine_never_sees_the_key_of_its_own_users(tmp_path: Path) -> None:
    path = tmp_path / "local.env"
    local_env.write(path, VALUES)
    sourced = {**VALUES, "AWS_ENDPOINT_URL_SFN": "http://127.0.0.1:7777", "HOME": "/h"}
    assert local_env.without_own_key(sourced, path) == {"HOME": "/h"}


def test_nor_the_key_of_another_installation(tmp_path: Path) -> None:
    other = tmp_path / "local.env"
    local_env.write(other, VALUES)
    sourced = {**VALUES, "STEPWELL_LOCAL_ENV": str(other), "HOME": "/h"}
    assert local_env.without_own_key(sourced, tmp_path / "var" / "local.env") == {"HOME": "/h"}


def test_the_engine_keeps_aws_variables_that_are_its_own(tmp_path: Path) -> None:
    path = tmp_path / "local.env"
    local_env.write(path, VALUES)
    own = {
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:4566",
    }
    assert local_env.without_own_key(own, path) == own


def test_djangos_secret_is_made_once_and_private(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "var")
    folder.open()
    secret = folder.secret_key()
    assert len(secret) >= 50
    assert mode(folder.root / "secret.key") == 0o600
    assert DataFolder(tmp_path / "var").secret_key() == secret
    folder.close()


def test_the_folder_has_one_owner_until_it_is_given_up(tmp_path: Path) -> None:
    owner, other = DataFolder(tmp_path / "var"), DataFolder(tmp_path / "var")
    owner.open("http://127.0.0.1:8000")
    with pytest.raises(Failure, match=r"process \d+, http://127\.0\.0\.1:8000"):
        other.open()
    owner.close()
    other.open()
    other.close()


def test_a_killed_owner_does_not_keep_the_folder(tmp_path: Path) -> None:
    program = (
        "import os, signal; from pathlib import Path; "
        "from studio.config.embedded.data_folder import DataFolder; "
        f"DataFolder(Path({str(tmp_path)!r})).open(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -9
    folder = DataFolder(tmp_path)
    folder.open()
    folder.close()


def test_only_the_way_to_the_database_is_open_to_others(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "var")
    folder.open()
    assert mode(folder.root) == 0o711
    assert mode(folder.log) == mode(folder.root / "files") == 0o700
    folder.close()
