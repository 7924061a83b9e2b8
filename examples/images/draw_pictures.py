"""Draws the sample pictures: ``python draw_pictures.py``.

They are imagined landscapes, made of gradients, ridges and blurred light, so that the repository
holds real photographs' sizes and formats without anybody's rights in them. The same seed gives the
same picture.
"""

import math
import random
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 800
HERE = Path(__file__).parent


def gradient(*stops):
    """A vertical gradient through ``(position, colour)``: 0 is the top, 1 the bottom."""
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        at = y / (HEIGHT - 1)
        for (low, first), (high, second) in pairwise(stops):
            if low <= at <= high:
                part = (at - low) / (high - low)
                mixed = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
                column.putpixel((0, y), tuple(mixed))
                break
    return column.resize((WIDTH, HEIGHT))


def mix(first, second, part):
    """A colour between two."""
    return tuple(round(a + (b - a) * part) for a, b in zip(first, second, strict=True))


def ridge(rng, base, height, rough=0.52, steps=8):
    """Heights of a mountain line by midpoint displacement, one for each column."""
    line = [rng.uniform(-1, 1) * height * 0.3, rng.uniform(-1, 1) * height * 0.3]
    spread = height
    for _ in range(steps):
        middle = [(a + b) / 2 + rng.uniform(-spread, spread) for a, b in pairwise(line)]
        line = [value for pair in zip(line, middle, strict=False) for value in pair] + [line[-1]]
        spread *= rough
    last = len(line) - 1
    heights = []
    for x in range(WIDTH + 1):
        at = x / WIDTH * last
        left = min(int(at), last - 1)
        heights.append(base + line[left] + (line[left + 1] - line[left]) * (at - left))
    return heights


def wave(base, *parts):
    """A soft line: a sum of sines of ``(height, length, shift)``."""
    return [
        base + sum(h * math.sin(x / length + shift) for h, length, shift in parts)
        for x in range(WIDTH + 1)
    ]


