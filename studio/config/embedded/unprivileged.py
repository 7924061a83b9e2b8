"""Whom PostgreSQL runs as, since it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from .failures import Failure


class PopenIdentity(TypedDict, total=False):
    """The arguments of ``subprocess.Popen`` that change who a child is."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user of this machine that a child process becomes."""

    name: str
    uid: int
    gid: int

    def identity(self) -> PopenIdentity:
        """What to hand to ``subprocess.Popen`` so that the child is this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, paths: Iterable[Path]) -> bool:
        """Whether this user can read every path, which asks each folder above it too.

        Asked of the kernel by a child that is this user, so that ACLs count as well.
        """
        test = " && ".join(f"test -r {shlex.quote(str(path))}" for path in paths)
        done = subprocess.run(["/bin/sh", "-c", test], cwd="/", check=False, **self.identity())
        return done.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can pass through a folder to what lies in it."""
        test = f"test -x {shlex.quote(str(folder))}"
        done = subprocess.run(["/bin/sh", "-c", test], cwd="/", check=False, **self.identity())
        return done.returncode == 0


def account_for(cluster: Path) -> Account | None:
    """The user that PostgreSQL becomes where the caller is root; None where it is not.

    An existing cluster stays with its owner, because PostgreSQL demands that. A new one goes
    to `stepwell` where an administrator has made such a user, else to `nobody`: making a user
    would change the machine for a trial run.

    Raises:
        Failure: this machine has neither user.
    """
    if os.geteuid() != 0:
        return None
    names = ["stepwell", "nobody"]
    if cluster.exists():
        owner = cluster.stat().st_uid
        if owner != 0:
            names.insert(0, _name_of(owner))
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Failure(
        "PostgreSQL refuses to run as root, and this machine has no user `nobody`.",
        "Make one (useradd --system stepwell), or run as a plain user.",
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise Failure(
            f"The database files belong to user id {uid}, which this machine does not know.",
            "Give them to a user of this machine (chown -R), or choose another STEPWELL_DATA.",
        ) from None
