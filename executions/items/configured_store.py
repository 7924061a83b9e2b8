"""The object store of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from executions.integrations.aws.connections import connections
from executions.items.folder_store import FolderStore
from executions.items.s3_store import S3Store

if TYPE_CHECKING:
    from executions.items.object_store import ObjectStore


def object_store() -> ObjectStore:
    """The store that ``STEPWELL_OBJECTS`` names.

    A folder: that one. ``s3``: S3. Nothing: S3 where an endpoint or credentials for it are
    configured, else ``objects/`` in the data folder. S3 is called as ``current_caller`` is now.
    """
    chosen = settings.OBJECTS
    if chosen == "s3" or (not chosen and connections().is_configured("s3")):
        return S3Store()
    return FolderStore(chosen or settings.DATA_DIR / "objects")
