"""Choices of the strategy against teams: who serves what, and who works against it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from markupsafe import Markup

from assistant.models import shortened
from assistant.report.pictures.svg import element, fitted, group, picture, staying, text
from assistant.report.views.grid import Cell, Grid, Line

_NAMES, _CELL, _ROW, _HEAD, _TAIL = 208, 46, 32, 112, 190
_LETTERS, _HEAD_LETTERS, _SLOPE = 33, 18, 55
_STRONG, _PLAIN = 0.8, 0.6
_STRENGTHS = ("", "faintly", "plainly", "very plainly")


def draw_heatmap(grid: Grid, key: str = "coverage", *, act: str = "") -> Markup:
    """The picture: a number counts objectives, colour and dots say how plainly they serve.

    Names and headings stay in view where a page scrolls it.

    Args:
        grid: at most as many columns as fit; every line is drawn.
        key: unique in the page.
        act: what pressing a choice or a cell does, if anything.
    """
    width = _NAMES + len(grid.columns) * _CELL + _TAIL
    height = _HEAD + len(grid.lines) * _ROW
    lines = list(enumerate(grid.lines))
    headings = (_heading(place, name) for place, name in enumerate(grid.columns))
    parts = [
        *(part for place, line in lines for part in _line(place, line, grid, act)),
        staying("x", *(_name(place, line, act) for place, line in lines)),
        staying("y", _ground(0, width, _HEAD), *headings),
        staying("xy", _ground(0, _NAMES, _HEAD)),
    ]
    title = "Which team serves which choice of the strategy"
    return picture(key, title, _described(grid), (width, height), parts, act=act)


def strength_class(cell: Cell) -> str:
    """The class of a cell: how plainly the plainest objective serves the choice."""
    return f"heat-{_strength(cell)}"


def _strength(cell: Cell) -> int:
    if not cell.serving:
        return 0
    return 1 + (cell.strength >= _PLAIN) + (cell.strength >= _STRONG)


def _ground(y: float, width: float, height: float) -> Markup:
    """Hides what is scrolled beneath."""
    return element("rect", x=0, y=y, width=width, height=height, class_="paper")


def _heading(place: int, name: str) -> Markup:
    x, y = _NAMES + place * _CELL + _CELL / 2, _HEAD - 8
    turn = f"rotate(-{_SLOPE} {round(x, 1):g} {y})"
    return text(fitted(name, _HEAD_LETTERS), x, y, "small", transform=turn)


def _name(place: int, line: Line, act: str) -> Markup:
    y = _HEAD + place * _ROW
    style = "small soft" if line.choice.withdrawn else "small"
    rows = wrap(line.label, _LETTERS, max_lines=2, placeholder=" …") or [""]
    first = y + (12 if len(rows) > 1 else 18)
    words = [text(row, 0, first + 12 * at, style) for at, row in enumerate(rows)]
    ground = _ground(y, _NAMES, _ROW)
    return group(line.label, ground, *words, act=act, kind="choice", id=line.choice.id)


def _line(place: int, line: Line, grid: Grid, act: str) -> Iterator[Markup]:
    y = _HEAD + place * _ROW
    for column, name in enumerate(grid.columns):
        cell = line.cells.get(name, Cell())
        yield _cell(cell, _NAMES + column * _CELL, y, name, line, act)
    is_bad = line.is_gap or line.against
    words = f"{'✗ ' if is_bad else ''}{line.outcome}"
    style = "strong" if is_bad else "soft"
    yield text(words, _NAMES + len(grid.columns) * _CELL + 8, y + 20, style)


def _cell(cell: Cell, x: float, y: float, name: str, line: Line, act: str) -> Markup:
    shape = {"x": x, "y": y, "width": _CELL - 3, "height": _ROW - 3, "rx": 3}
    if not (cell.serving or cell.against):
        return element("rect", class_="heat-0", **shape)
    strength, middle = _strength(cell), x + (_CELL - 3) / 2
    serving = f"{cell.serving} serving {_STRENGTHS[strength]}".rstrip()
    said = f"{name}: {serving}, {cell.against} against “{shortened(line.label, 80)}”"
    against = " against" if cell.against else ""
    words = (str(cell.serving) if cell.serving else "") + (f"✗{cell.against}" if against else "")
    dots = (middle + 6 * (at - (strength - 1) / 2) for at in range(strength))
    return group(
        said,
        element("rect", class_=f"{strength_class(cell)}{against}", **shape),
        text(words, middle, y + 17, text_anchor="middle"),
        *(element("circle", cx=dot, cy=y + 23, r=1.6, class_="dot") for dot in dots),
        act=act,
        kind="cell",
        id=line.choice.id,
        column=name,
    )


def _described(grid: Grid) -> str:
    open_lines = [line for line in grid.lines if not line.choice.withdrawn]
    wanted = [line for line in open_lines if line.choice.kind != "will-not"]
    idle = sum(not line.serving for line in wanted)
    who = "This branch" if any(line.partial for line in wanted) else "Nobody"
    gaps = f"{who} serves {idle}" if who == "Nobody" else f"{who} does not serve {idle}"
    against = sum(bool(line.against) for line in open_lines)
    return (
        f"{len(grid.lines)} choices against {len(grid.columns)} teams or branches. "
        f"{gaps} of the {len(wanted)} choices that are to be pursued; {against} have objectives "
        "that work against them. The table below says the same in words."
    )
