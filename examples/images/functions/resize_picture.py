"""Make a picture at most 1024 pixels wide."""

from pathlib import Path

from pictures import open_picture, write_picture
from PIL import Image

WIDTH = 1024


def handler(event, context):
    picture = open_picture(event["path"])
    if picture.width > WIDTH:
        height = round(picture.height * WIDTH / picture.width)
        picture = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
    return write_picture(picture, event["executionId"], f"{Path(event['name']).stem}-resized.png")
