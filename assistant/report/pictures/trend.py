"""One number over time as a small line chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from assistant.report.pictures.svg import element, group, picture, text
from assistant.report.views.trends import Series

_LEFT, _TOP, _HIGH, _STEP, _FOOT = 24, 34, 96, 96, 26
_MOST = 24


def draw_trend(series: Series, key: str, *, act: str = "") -> Markup:
    """The picture; the axis starts at 0, and every point carries its value.

    Args:
        series: at least one known value; of more than 24 points the latest are drawn.
        key: unique in the page.
        act: what pressing a point does, if anything.
    """
    points = series.points[-_MOST:]
    top = max((value for _, value in series.known), default=0.0) or 1.0
    places = [
        (_LEFT + place * _STEP + _STEP / 2, label, value, _height(value, top))
        for place, (label, value) in enumerate(points)
    ]
    width = _LEFT * 2 + len(points) * _STEP
    size = (width, _TOP + _HIGH + _FOOT)
    floor = _TOP + _HIGH
    base = element("line", x1=_LEFT, x2=width - _LEFT, y1=floor, y2=floor, class_="axis")
    parts = [base, *_strokes(places), *_points(places, series.unit, series.ids[-_MOST:], act)]
    return picture(key, series.name, _described(series), size, parts, act=act)


_Place = tuple[float, str, float | None, float]


def _height(value: float | None, top: float) -> float:
    return _TOP + _HIGH * (1 - (value or 0.0) / top)


def _strokes(places: list[_Place]) -> Iterator[Markup]:
    """A line between neighbours that both have a value."""
    for (x, _, value, y), (next_x, _, next_value, next_y) in pairwise(places):
        if value is not None and next_value is not None:
            yield element("line", x1=x, y1=y, x2=next_x, y2=next_y, class_="trend")


def _points(places: list[_Place], unit: str, ids: Sequence[str], act: str) -> Iterator[Markup]:
    for at, (x, label, value, y) in enumerate(places):
        yield text(label, x, _TOP + _HIGH + 18, "small soft", text_anchor="middle")
        if value is None:
            yield text("no data", x, _TOP + _HIGH - 6, "small soft", text_anchor="middle")
            continue
        words = f"{value:g} {unit}".strip()
        yield group(
            f"{label}: {words}",
            element("circle", cx=x, cy=y, r=4, class_="point"),
            text(words, x, y - 10, text_anchor="middle"),
            act=act,
            kind="scan" if ids else "cycle",
            id=ids[at] if ids else label,
        )


def _described(series: Series) -> str:
    return "; ".join(f"{label}: {value:g} {series.unit}".strip() for label, value in series.known)
