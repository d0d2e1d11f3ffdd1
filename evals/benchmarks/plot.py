"""A small log-log plot as SVG: no library, the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import floor, log10

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 720, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 170, 50, 60
_COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e5ea2", "#b8860b", "#555555")
_DECADE = 10


def loglog(
    title: str, x_name: str, y_name: str, lines: Mapping[str, Points], dashed: Mapping[str, Points]
) -> str:
    """A plot with logarithmic axes.

    Args:
        title: above the plot.
        x_name: what the horizontal axis counts.
        y_name: what the vertical axis counts.
        lines: points by name, drawn with marks; all values above 0.
        dashed: lines to compare with.
    """
    drawn = [point for points in (*lines.values(), *dashed.values()) for point in points]
    scale = _Scale([x for x, _ in drawn], [y for _, y in drawn])
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
        *_axes(scale, x_name, y_name),
    ]
    for number, (name, points) in enumerate(lines.items()):
        body += _line(name, points, scale, _COLOURS[number % len(_COLOURS)], number, "")
    for number, (name, points) in enumerate(dashed.items(), start=len(lines)):
        body += _line(name, points, scale, "#999999", number, ' stroke-dasharray="6 4"')
    return "\n".join([*body, "</svg>"]) + "\n"


class _Scale:
    """From values to places in the picture."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        self.xs = _decades(xs)
        self.ys = _decades(ys)

    def x(self, value: float) -> float:
        low, high = self.xs
        share = (log10(value) - low) / (high - low)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        low, high = self.ys
        share = (log10(value) - low) / (high - low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around some values."""
    low, high = floor(log10(min(values))), floor(log10(max(values))) + 1
    return low, max(high, low + 1)


def _axes(scale: _Scale, x_name: str, y_name: str) -> Iterator[str]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    for power in range(scale.xs[0], scale.xs[1] + 1):
        at = scale.x(float(_DECADE**power))
        yield f'<path d="M{at} {_TOP}V{bottom}" stroke="#e5e5e5"/>'
        yield f'<text x="{at}" y="{bottom + 18}" text-anchor="middle">{_tick(power)}</text>'
    for power in range(scale.ys[0], scale.ys[1] + 1):
        at = scale.y(float(_DECADE) ** power)
        yield f'<path d="M{_LEFT} {at}H{right}" stroke="#e5e5e5"/>'
        yield f'<text x="{_LEFT - 8}" y="{at + 4}" text-anchor="end">{_tick(power)}</text>'
    middle = (_LEFT + right) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 18}" text-anchor="middle">{escape(x_name)}</text>'
    half = (_TOP + bottom) / 2
    yield (
        f'<text x="20" y="{half}" text-anchor="middle" transform="rotate(-90 20 {half})">'
        f"{escape(y_name)}</text>"
    )


def _tick(power: int) -> str:
    return f"{_DECADE**power:,}" if power >= 0 else f"{float(_DECADE) ** power:g}"


def _line(
    name: str, points: Points, scale: _Scale, colour: str, number: int, dashes: str
) -> Iterator[str]:
    places = [(scale.x(x), scale.y(y)) for x, y in sorted(points)]
    way = "L".join(f"{x} {y}" for x, y in places)
    yield f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
    if not dashes:
        for (x, y), (size, value) in zip(places, sorted(points), strict=True):
            yield (
                f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}">'
                f"<title>{escape(name)}: {value:g} at {size:,.0f}</title></circle>"
            )
    top = _TOP + 10 + 20 * number
    left = WIDTH - _RIGHT + 14
    yield f'<path d="M{left} {top}h22" stroke="{colour}" stroke-width="2"{dashes}/>'
    yield f'<text x="{left + 28}" y="{top + 4}">{escape(name)}</text>'
