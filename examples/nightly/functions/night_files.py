"""Where the example's files are: objects for the Map, and pages for the browser.

Objects are in a bucket of Stepwell's own object store, a folder, where no S3 is configured. A file
is written beside its place and moved there, so a function that is called twice does no harm.
"""

import os
import re
from pathlib import Path

from errors import FilesUnavailable

BUCKET = "nightly"


def bucket():
    """The bucket's folder, made where it is missing."""
    objects = os.environ.get("STEPWELL_OBJECTS") or Path(os.environ["STEPWELL_DATA"]) / "objects"
    folder = Path(objects) / BUCKET
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def execution_folder(execution):
    """A folder's name for an execution, given its ARN or name."""
    name = str(execution).rpartition(":")[2]
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[:80] or "_"


def write(target, text):
    """Write a text as a whole or not at all. Raises FilesUnavailable."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    except OSError as error:
        raise FilesUnavailable(f"{target}: {error}") from error


def write_page(execution, name, text):
    """Write what the browser shows; its address."""
    place = Path("nightly") / execution_folder(execution) / name
    write(Path(os.environ["STEPWELL_FILES"]) / place, text)
    return f"/files/{place}"
