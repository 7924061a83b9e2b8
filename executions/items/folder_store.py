"""Objects as files, for installations without S3: a bucket is a folder, a key a path in it."""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from executions.items.object_store import ListedObject, OpenObject
from executions.items.problems import ObjectProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_UNFINISHED: Final = ".unfinished"
"""A folder beside the buckets: no bucket's name begins with a dot."""
_FORGOTTEN_AFTER: Final = 24 * 3600
"""Seconds after which a file that was not finished has no writer any more."""
_CHUNK: Final = 1 << 20


class WholeFiles(FileSystemStorage):
    """Django's file storage, where a file appears when it is complete."""

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        unfinished = Path(self.path(_UNFINISHED))
        unfinished.mkdir(parents=True, exist_ok=True)
        _forget_old(unfinished)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=unfinished)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks(_CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(written).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(written).unlink()
            raise
        return name


class FolderStore:
    """The objects below ``folder``, read and written through Django's storage API."""

    def __init__(self, folder: str | Path) -> None:
        self._root = Path(folder).resolve()
        self._storage = WholeFiles(location=self._root, allow_overwrite=True)

    def open(
        self, bucket: str, key: str, *, version: str | None = None, etag: str | None = None
    ) -> OpenObject:
        """Open an object. Folders keep no versions: ``version`` is refused."""
        if version is not None:
            raise ObjectProblem(
                f"VersionId '{version}' cannot be read: objects in a folder have no versions"
            )
        self._existing(bucket)
        name = self._name(bucket, key)
        try:
            stream = cast("BinaryIO", self._storage.open(name).file)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ObjectProblem(f"The specified key does not exist: s3://{bucket}/{key}") from None
        except OSError as error:
            raise ObjectProblem(f"s3://{bucket}/{key} cannot be read: {error.strerror}") from error
        found = _etag(os.fstat(stream.fileno()))
        if etag is not None and etag != found:
            stream.close()
            raise ObjectProblem(f"s3://{bucket}/{key} was replaced while it was being read")
        return OpenObject(stream, found)

    def list(self, bucket: str, prefix: str, *, after: str = "") -> Iterator[ListedObject]:
        """List the files of a bucket, one folder's names in memory at a time."""
        self._existing(bucket)
        yield from self._below(bucket, "", prefix, after)

    def write(self, bucket: str, key: str, content: Iterable[bytes]) -> int:
        """Write an object; the bucket's folder has to be there, as a bucket has at S3."""
        self._existing(bucket)
        name = self._name(bucket, key)
        chunks = _Chunks(content)
        try:
            self._storage.save(name, chunks)
        except OSError as error:
            raise ObjectProblem(
                f"s3://{bucket}/{key} cannot be written: {error.strerror or error}"
            ) from error
        return chunks.written

    def _existing(self, bucket: str) -> None:
        if _BUCKET.fullmatch(bucket) is None or ".." in bucket:
            raise ObjectProblem(f"The specified bucket is not valid: {bucket}")
        if not (self._root / bucket).is_dir():
            raise ObjectProblem(
                f"The specified bucket does not exist: make the folder {self._root / bucket}, "
                "or set AWS_ENDPOINT_URL_S3 or credentials where the bucket is one of S3"
            )

    def _name(self, bucket: str, key: str) -> str:
        """The name in the storage; refuses keys that are no file of this bucket's folder."""
        name = f"{bucket}/{key}"
        parts = key.split("/")
        if "\0" in key or "\\" in key or any(part in ("", ".", "..") for part in parts):
            raise ObjectProblem(f"The key '{key}' names no file in a folder")
        try:
            real = Path(self._storage.path(name)).resolve()
        except (SuspiciousFileOperation, OSError, RuntimeError) as error:
            raise ObjectProblem(f"The key '{key}' names no file in a folder") from error
        # A link may lead anywhere; it is followed within the bucket only.
        if not real.is_relative_to((self._root / bucket).resolve()):
            raise ObjectProblem(f"The key '{key}' leads out of its bucket")
        return name

    def _below(self, bucket: str, folder: str, prefix: str, after: str) -> Iterator[ListedObject]:
        try:
            folders, files = self._storage.listdir(f"{bucket}/{folder}" if folder else bucket)
        except FileNotFoundError:
            return
        # A folder's keys begin with its name and a slash: so the order is that of whole keys.
        for name in sorted([f"{name}/" for name in folders] + files):
            key = folder + name
            if name.endswith("/"):
                wanted = key.startswith(prefix) or prefix.startswith(key)
                passed = key < after and not after.startswith(key)
                linked = Path(self._storage.path(f"{bucket}/{key[:-1]}")).is_symlink()
                if wanted and not passed and not linked:
                    yield from self._below(bucket, key, prefix, after)
            elif key.startswith(prefix) and key > after:
                with suppress(ObjectProblem, FileNotFoundError):
                    status = Path(self._storage.path(self._name(bucket, key))).stat()
                    yield ListedObject(
                        key, _etag(status), status.st_mtime, status.st_size, "STANDARD"
                    )


class _Chunks(File):  # type: ignore[type-arg]  # it is generic for type checkers only
    """What Django's storage saves: chunks as they come, counted."""

    def __init__(self, content: Iterable[bytes]) -> None:
        super().__init__(None)
        self._content = content
        self.written = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in self._content:
            self.written += len(chunk)
            yield chunk


def _etag(status: os.stat_result) -> str:
    return f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'


def _forget_old(folder: Path) -> None:
    """Remove what writers left that were killed."""
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime > _FORGOTTEN_AFTER:
                file.unlink()
