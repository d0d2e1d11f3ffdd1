"""Choices of the strategy against teams: who serves what, and who works against it."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from assistant.models import shortened
from assistant.report.pictures.svg import element, fitted, group, picture, text
from assistant.report.views.grid import Cell, Grid, Line

_NAMES, _CELL, _ROW, _HEAD, _TAIL = 300, 46, 30, 112, 190
_LETTERS, _HEAD_LETTERS, _SLOPE = 42, 18, 55
_STRONG, _PLAIN = 0.8, 0.6


def draw_heatmap(grid: Grid, key: str = "coverage", *, act: str = "") -> Markup:
    """The picture: the number in a cell counts objectives, its colour says how plainly they serve.

    Args:
        grid: at most as many columns as fit; every line is drawn.
        key: unique in the page.
        act: what pressing a choice or a cell does, if anything.
    """
    width = _NAMES + len(grid.columns) * _CELL + _TAIL
    height = _HEAD + len(grid.lines) * _ROW
    parts = [
        *(_heading(place, name) for place, name in enumerate(grid.columns)),
        *(part for place, line in enumerate(grid.lines) for part in _line(place, line, grid, act)),
    ]
    title = "Which team serves which choice of the strategy"
    return picture(key, title, _described(grid), (width, height), parts, act=act)


def strength_class(cell: Cell) -> str:
    """The class of a cell: how plainly the plainest objective serves the choice."""
    if not cell.serving:
        return "heat-0"
    if cell.strength >= _STRONG:
        return "heat-3"
    return "heat-2" if cell.strength >= _PLAIN else "heat-1"


def _heading(place: int, name: str) -> Markup:
    x, y = _NAMES + place * _CELL + _CELL / 2, _HEAD - 8
    turn = f"rotate(-{_SLOPE} {round(x, 1):g} {y})"
    return text(fitted(name, _HEAD_LETTERS), x, y, "small", transform=turn)


def _line(place: int, line: Line, grid: Grid, act: str) -> Iterator[Markup]:
    y = _HEAD + place * _ROW
    words = fitted(line.label, _LETTERS)
    style = "soft" if line.choice.withdrawn else None
    label = text(words, 0, y + 19, style)
    yield group(line.label, label, act=act, kind="choice", id=line.choice.id)
    for column, name in enumerate(grid.columns):
        cell = line.cells.get(name, Cell())
        yield _cell(cell, _NAMES + column * _CELL, y, name, line, act)
    is_bad = line.is_gap or line.against
    words = f"{'✗ ' if is_bad else ''}{line.outcome}"
    style = "strong" if is_bad else "soft"
    yield text(words, _NAMES + len(grid.columns) * _CELL + 8, y + 19, style)


def _cell(cell: Cell, x: float, y: float, name: str, line: Line, act: str) -> Markup:
    shape = {"x": x, "y": y, "width": _CELL - 3, "height": _ROW - 3, "rx": 3}
    if not (cell.serving or cell.against):
        return element("rect", class_="heat-0", **shape)
    said = f"{name}: {cell.serving} serving, {cell.against} against “{shortened(line.label, 80)}”"
    against = " against" if cell.against else ""
    words = (str(cell.serving) if cell.serving else "") + (f"✗{cell.against}" if against else "")
    return group(
        said,
        element("rect", class_=f"{strength_class(cell)}{against}", **shape),
        text(words, x + (_CELL - 3) / 2, y + 18, text_anchor="middle"),
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
