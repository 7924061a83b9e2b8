"""Write the shop's mark into the lower right corner."""

from pathlib import Path

from pictures import font, open_picture, write_picture
from PIL import Image, ImageDraw, ImageFilter

MARK = "S T E P W E L L"


def handler(event, context):
    picture = open_picture(event["path"]).convert("RGBA")
    layer = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(layer)
    face = font(max(12, picture.width // 52))
    margin = picture.width // 36
    corner = (picture.width - margin, picture.height - margin)
    draw.text(corner, MARK, font=face, fill=(0, 0, 0, 150), anchor="rs")
    layer = layer.filter(ImageFilter.GaussianBlur(3))  # a soft shadow, readable on any ground
    draw = ImageDraw.Draw(layer)
    draw.text(corner, MARK, font=face, fill=(255, 255, 255, 215), anchor="rs")
    marked = Image.alpha_composite(picture, layer).convert("RGB")
    return write_picture(marked, event["executionId"], f"{Path(event['name']).stem}.jpg")
