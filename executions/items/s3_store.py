"""Objects in S3, or in what answers at ``AWS_ENDPOINT_URL_S3``, through boto3."""

from __future__ import annotations

import io
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from django.conf import settings

from executions.integrations.aws.caller import WORKERS, Caller, current_caller
from executions.integrations.aws.connections import connections
from executions.items.object_store import ListedObject, OpenObject
from executions.items.problems import ObjectProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import WriteableBuffer

_ATTEMPTS: Final = 5
"""Calls of S3 for one answer: nobody's Retry stands behind reading item 1,000,000."""
_BUFFER: Final = 1 << 18
_PART: Final = 8 << 20
"""Bytes of one part of a large object; S3 takes 10,000 parts, which makes 78 GiB."""


class S3Store:
    """Objects of S3, with the credentials of whoever makes the store."""

    def __init__(self) -> None:
        # Kept: what is listed and read goes on later, on whatever thread.
        self._caller = current_caller()

    def _client(self) -> Any:
        """The client; another one where the environment names another endpoint."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        return _client_of(self._caller, settings.AWS_REGION, endpoint)

    def open(
        self, bucket: str, key: str, *, version: str | None = None, etag: str | None = None
    ) -> OpenObject:
        """Open an object; what breaks off while it is read is fetched again from there."""
        raw = _S3Object(self._client, bucket, key, version, etag)
        return OpenObject(cast("BinaryIO", io.BufferedReader(raw, _BUFFER)), raw.etag)

    def list(self, bucket: str, prefix: str, *, after: str = "") -> Iterator[ListedObject]:
        """List, a thousand keys a call."""
        pages = (
            self._client()
            .get_paginator("list_objects_v2")
            .paginate(Bucket=bucket, Prefix=prefix, StartAfter=after)
        )
        iterator = iter(pages)
        while (page := _asked(lambda: next(iterator, None))) is not None:
            for found in page.get("Contents", []):
                yield ListedObject(
                    found["Key"],
                    found["ETag"],
                    found["LastModified"].timestamp(),
                    found["Size"],
                    found.get("StorageClass", "STANDARD"),
                )

    def write(self, bucket: str, key: str, content: Iterable[bytes]) -> int:
        """Write an object in one call, or in parts that S3 puts together at the end.

        A killed process leaves parts that no object has: the bucket's life-cycle rules remove them.
        """
        from boto3.s3.transfer import TransferConfig  # imported late: see connections.py

        counted = _Readable(content)
        config = TransferConfig(
            multipart_threshold=_PART, multipart_chunksize=_PART, use_threads=False
        )
        _asked(lambda: self._client().upload_fileobj(counted, bucket, key, Config=config))
        return counted.read_bytes


class _S3Object(io.RawIOBase):
    """An object as a file: a request is made when something is read, from where that is."""

    def __init__(
        self,
        client: Callable[[], Any],
        bucket: str,
        key: str,
        version: str | None,
        etag: str | None,
    ) -> None:
        super().__init__()
        self._client = client
        self._named: dict[str, str] = {"Bucket": bucket, "Key": key}
        if version is not None:
            self._named["VersionId"] = version
        self._position = 0
        self._body: Any = None
        answer = self._get(etag)
        self.etag = str(answer["ETag"])
        self._size = int(answer["ContentLength"])
        self._body = answer["Body"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset != self._position:
            self._release()
            self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self._size:
            return 0
        for attempt in range(1, _ATTEMPTS + 1):
            if self._body is None:
                self._body = self._get(self.etag)["Body"]
            try:
                chunk = self._body.read(len(view))
            except Exception as error:
                # botocore and urllib3 have a dozen names for a connection that broke off.
                self._release()
                if attempt == _ATTEMPTS:
                    raise ObjectProblem(f"Unable to read {self._name}: {error}") from error
                continue
            if chunk:
                view[: len(chunk)] = chunk
                self._position += len(chunk)
                return len(chunk)
            self._release()  # It ended before its end.
        raise ObjectProblem(f"Unable to read {self._name}: it ends before its end")

    def close(self) -> None:
        self._release()
        super().close()

    @property
    def _name(self) -> str:
        return f"s3://{self._named['Bucket']}/{self._named['Key']}"

    def _release(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()

    def _get(self, etag: str | None) -> dict[str, Any]:
        arguments: dict[str, str] = dict(self._named)
        if etag is not None:
            arguments["IfMatch"] = etag
        if self._position:
            arguments["Range"] = f"bytes={self._position}-"
        answer: dict[str, Any] = _asked(lambda: self._client().get_object(**arguments))
        return answer


class _Readable(io.RawIOBase):
    """An iterable of bytes as the file that boto3 uploads."""

    def __init__(self, content: Iterable[bytes]) -> None:
        super().__init__()
        self._content = iter(content)
        self._rest = b""
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = size if size is not None and size >= 0 else None
        parts = [self._rest]
        have = len(self._rest)
        while wanted is None or have < wanted:
            chunk = next(self._content, None)
            if chunk is None:
                break
            parts.append(chunk)
            have += len(chunk)
        joined = b"".join(parts)
        taken = joined if wanted is None else joined[:wanted]
        self._rest = joined[len(taken) :]
        self.read_bytes += len(taken)
        return taken


def _asked(call: Any) -> Any:
    """What the call gives. Raises ObjectProblem where S3 refuses or cannot be reached."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call()
    except ClientError as refusal:
        raise ObjectProblem(_refused(refusal.response)) from refusal
    except Boto3Error as error:
        cause = error.__context__
        text = _refused(cause.response) if isinstance(cause, ClientError) else str(error)
        raise ObjectProblem(text) from error
    except BotoCoreError as error:
        raise ObjectProblem(f"Unable to reach S3: {error}") from error


def _refused(response: Any) -> str:
    """The refusal as the AWS SDK for Java writes it in a cause."""
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    if error.get("Code") in ("PreconditionFailed", "412"):
        return "The object was replaced while it was being read"
    return (
        f"{error.get('Message', '')} (Service: Amazon S3; "
        f"Status Code: {metadata.get('HTTPStatusCode', 0)}; Error Code: {error.get('Code', '')}; "
        f"Request ID: {metadata.get('RequestId', '')}; "
        f"S3 Extended Request ID: {metadata.get('HostId', '')}; Proxy: null)"
    )


@lru_cache(maxsize=32)
def _client_of(caller: Caller, region: str, endpoint: str | None) -> Any:
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    config = Config(
        connect_timeout=5,
        read_timeout=60,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        max_pool_connections=64,
    )
    session = boto3.session.Session()
    if caller != WORKERS:
        session = boto3.session.Session(botocore_session=connections().session(caller))
    if session.get_credentials() is None:
        config = config.merge(Config(signature_version=UNSIGNED))
    return session.client("s3", region_name=region, config=config)
