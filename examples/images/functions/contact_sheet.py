"""Lay the thumbnails out on one sheet. A picture that could not be read has its place, too."""

import json
from pathlib import Path

from pictures import font, open_picture, write_picture
from PIL import Image, ImageDraw, ImageFilter

TILE = (384, 256)
GAP, MARGIN, HEAD, CAPTION, FOOT = 36, 64, 150, 58, 70
PAPER, INK, FAINT, RULE, ALARM = (
    (247, 244, 238),
    (38, 36, 34),
    (138, 130, 120),
    (216, 208, 196),
    (176, 64, 48),
)
SMALL_SHEET = 3


def handler(event, context):
    entries = event["pictures"]
    columns = min(4 if len(entries) > SMALL_SHEET * 2 else SMALL_SHEET, max(1, len(entries)))
    rows = -(-len(entries) // columns)
    width = MARGIN * 2 + columns * TILE[0] + (columns - 1) * GAP
    height = MARGIN + HEAD + rows * (TILE[1] + CAPTION) + (rows - 1) * GAP // 2 + FOOT
    sheet = Image.new("RGB", (width, height), PAPER)
    broken = [entry for entry in entries if "problem" in entry]
    _head(sheet, event.get("title", "Contact sheet"), len(entries), len(broken))
    for number, entry in enumerate(entries):
        row, column = divmod(number, columns)
        corner = (
            MARGIN + column * (TILE[0] + GAP),
            MARGIN + HEAD + row * (TILE[1] + CAPTION + GAP // 2),
        )
        if "problem" in entry:
            _broken_tile(sheet, corner, entry)
        else:
            _tile(sheet, corner, entry)
    draw = ImageDraw.Draw(sheet)
    name = event["executionId"].rpartition(":")[2]
    draw.text((MARGIN, height - 44), name, font=font(17), fill=FAINT, anchor="lm")
    draw.text((width - MARGIN, height - 44), "Stepwell", font=font(17), fill=FAINT, anchor="rm")
    written = write_picture(sheet, event["executionId"], "contact-sheet.jpg")
    return {
        **written,
        "pictures": len(entries) - len(broken),
        "unreadable": [{"name": entry["name"], "reason": _reason(entry)} for entry in broken],
    }


def _head(sheet, title, count, broken):
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN + 34), title, font=font(56), fill=INK, anchor="lm")
    said = f"{count - broken} pictures" + (f", {broken} unreadable" if broken else "")
    draw.text((sheet.width - MARGIN, MARGIN + 44), said, font=font(24), fill=FAINT, anchor="rm")
    y = MARGIN + HEAD - 50
    draw.line((MARGIN, y, sheet.width - MARGIN, y), fill=RULE, width=2)


def _tile(sheet, corner, entry):
    thumbnail = open_picture(entry["thumbnail"]["path"])
    _shadow(sheet, corner)
    sheet.paste(thumbnail, corner, _rounded(TILE, 8))
    draw = ImageDraw.Draw(sheet)
    y = corner[1] + TILE[1] + 28
    draw.text((corner[0] + 2, y), _title(entry), font=font(22), fill=INK, anchor="lm")
    webp = entry["webp"]
    fact = f"{webp['width']} x {webp['height']}  |  WebP {webp['bytes'] / 1024:.0f} KB"
    draw.text((corner[0] + TILE[0] - 2, y), fact, font=font(16), fill=FAINT, anchor="rm")


def _broken_tile(sheet, corner, entry):
    draw = ImageDraw.Draw(sheet)
    box = (*corner, corner[0] + TILE[0] - 1, corner[1] + TILE[1] - 1)
    draw.rounded_rectangle(box, 8, fill=(240, 234, 225), outline=RULE, width=2)
    x, y = corner[0] + TILE[0] // 2, corner[1] + TILE[1] // 2 - 24
    draw.line((x - 24, y - 24, x + 24, y + 24), fill=ALARM, width=6)
    draw.line((x - 24, y + 24, x + 24, y - 24), fill=ALARM, width=6)
    draw.text((x, y + 66), "could not be read", font=font(20), fill=ALARM, anchor="mm")
    under = (corner[0] + 2, corner[1] + TILE[1] + 28)
    draw.text(under, entry["name"], font=font(22), fill=ALARM, anchor="lm")


def _shadow(sheet, corner):
    spread = 22
    size = (TILE[0] + spread * 2, TILE[1] + spread * 2)
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle(
        (spread, spread + 5, size[0] - spread, size[1] - spread + 5), 8, fill=90
    )
    mask = mask.filter(ImageFilter.GaussianBlur(8))
    sheet.paste((60, 48, 36), (corner[0] - spread, corner[1] - spread), mask)


def _rounded(size, radius):
    scale = 4
    mask = Image.new("L", (size[0] * scale, size[1] * scale))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, size[0] * scale - 1, size[1] * scale - 1), radius * scale, fill=255
    )
    return mask.resize(size, Image.Resampling.LANCZOS)


def _title(entry):
    """``04-night-lake.jpg`` is "Night lake"."""
    words = Path(entry["name"]).stem.lstrip("0123456789-_ ").replace("-", " ").replace("_", " ")
    return (words or entry["name"]).capitalize()


def _reason(entry):
    """The message in the Cause of a failed function."""
    try:
        return json.loads(entry["problem"]["Cause"])["errorMessage"]
    except (ValueError, TypeError, KeyError):
        return entry["problem"].get("Cause") or entry["problem"].get("Error")
