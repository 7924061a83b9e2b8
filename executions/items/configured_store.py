"""The object store of this installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from executions.integrations.aws.connections import connections
from executions.items.folder_store import FolderStore
from executions.items.s3_store import S3Store

if TYPE_CHECKING:
    from executions.items.object_store import ObjectStore


OTHER_ACCOUNTS: Final = ".accounts"
"""A folder beside the buckets of the first workspace: no bucket's name begins with a dot."""


def object_store(account: str) -> ObjectStore:
    """The store that ``STEPWELL_OBJECTS`` names, as the workflows of an account see it.

    A folder: that one. ``s3``: S3. Nothing: S3 where an endpoint or credentials for it are
    configured, else ``objects/`` in the data folder. In a folder every account but the first has
    buckets of its own; S3 is called as ``current_caller`` is now, whose credentials say which
    buckets can be reached.
    """
    chosen = settings.OBJECTS
    if chosen == "s3" or (not chosen and connections().is_configured("s3")):
        return S3Store()
    folder = Path(chosen or settings.DATA_DIR / "objects")
    is_first = account == settings.AWS_ACCOUNT_ID
    return FolderStore(folder if is_first else folder / OTHER_ACCOUNTS / account)
