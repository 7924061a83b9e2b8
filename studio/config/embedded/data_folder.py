"""The data folder: everything an installation keeps, and the lock that gives it one owner."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from .failures import Failure
from .unprivileged import Account

SOCKET_PATH_BYTES = 107
"""The longest path a Unix socket may have on Linux (sun_path less its closing zero)."""

FIRST_ACCOUNT = "first-account.json"
"""The first account and key, in the data folder from their making until somebody was told."""

LONGEST_SOCKET = "postgres/.s.PGSQL.5432"


class DataFolder:
    """Paths below ``STEPWELL_DATA`` (default ``var/``).

    ::

        postgres/     the cluster; a link where root's own path is closed to PostgreSQL's user
        run/          sockets; a link to a short path where this one is too long
        log/          <role>.log, and <role>.log.1 of the start before
        files/        what functions wrote, served at /files/
        secret.key    Django's secret, mode 0600
        local.env     endpoint and first key, mode 0600
        first-account.json   the first password, mode 0600, until it was shown once
        lock          held by the supervisor that owns the folder
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._lock: int | None = None

    @property
    def log(self) -> Path:
        """Where each process writes its log."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Where the sockets are."""
        return self.root / "run"

    @property
    def local_env(self) -> Path:
        """The file to source before using the AWS CLI."""
        return self.root / "local.env"

    def open(self, note: str = "") -> None:
        """Make the folder where it is missing and become its only owner.

        ``note`` is shown to whoever else asks for the folder: an address, say.

        Raises:
            Failure: the folder cannot be written, or another supervisor owns it.
        """
        try:
            # 0711: PostgreSQL's user passes through to its own part, and reads nothing else.
            self.root.mkdir(parents=True, exist_ok=True)
            if self.root.stat().st_uid == os.geteuid():
                self.root.chmod(0o711)
            descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Failure(
                f"The data folder {self.root} cannot be written ({error.strerror}).",
                "Choose another:  STEPWELL_DATA=/some/folder make run",
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise Failure(
                f"Stepwell already runs on the data folder {self.root} ({owner or 'starting'}).",
                "Stop it there with Ctrl-C, or run beside it:  "
                "STEPWELL_DATA=/another/folder PORT=8001 make run",
            ) from None
        self._lock = descriptor
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}{', ' + note if note else ''}\n".encode(), 0)
        for folder in (self.log, self.root / "files"):
            folder.mkdir(mode=0o700, exist_ok=True)

    def close(self) -> None:
        """Give the folder up. Harmless when it is not held."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def secret_key(self) -> str:
        """Django's secret, made at the first call and kept with mode 0600."""
        path = self.root / "secret.key"
        if not path.exists() or not path.read_text().strip():
            write_private(path, secrets.token_urlsafe(48) + "\n")
        return path.read_text().strip()

    def make_socket_folder(self, account: Account | None) -> Path:
        """An empty folder for sockets that ``account`` can reach and whose path is short enough.

        That is ``run/`` itself, or a fresh folder below the machine's temporary one with
        ``run`` as a link to it.
        """
        self.remove_socket_folder()
        fits = len(os.fsencode(self.run / LONGEST_SOCKET)) <= SOCKET_PATH_BYTES
        if fits and (account is None or account.can_enter(self.root)):
            folder = self.run
            folder.mkdir(mode=0o711)
        else:
            parent = tempfile.gettempdir()
            if len(os.fsencode(parent)) > 60:
                parent = "/tmp"  # noqa: S108 - the folder below it is made fresh by mkdtemp
            folder = Path(tempfile.mkdtemp(prefix="stepwell-", dir=parent))
            folder.chmod(0o711)
            self.run.symlink_to(folder)
        postgres = folder / "postgres"
        postgres.mkdir(mode=0o700)
        if account is not None:
            os.chown(postgres, account.uid, account.gid)
        return folder

    def remove_socket_folder(self) -> None:
        """Remove the sockets of an earlier start, also of one that was killed."""
        if self.run.is_symlink():
            target = self.run.readlink()
            # Only a folder that this user made for the purpose: links can be edited.
            ours = target.name.startswith("stepwell-") and not target.is_symlink()
            if ours and target.is_dir() and target.stat().st_uid == os.geteuid():
                shutil.rmtree(target, ignore_errors=True)
            self.run.unlink()
        elif self.run.exists():
            shutil.rmtree(self.run)


def write_private(path: Path, text: str) -> None:
    """Replace a file's content in one step, readable by its owner only.

    The new content is on disk before the name points at it, so a crash leaves the old file
    or the new one.
    """
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
