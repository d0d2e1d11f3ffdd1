"""A few numbers of one kind as bars, each with its name and its number in words."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.report.pictures.svg import element, fitted, group, picture, text

Part = tuple[str, float, str]
"""A name, a number that is not negative, and the number in words."""

_WIDE, _ROW, _TAIL = 230, 46, 82
_LETTERS = 40


def draw_bars(
    title: str, parts: Sequence[Part], key: str, *, full: float = 0.0, act: str = ""
) -> Markup:
    """The picture: one bar a part, as long as its number is beside the largest.

    Args:
        title: what the parts are parts of.
        parts: in the order of the bars.
        key: unique in the page.
        full: the number of a bar of full length, such as 100 for percentages; 0 for the largest.
        act: what pressing a bar does, if anything.
    """
    largest = max(full, *(number for _, number, _ in parts), 0.0) or 1.0
    drawn = [_bar(part, place * _ROW, largest, act) for place, part in enumerate(parts)]
    described = "; ".join(f"{name}: {words}" for name, _, words in parts)
    size = (_WIDE + _TAIL, max(1, len(parts)) * _ROW)
    return picture(key, title, described, size, drawn, act=act)


def _bar(part: Part, y: float, largest: float, act: str) -> Markup:
    name, number, words = part
    width = _WIDE * number / largest
    return group(
        f"{name}: {words}",
        text(fitted(name, _LETTERS), 0, y + 14),
        element("rect", x=0, y=y + 20, width=_WIDE, height=14, rx=3, class_="heat-0"),
        element("rect", x=0, y=y + 20, width=width, height=14, rx=3, class_="bar"),
        text(words, _WIDE + 8, y + 31),
        act=act,
        kind="figure",
        id=name,
    )
