"""List the pictures in some of the example's folders."""

from errors import NoPictures
from pictures import EXAMPLE

KINDS = {".jpg", ".jpeg", ".png", ".webp"}


def handler(event, context):
    found = []
    for name in event.get("folders", ["pictures"]):
        folder = (EXAMPLE / name).resolve()
        if not folder.is_relative_to(EXAMPLE) or not folder.is_dir():
            raise NoPictures(f"The example has no folder {name!r}.")
        found += [path for path in sorted(folder.iterdir()) if path.suffix.lower() in KINDS]
    if not found:
        raise NoPictures("There are no pictures in these folders.")
    return {
        "title": event.get("title", "Contact sheet"),
        "pictures": [{"name": path.name, "path": str(path)} for path in found],
    }
