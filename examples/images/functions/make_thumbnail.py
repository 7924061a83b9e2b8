"""Cut a picture to a thumbnail of 384 by 256 pixels."""

from pathlib import Path

from pictures import open_picture, write_picture
from PIL import Image, ImageOps

SIZE = (384, 256)


def handler(event, context):
    picture = ImageOps.fit(open_picture(event["path"]), SIZE, Image.Resampling.LANCZOS)
    stem = Path(event["name"]).stem
    return write_picture(picture, event["executionId"], f"{stem}-thumbnail.jpg")
