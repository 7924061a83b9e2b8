"""Both kinds of object stores, each with a bucket."""

from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from executions.items.folder_store import FolderStore
from executions.items.object_store import ObjectStore
from executions.items.s3_store import S3Store

BUCKET = "data-of-orders"

Put = Callable[[str, bytes | str], None]


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    """A store with an empty bucket."""
    if request.param == "folder":
        folder: Path = request.getfixturevalue("tmp_path")
        (folder / BUCKET).mkdir()
        return FolderStore(folder)
    request.getfixturevalue("aws")
    s3 = boto3.resource("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    request.addfinalizer(lambda: s3.Bucket(BUCKET).objects.all().delete())  # noqa: PT021
    return S3Store()


@pytest.fixture
def put(store: ObjectStore) -> Put:
    """Puts an object into the bucket."""

    def put(key: str, content: bytes | str) -> None:
        data = content.encode() if isinstance(content, str) else content
        assert store.write(BUCKET, key, [data]) == len(data)

    return put
