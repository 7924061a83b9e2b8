"""A line on logarithmic axes as SVG: no library for one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 380, 240, 48
_TEXT = 'font-family="sans-serif" font-size="12" fill="#555"'


@dataclass(frozen=True, slots=True)
class Panel:
    """One line: ``points`` are (x, y), both above zero."""

    title: str
    x_axis: str
    points: Sequence[tuple[float, float]]


def svg(panels: Sequence[Panel]) -> str:
    """The panels side by side."""
    inner = "".join(_panel(panel, number * WIDTH) for number, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(panels) * WIDTH}" height="{HEIGHT}" '
        f'role="img"><rect width="100%" height="100%" fill="#fff"/>{inner}</svg>\n'
    )


def _panel(panel: Panel, left: int) -> str:
    """From the power of ten below the smallest value to the one above the largest."""
    x_low, x_high = _decades([x for x, _ in panel.points])
    y_low, y_high = _decades([y for _, y in panel.points])

    def across(x: float) -> float:
        share = (math.log10(x) - x_low) / (x_high - x_low)
        return left + MARGIN + share * (WIDTH - 2 * MARGIN)

    def down(y: float) -> float:
        share = (math.log10(y) - y_low) / (y_high - y_low)
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)

    parts = [f'<text x="{left + MARGIN}" y="24" {_TEXT} font-weight="bold">{panel.title}</text>']
    for power in range(y_low, y_high + 1):
        y = down(10.0**power)
        parts.append(
            f'<path d="M{left + MARGIN} {y:.1f}H{left + WIDTH - MARGIN}" stroke="#ddd"/>'
            f'<text x="{left + MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end" {_TEXT}>'
            f"{10.0**power:g}</text>"
        )
    parts += [
        f'<text x="{across(10.0**power):.1f}" y="{HEIGHT - MARGIN + 18}" '
        f'text-anchor="middle" {_TEXT}>{10**power:,}</text>'
        for power in range(x_low, x_high + 1)
    ]
    line = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in panel.points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#0969da" stroke-width="2"/>')
    parts += [
        f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3.5" fill="#0969da"/>'
        for x, y in panel.points
    ]
    parts.append(
        f'<text x="{left + WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle" {_TEXT}>'
        f"{panel.x_axis}</text>"
    )
    return "".join(parts)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
