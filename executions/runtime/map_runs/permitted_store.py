"""The object store as a Map Run has it: its role must allow each object that is read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executions.integrations.aws.caller import calling_as
from executions.items.configured_store import object_store
from executions.items.problems import NotPermitted
from executions.runtime.permissions import caller_of, refusal_of_need
from studio import arns
from studio.policies.map_needs import LIST, READ, READ_VERSION, WRITE
from studio.policies.needs import object_need

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from executions.items.object_store import ListedObject, ObjectStore, OpenObject
    from executions.runtime.map_runs.run import Run


def store_of(run: Run) -> ObjectStore:
    """The store that the run reads from and writes to, with the credentials of its role."""
    with calling_as(caller_of(run.role_arn)):
        return PermittedStore(object_store(arns.account_of(run.machine)), run.role_arn, run.arn)


class PermittedStore:
    """A store whose methods raise NotPermitted, too, before anything is asked of it.

    A manifest may name objects of any bucket: each is held against the role as it comes.
    """

    def __init__(self, store: ObjectStore, role_arn: str, map_run_arn: str) -> None:
        self._store, self._role, self._run = store, role_arn, map_run_arn

    def open(
        self, bucket: str, key: str, *, version: str | None = None, etag: str | None = None
    ) -> OpenObject:
        """Open an object."""
        self._check(READ if version is None else READ_VERSION, bucket, key)
        return self._store.open(bucket, key, version=version, etag=etag)

    def list(self, bucket: str, prefix: str, *, after: str = "") -> Iterator[ListedObject]:
        """List objects."""
        self._check(LIST, bucket, "")
        return self._store.list(bucket, prefix, after=after)

    def write(self, bucket: str, key: str, content: Iterable[bytes]) -> int:
        """Write an object."""
        self._check(WRITE, bucket, key)
        return self._store.write(bucket, key, content)

    def _check(self, action: str, bucket: str, key: str) -> None:
        refused = refusal_of_need(self._role, object_need(action, bucket, key), self._run)
        if refused is not None:
            raise NotPermitted(refused.cause)
