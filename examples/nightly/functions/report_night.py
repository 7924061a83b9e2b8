"""Write the night's report: what came in by kind of goods, as a chart, and which batches were bad.

The Map has written its results as files; its manifest says which.
"""

import json
from collections import Counter
from html import escape

from errors import FilesUnavailable
from night_files import bucket, write_page

WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 720, 34, 18, 90, 120, 70
INK, FAINT, ALARM = "#262422", "#8a8278", "#b04030"
COLOURS = ("#3e63dd", "#30a46c", "#e5935c", "#8e4ec6", "#00a2c7")


def handler(event, context):
    good, bad = _results(event["manifest"])
    cents = Counter()
    for batch in good:
        cents.update(batch["cents"])
    orders = sum(batch["orders"] for batch in good)
    problems = sorted(_problem(child) for child in bad)
    chart = _chart(event["night"], cents, orders)
    picture = write_page(event["executionId"], "chart.svg", chart)
    page = _page(event["night"], chart, problems)
    return {
        "mediaType": "image/svg+xml",
        "url": picture,
        "report": write_page(event["executionId"], "report.html", page),
        "orders": orders,
        "revenue": round(sum(cents.values()) / 100, 2),
        "badBatches": problems,
    }


def _results(manifest):
    """The outputs of batches that are well, and the others as they are written."""
    try:
        files = json.loads((bucket() / manifest).read_text())["ResultFiles"]
        read = {
            kind: [
                child
                for file in files.get(kind, [])
                for child in json.loads((bucket() / file["Key"]).read_text())
            ]
            for kind in ("SUCCEEDED", "FAILED")
        }
    except OSError as error:
        raise FilesUnavailable(str(error)) from error
    return [json.loads(child["Output"]) for child in read["SUCCEEDED"]], read["FAILED"]


def _problem(child):
    """What was wrong with a batch, in the words of whoever refused it."""
    try:
        return json.loads(child["Cause"])["errorMessage"]
    except (KeyError, TypeError, ValueError):
        return str(child.get("Cause") or child.get("Error"))


def _chart(night, cents, orders):
    rows = sorted(cents.items(), key=lambda row: -row[1])
    height = TOP + len(rows) * (BAR + GAP) + 10
    most = max(cents.values(), default=1)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    font = f'font-family="system-ui, sans-serif" font-size="15" fill="{INK}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>',
        f"<title>Orders of {escape(night)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf8"/>',
        f'<text x="20" y="36" font-size="20" font-weight="600">Orders of {escape(night)}</text>',
        f'<text x="{WIDTH - 20}" y="36" text-anchor="end" fill="{FAINT}">{orders:,} orders</text>',
    ]
    for place, (kind, worth) in enumerate(rows):
        y = TOP + place * (BAR + GAP)
        length = max(2, round((WIDTH - LEFT - RIGHT) * worth / most))
        middle = y + BAR / 2 + 5
        colour = COLOURS[place % len(COLOURS)]
        parts += [
            f'<text x="{LEFT - 12}" y="{middle}" text-anchor="end">{escape(kind)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{length}" height="{BAR}" rx="4" fill="{colour}"/>',
            f'<text x="{LEFT + length + 10}" y="{middle}">€ {worth / 100:,.2f}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _page(night, chart, problems):
    listed = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
    bad = (
        f'<h2 style="color:{ALARM}">Left out</h2><ul>{listed}</ul>'
        if problems
        else "<p>Every batch was well.</p>"
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Orders of {escape(night)}'
        '</title><body style="font:16px/1.5 system-ui,sans-serif;max-width:760px;margin:40px auto">'
        f"{chart}{bad}</body></html>\n"
    )
