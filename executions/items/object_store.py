"""The port to where objects are: buckets of keys, whole objects, streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class OpenObject:
    """An object being read. ``stream`` can seek; ``etag`` changes whenever the object does."""

    stream: BinaryIO
    etag: str


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object in a listing. ``last_modified`` is in seconds since the epoch, ``size`` in bytes.

    ``etag`` has the quotes that S3 writes around it.
    """

    key: str
    etag: str
    last_modified: float
    size: int
    storage_class: str


class ObjectStore(Protocol):
    """Objects by bucket and key. Every method raises ObjectProblem."""

    def open(
        self, bucket: str, key: str, *, version: str | None = None, etag: str | None = None
    ) -> OpenObject:
        """Open an object for reading; the caller closes its stream.

        With ``etag`` only if the object is still the one that had it. What is read fails with
        ObjectProblem too, when the object is replaced meanwhile or the store goes away.
        """
        ...

    def list(self, bucket: str, prefix: str, *, after: str = "") -> Iterator[ListedObject]:
        """List the objects whose keys begin with ``prefix`` and come after ``after``, in the order
        of their keys' UTF-8 bytes."""
        ...

    def write(self, bucket: str, key: str, content: Iterable[bytes]) -> int:
        """Write an object, replacing what was there, and give its size in bytes.

        The object is there whole or not at all, whenever the process is killed.
        """
        ...
