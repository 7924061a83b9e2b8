"""Keep a picture as WebP, and say how much smaller that is."""

from pathlib import Path

from pictures import open_picture, write_picture


def handler(event, context):
    source = Path(event["path"])
    picture = open_picture(source)
    written = write_picture(picture, event["executionId"], f"{source.stem}.webp")
    return {**written, "sourceBytes": source.stat().st_size}
