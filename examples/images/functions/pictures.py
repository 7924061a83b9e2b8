"""Reading the example's pictures and writing what is made of them.

Results go to ``images/<execution>/`` below STEPWELL_FILES, which Stepwell serves as
``/files/images/<execution>/``. Their names follow from the picture's, and each is written beside
its place and moved there: whoever looks sees a whole file or none, and a function that is called
twice writes the same file twice.
"""

import os
import re
import tempfile
from functools import lru_cache
from pathlib import Path

from errors import FilesUnavailable, UnreadablePicture
from PIL import Image, ImageFont

EXAMPLE = Path(__file__).resolve().parent.parent

FORMATS = {
    ".jpg": ("JPEG", "image/jpeg", {"quality": 86, "optimize": True, "progressive": True}),
    ".png": ("PNG", "image/png", {"compress_level": 1}),
    ".webp": ("WEBP", "image/webp", {"quality": 80, "method": 2}),
}


def open_picture(path):
    """The whole picture, decoded, as RGB. Raises UnreadablePicture."""
    path = Path(path)
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadablePicture(f"{path.name}: {error}") from error


def execution_folder(execution):
    """A folder's name for an execution, given its ARN or name."""
    name = str(execution).rpartition(":")[2]
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[:80] or "_"


def write_picture(picture, execution, name):
    """Write it for the browser to show. Returns what a Task's result says of it."""
    format_name, media_type, options = FORMATS[Path(name).suffix]
    place = Path("images") / execution_folder(execution) / Path(name).name
    target = Path(os.environ["STEPWELL_FILES"]) / place
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            try:
                picture.save(file, format_name, **options)
                file.close()
                Path(file.name).chmod(0o644)
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FilesUnavailable(f"{target}: {error}") from error
    return {
        "mediaType": media_type,
        "url": f"/files/{place.as_posix()}",
        "path": str(target),
        "width": picture.width,
        "height": picture.height,
        "bytes": target.stat().st_size,
    }


@lru_cache(maxsize=8)
def font(size):
    """The typeface that comes with Pillow, so that every machine has it."""
    return ImageFont.load_default(size)
