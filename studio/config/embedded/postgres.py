"""PostgreSQL in the data folder: made once, started, and put right after a crash."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .data_folder import DataFolder
from .failures import Failure
from .processes import ProcessSpec, die_with_parent, is_postgres, tail
from .unprivileged import Account, account_for
from .wheels import POSTGRES_MAJOR, PostgresPrograms, postgres_programs

NAME = "stepwell"
"""The database and its owner."""

SHARED_HOME = Path("/var/lib/stepwell")
"""Where root puts what PostgreSQL's unprivileged user must reach and otherwise could not."""

SETTINGS = {
    # Nobody outside the socket folder (mode 0700) can connect, so no password is needed.
    "listen_addresses": "",
    "port": "5432",  # Only the socket's name; said aloud because PGPORT would change it.
    "unix_socket_permissions": "0700",
    # An acknowledged commit survives a crash: the engine's guarantees rest on these two.
    "fsync": "on",
    "synchronous_commit": "on",
    # Web pool (20), worker slots, a person with psql; and functions that keep one a thread, in each
    # of the processes that run Express executions (3 x 64). One that is idle costs next to nothing.
    "max_connections": "300",
    # A small machine: the tables that are hot are small, the system's cache holds the rest.
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    # Full-page images after a checkpoint are most of the log of a write-heavy load: make fewer
    # checkpoints and compress the images (pglz is what the wheel is built with).
    "wal_compression": "pglz",
    "checkpoint_timeout": "15min",
    "max_wal_size": "1GB",
    # Inbox and task rows come and go: vacuum soon and little instead of late and much.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_max_workers": "2",
    # Statements are short: compiling them, or spreading them over the few cores, costs more.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    # No helper processes for reads that come from memory; no replicas to serve.
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # SSDs everywhere: an index is cheap to follow.
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}

UNSAFE_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
"""For tests: a commit survives the death of every process, not that of the machine."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster: its files, its user, its programs."""

    home: Path
    sockets: Path
    account: Account | None
    programs: PostgresPrograms
    durable: bool

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "data"

    @property
    def url(self) -> str:
        """The database's address, for ``DATABASE_URL``."""
        return (
            f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets))}&port={SETTINGS['port']}"
        )

    def make(self) -> bool:
        """Make the cluster and its database where there is none; say whether it was made.

        Everything happens in a folder beside it that is renamed when complete, so that a kill
        in the middle leaves nothing that looks like a cluster.

        Raises:
            Failure: the files are of another PostgreSQL version, or ``initdb`` failed.
        """
        for half_made in self.home.glob("data.making-*"):
            shutil.rmtree(half_made)
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(POSTGRES_MAJOR):
                raise Failure(
                    f"{self.data} was made by PostgreSQL {found}; "
                    f"this Stepwell brings PostgreSQL {POSTGRES_MAJOR}.",
                    f"Dump it with PostgreSQL {found} and restore it here, or begin anew with "
                    "another STEPWELL_DATA. Nothing was changed.",
                )
            return False
        if self.data.exists():
            raise Failure(
                f"{self.data} exists and is no PostgreSQL cluster.",
                "Move it away, or choose another STEPWELL_DATA. Nothing was changed.",
            )
        making = self.home / f"data.making-{secrets.token_hex(4)}"
        self._run(
            [
                *(str(self.programs.initdb), "-D", str(making), f"--username={NAME}"),
                # The builtin locale needs nothing of the machine, so dumps move anywhere.
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
                *("--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"),
                *(() if self.durable else ("--no-sync",)),
            ]
        )
        fsync = f"fsync={'on' if self.durable else 'off'}"
        single_user = [str(self.programs.postgres), "--single", "-D", str(making), "-c", fsync]
        self._run([*single_user, "postgres"], f"CREATE DATABASE {NAME}\n")
        making.rename(self.data)
        return True

    def spec(self, folder: DataFolder) -> ProcessSpec:
        """How to run the server."""
        settings = SETTINGS if self.durable else {**SETTINGS, **UNSAFE_SETTINGS}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return ProcessSpec(
            role="postgres",
            command=(
                *(str(self.programs.postgres), "-D", str(self.data), "-k", str(self.sockets)),
                *options,
            ),
            cwd=self.home,
            log=folder.log / "postgres.log",
            ready=self.is_ready,
            before_start=self.clear_leftovers,
            # SIGINT is PostgreSQL's fast shutdown: clients are cut off, the files are left clean.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            grace=20.0,
            account=self.account,
        )

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def clear_leftovers(self) -> None:
        """End server processes that outlived their supervisor, and remove their pid file.

        PostgreSQL refuses to start where ``postmaster.pid`` names a living process, whichever
        it is; after a crash that number may belong to a stranger. What decides here is which
        processes really work in the data directory: every one of PostgreSQL's does.

        Raises:
            Failure: such processes do not end.
        """
        deadline = time.monotonic() + 15
        asked: set[int] = set()
        while workers := self._working_here():
            leader = (self._pid_file() or [""])[0]
            for pid in workers - asked:
                # A fast shutdown through the leader; children without one are cut off.
                ended = signal.SIGINT if str(pid) == leader else signal.SIGQUIT
                if str(pid) == leader or not leader.isdigit() or int(leader) not in workers:
                    _signal(pid, ended)
                    asked.add(pid)
            if time.monotonic() > deadline:
                raise Failure(
                    f"An earlier PostgreSQL still works in {self.data} and does not end.",
                    f"End it:  kill -QUIT {' '.join(map(str, sorted(workers)))}",
                )
            time.sleep(0.02)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.sockets.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def _working_here(self) -> set[int]:
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").readlink() == self.data and is_postgres(process):
                    found.add(int(process.name))
            except OSError:
                continue
        return found

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _run(self, command: list[str], text: str = "") -> None:
        identity = self.account.identity() if self.account else {}
        done = subprocess.run(
            command,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.home,
            check=False,
            preexec_fn=die_with_parent(signal.SIGKILL),
            **identity,
        )
        if done.returncode != 0:
            raise Failure(
                f"PostgreSQL's files could not be made in {self.home}.",
                "Is the disk full, or the folder on a file system without permissions? "
                "Choose another STEPWELL_DATA. Nothing was left behind.",
                tail(done.stdout),
            )