def land(picture, heights, top, bottom, blur=0.6):
    """Fill the land below a line, shaded from ``top`` to ``bottom``."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).polygon([*enumerate(heights), (WIDTH, HEIGHT), (0, HEIGHT)], fill=255)
    high = max(0.0, min(heights) / HEIGHT)
    fill = gradient((0, top), (min(high, 0.98), top), (1, bottom))
    picture.paste(fill, mask=mask.filter(ImageFilter.GaussianBlur(blur)))


def glow(picture, centre, radius, colour, strength=1.0):
    """Add light around a point."""
    size = radius * 2
    spot = Image.radial_gradient("L").resize((size, size))
    # Pillow's gradient is darkest in the corners; here it has to be dark along the edges.
    fall = [max(0.0, 1 - v / 180) for v in range(256)]
    spot = spot.point([round(255 * strength * part**2.2) for part in fall])
    light = Image.new("RGB", picture.size)
    tint = Image.merge(
        "RGB", [spot.point([v * part // 255 for v in range(256)]) for part in colour]
    )
    light.paste(tint, (centre[0] - radius, centre[1] - radius))
    return ImageChops.add(picture, light)


def disc(picture, centre, radius, colour):
    """A sun or a moon with a smooth edge."""
    mask = Image.new("L", (radius * 8, radius * 8))
    ImageDraw.Draw(mask).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=255)
    mask = mask.resize((radius * 2, radius * 2), Image.Resampling.LANCZOS)
    picture.paste(colour, (centre[0] - radius, centre[1] - radius), mask)


def stars(picture, rng, count, lowest):
    """Sow stars, most of them faint."""
    draw = ImageDraw.Draw(picture)
    for _ in range(count):
        x, y = rng.randrange(WIDTH), int(rng.random() ** 1.4 * lowest)
        light = int(70 + 185 * rng.random() ** 3)
        draw.point((x, y), fill=(light, light, min(255, light + 15)))
        if light > 215:
            draw.point([(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)], fill=(light // 3,) * 3)


def trees(picture, rng, heights, colour, size, every):
    """Firs along a line."""
    draw = ImageDraw.Draw(picture)
    x = 0.0
    while x < WIDTH:
        tall = size * rng.uniform(0.55, 1.25)
        foot = heights[int(x)] + 6
        for layer in range(5):
            wide = tall * (0.10 + 0.055 * layer)
            top = foot - tall + tall * layer * 0.17
            draw.polygon(
                [(x, top), (x - wide, top + tall * 0.30), (x + wide, top + tall * 0.30)],
                fill=colour,
            )
        draw.rectangle((x - 1.5, foot - tall * 0.1, x + 1.5, foot + 4), fill=colour)
        x += every * rng.uniform(0.4, 1.5)


def ranges(picture, rng, lines, far, near, height):
    """Mountain ranges, paler with distance."""
    for number in range(lines):
        part = number / max(1, lines - 1)
        base = HEIGHT * (0.48 + 0.42 * part)
        colour = mix(far, near, part)
        land(picture, ridge(rng, base, height * (1 - 0.35 * part)), colour, mix(colour, far, 0.35))


def dawn(rng):
    """Ridges before a rising sun."""
    picture = gradient(
        (0, (46, 61, 110)), (0.35, (196, 128, 146)), (0.6, (255, 198, 140)), (1, (255, 222, 170))
    )
    picture = glow(picture, (780, 400), 620, (255, 190, 110), 0.6)
    disc(picture, (780, 395), 46, (255, 246, 220))
    ranges(picture, rng, 6, (214, 142, 134), (38, 30, 62), 120)
    return picture


def blue_mountains(rng):
    """Range behind range in haze."""
    picture = gradient((0, (126, 178, 219)), (0.55, (222, 236, 241)), (1, (236, 240, 238)))
    picture = glow(picture, (300, 190), 520, (255, 244, 215), 0.45)
    ranges(picture, rng, 7, (176, 205, 224), (20, 52, 82), 150)
    return picture


def dunes(rng):
    """Sand under a white sun."""
    picture = gradient((0, (86, 150, 190)), (0.5, (243, 219, 178)), (1, (250, 226, 180)))
    picture = glow(picture, (860, 190), 420, (255, 240, 200), 0.7)
    for number in range(5):
        part = number / 4
        shift = rng.uniform(0, 6)
        line = wave(
            HEIGHT * (0.5 + 0.11 * number),
            (40 + 20 * number, 150 + 36 * number, shift),
            (12, 83, shift * 2),
        )
        crest = mix((232, 178, 112), (196, 108, 52), part)
        land(picture, line, mix(crest, (255, 226, 170), 0.35), mix(crest, (78, 34, 40), 0.8))
    return picture


def night_lake(rng):
    """A moon over water."""
    picture = gradient((0, (7, 12, 32)), (0.6, (34, 58, 98)), (1, (12, 22, 46)))
    stars(picture, rng, 900, 430)
    picture = glow(picture, (420, 210), 330, (170, 190, 230), 0.55)
    disc(picture, (420, 210), 52, (244, 242, 226))
    land(picture, ridge(rng, 440, 90), (22, 34, 62), (14, 24, 46))
    shore = ridge(rng, 500, 26)
    land(picture, shore, (9, 16, 32), (9, 16, 32))
    trees(picture, rng, shore, (6, 12, 24), 62, 15)
    above = picture.crop((0, 280, WIDTH, 540)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = Image.blend(above, Image.new("RGB", above.size, (16, 30, 60)), 0.42)
    picture.paste(water.filter(ImageFilter.BoxBlur(2)), (0, 540))
    draw = ImageDraw.Draw(picture, "RGBA")
    for y in range(546, HEIGHT, 5):
        wide = rng.uniform(8, 30 + (y - 540) * 0.32)
        x = 420 + rng.uniform(-14, 14)
        draw.line((x - wide, y, x + wide, y), fill=(232, 232, 214, rng.randrange(50, 150)), width=2)
    return picture


def aurora(rng):
    """Green light over firs."""
    picture = gradient((0, (5, 8, 28)), (0.7, (14, 46, 64)), (1, (10, 26, 40)))
    stars(picture, rng, 700, 520)
    for colour, base, shift in (
        ((60, 255, 160), 330, 0.4),
        ((90, 210, 255), 250, 2.1),
        ((190, 90, 255), 190, 4.0),
    ):
        veil = Image.new("L", picture.size)
        draw = ImageDraw.Draw(veil)
        for x in range(0, WIDTH, 3):
            foot = base + 70 * math.sin(x / 170 + shift) + 26 * math.sin(x / 61 + shift * 3)
            tall = 150 + 60 * math.sin(x / 37 + shift) + rng.uniform(-18, 18)
            for part in range(12):
                light = int(120 * (1 - part / 12) ** 1.6)
                draw.rectangle(
                    (x, foot - tall * (part + 1) / 12, x + 3, foot - tall * part / 12), fill=light
                )
        veil = veil.filter(ImageFilter.GaussianBlur(7))
        tint = Image.merge(
            "RGB", [veil.point([v * part // 255 for v in range(256)]) for part in colour]
        )
        picture = ImageChops.add(picture, tint)
    hill = ridge(rng, 640, 60)
    land(picture, hill, (10, 20, 28), (5, 10, 16))
    trees(picture, rng, hill, (4, 9, 14), 150, 34)
    return picture


def misty_forest(rng):
    """Firs that fade into fog."""
    picture = gradient((0, (206, 218, 214)), (1, (232, 236, 230)))
    for number in range(6):
        part = number / 5
        line = ridge(rng, 330 + 92 * number, 40)
        colour = mix((186, 204, 198), (22, 46, 42), part**1.2)
        trees(picture, rng, line, colour, 90 + 46 * number, 20 + 13 * number)
        land(picture, [y - 14 for y in line], colour, mix(colour, (226, 232, 226), 0.7), 2)
        fog = Image.new("RGB", picture.size, (226, 232, 226))
        picture = Image.blend(picture, fog, 0.10 * (1 - part))
    return picture


def sea(rng):
    """Evening over the sea."""
    picture = gradient(
        (0, (38, 52, 104)), (0.3, (226, 108, 110)), (0.52, (255, 190, 106)), (1, (255, 190, 106))
    )
    picture = glow(picture, (600, 408), 640, (255, 170, 90), 0.55)
    disc(picture, (600, 400), 72, (255, 240, 190))
    water = gradient((0, (250, 160, 96)), (0.55, (214, 110, 96)), (1, (30, 38, 84)))
    picture.paste(water.crop((0, 420, WIDTH, HEIGHT)), (0, 420))
    draw = ImageDraw.Draw(picture, "RGBA")
    for y in range(424, HEIGHT, 3):
        depth = (y - 420) / (HEIGHT - 420)
        for _ in range(16):
            wide = rng.uniform(4, 16 + 110 * depth)
            x = rng.uniform(-40, WIDTH)
            near = math.exp(-(((x - 600) / (80 + 260 * depth)) ** 2))
            if rng.random() < 0.18 + near:
                draw.line((x, y, x + wide, y), fill=(255, 226, 160, int(30 + 150 * near)), width=2)
            else:
                draw.line((x, y, x + wide, y), fill=(24, 26, 70, int(26 + 60 * depth)), width=2)
    return picture


def terraces(rng):
    """Green hills after rain."""
    picture = gradient((0, (112, 168, 198)), (0.45, (224, 236, 228)), (1, (240, 238, 214)))
    ranges(picture, rng, 2, (170, 198, 204), (140, 178, 176), 90)
    for number in range(7):
        part = number / 6
        shift = rng.uniform(0, 6)
        line = wave(360 + 66 * number, (26 + 8 * number, 160 + 30 * number, shift), (8, 47, shift))
        colour = mix((166, 196, 128), (34, 88, 58), part)
        land(picture, line, mix(colour, (250, 244, 190), 0.25), mix(colour, (12, 46, 40), 0.55))
        edge = ImageDraw.Draw(picture, "RGBA")
        edge.line([(x, y + 1) for x, y in enumerate(line)], fill=(255, 252, 214, 90), width=2)
    trees(picture, rng, wave(740, (20, 190, 1)), (16, 48, 40), 110, 130)
    return picture


PICTURES = {
    "01-dawn": dawn,
    "02-blue-mountains": blue_mountains,
    "03-dunes": dunes,
    "04-night-lake": night_lake,
    "05-aurora": aurora,
    "06-misty-forest": misty_forest,
    "07-evening-sea": sea,
    "08-terraces": terraces,
}


def main():
    """Draw them all, and one that was cut off half-way."""
    for name, draw in PICTURES.items():
        picture = draw(random.Random(name))
        picture.save(HERE / "pictures" / f"{name}.jpg", quality=80, optimize=True, progressive=True)
    whole = (HERE / "pictures" / "03-dunes.jpg").read_bytes()
    (HERE / "damaged" / "09-cut-off.jpg").write_bytes(whole[:2048])


if __name__ == "__main__":
    main()