def cluster_in(
    folder: DataFolder, sockets: Path, account: Account | None, *, durable: bool = True
) -> Cluster:
    """The cluster of a data folder, with a home and programs that its user can reach."""
    home = _home(folder, account)
    programs = postgres_programs()
    if account is not None and not account.can_reach(programs.needed()):
        programs = _copied(programs)
    return Cluster(home, sockets / "postgres", account, programs, durable)


def owner_of_cluster(folder: DataFolder) -> Account | None:
    """Whom PostgreSQL runs as for this folder; None for the caller."""
    return account_for(folder.root / "postgres" / "data")


def _home(folder: DataFolder, account: Account | None) -> Path:
    """The folder that holds the cluster.

    Below ``/root`` and its like PostgreSQL's user could not even pass through, and opening
    root's folders to everybody is not ours to do: there the cluster lives in ``/var/lib`` and
    ``postgres`` in the data folder is a link to it.
    """
    link = folder.root / "postgres"
    if link.is_symlink() and not link.exists():
        raise Failure(
            f"{link} points to {link.readlink()}, which does not exist.",
            "Bring that folder back, or remove the link to begin with an empty database.",
        )
    if not link.exists():
        if account is not None and not account.can_enter(folder.root):
            SHARED_HOME.mkdir(mode=0o755, exist_ok=True)
            target = SHARED_HOME / secrets.token_hex(6)
            target.mkdir(mode=0o700)
            os.chown(target, account.uid, account.gid)
            link.symlink_to(target)
        else:
            link.mkdir(mode=0o700)
            if account is not None:
                os.chown(link, account.uid, account.gid)
    home = link.resolve()
    if account is None and home.stat().st_uid != os.geteuid():
        raise Failure(
            f"The database in {home} belongs to another user (made by root, perhaps).",
            "Run as that user, or choose another:  STEPWELL_DATA=/some/folder make run",
        )
    return home


def _copied(programs: PostgresPrograms) -> PostgresPrograms:
    """The programs, copied once to where PostgreSQL's user can read them."""
    place = SHARED_HOME / f"programs-{programs.fingerprint()}"
    copy = PostgresPrograms(place)
    if not place.exists():
        SHARED_HOME.mkdir(mode=0o755, exist_ok=True)
        making = SHARED_HOME / f"programs.making-{secrets.token_hex(4)}"
        unfinished = PostgresPrograms(making)
        for part in ("lib/postgresql", "share/postgresql"):
            shutil.copytree(programs.install / part, unfinished.install / part)
        (unfinished.install / "bin").mkdir()
        for program in (programs.postgres, programs.initdb):
            shutil.copy(program, unfinished.install / "bin")
        shutil.copytree(programs.libraries, unfinished.libraries)
        for path in (making, *making.rglob("*")):
            path.chmod(0o755)
        try:
            making.rename(place)
        except OSError:
            # Another start was quicker; its copy is the same.
            shutil.rmtree(making)
    return copy


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
