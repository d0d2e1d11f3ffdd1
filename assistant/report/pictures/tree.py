"""The forest of objectives as columns from the roots to the leaves, coloured by drift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from assistant.report.pictures.marks import HOP_WORDS, MARKS, ROOT_WORDS
from assistant.report.pictures.svg import element, fitted, group, picture, staying, text
from assistant.report.views.forest import Row, State

MOST_LEAVES = 120
_COLUMN, _LEAF, _GAP, _FLAG = 282, 34, 3, 22
_LETTERS, _FLAG_LETTERS = 36, 4
_MORE_LETTERS = 5
"""On a page that listens, since it brings a font of its own, which is narrow."""

_DEEPEST = 8

By = Literal["hop", "root"]


@dataclass(frozen=True)
class _Box:
    row: Row
    top: float
    leaves: int


def draw_tree(
    rows: Sequence[Row],
    key: str = "tree",
    *,
    by: By = "hop",
    act: str = "",
    most: int = MOST_LEAVES,
) -> Markup:
    """The picture.

    Args:
        rows: as :func:`assistant.report.views.forest.fold` returns them. What does not fit is
            left out from the end and counted in the last line.
        key: unique in the page.
        by: what the boxes are coloured by: the step to the parent, with a flag for the way to the
            root, or that way alone.
        act: what pressing a box does, if anything.
        most: leaves that are drawn.
    """
    shown, left_out = _cut(rows, most)
    boxes = list(_boxes(shown))
    leaves = sum(box.leaves for box in boxes if box.row.depth == 0)
    depth = max((row.depth for row in shown), default=0) + 1
    height = leaves * _LEAF + (_LEAF if left_out else 0)
    parts = [_cell(box, by, act) for box in boxes]
    if left_out:
        words = f"… {left_out} more objectives stand in the list below"
        parts.append(text(words, 4, height - 12, "soft"))
    return picture(
        key, "Drift from the top of the organisation down", _described(rows),
        (depth * _COLUMN, max(height, _LEAF)), parts, act=act,
    )  # fmt: skip


def _cut(rows: Sequence[Row], most: int) -> tuple[list[Row], int]:
    shown: list[Row] = []
    leaves = 0
    for place, row in enumerate(rows):
        following = rows[place + 1].depth if place + 1 < len(rows) else 0
        if row.depth < _DEEPEST:
            shown.append(row)
            leaves += following <= row.depth or row.depth == _DEEPEST - 1
        if leaves >= most:
            break
    return shown, _objectives(rows) - _objectives(shown)


def _objectives(rows: Sequence[Row]) -> int:
    return sum(bool(row.key) + row.quiet for row in rows)


def _boxes(rows: Sequence[Row]) -> Iterator[_Box]:
    """Each row beside all that stand below it: as high as they are together."""
    parents = list(_parents(rows))
    leaves = [0] * len(rows)
    for place in range(len(rows) - 1, -1, -1):
        leaves[place] = leaves[place] or 1
        if (parent := parents[place]) is not None:
            leaves[parent] += leaves[place]
    free: dict[int | None, float] = {None: 0.0}
    for place, row in enumerate(rows):
        top = free[parents[place]]
        free[parents[place]] = top + leaves[place] * _LEAF
        free[place] = top
        yield _Box(row, top, leaves[place])


def _parents(rows: Sequence[Row]) -> Iterator[int | None]:
    way: list[int] = []
    for place, row in enumerate(rows):
        while way and rows[way[-1]].depth >= row.depth:
            way.pop()
        yield way[-1] if way else None
        way.append(place)


def _cell(box: _Box, by: By, act: str) -> Markup:
    row = box.row
    x, y = row.depth * _COLUMN, box.top
    width, height = _COLUMN - _GAP, box.leaves * _LEAF - _GAP
    if not row.key:
        return element(
            "g",
            element("rect", x=x, y=y, width=width, height=height, rx=3, class_="quiet"),
            text(row.label, x + 8, y + 20, "soft"),
        )
    state, has_flag = _state(row, by), by == "hop" and row.root != "none"
    letters = _LETTERS + (_MORE_LETTERS if act else 0) - (_FLAG_LETTERS if has_flag else 0)
    written = [
        text(f"{MARKS[state]} {fitted(row.label, letters)}", x + 8, y + 13),
        text(fitted(_below(row), letters + 5), x + 8, y + 26, "soft small"),
    ]
    frames = [element("rect", x=x, y=y, width=width, height=height, rx=3, class_=f"is-{state}")]
    if has_flag:
        frame, sign = _flag(row, x + width - _FLAG, y, height)
        frames.append(frame)
        written.append(sign)
    if box.leaves > 1:
        written = [staying("y", *written, start=y, room=(box.leaves - 1) * _LEAF)]
    return group(
        _in_full(row),
        *frames,
        *written,
        act=act,
        kind="objective",
        id=row.key,
    )


def _state(row: Row, by: By) -> State:
    """What a box is coloured by. The first level stands under the root: its step is the way."""
    return row.root if by == "root" and row.root != "none" else row.hop


def _flag(row: Row, x: float, y: float, height: float) -> tuple[Markup, Markup]:
    """What is left of the root's intent, at the right edge: a frame and its sign."""
    style = f"flag is-{row.root}"
    return (
        element("rect", x=x, y=y, width=_FLAG, height=height, rx=3, class_=style),
        text(f"⌂{MARKS[row.root]}", x + _FLAG / 2, y + 19, "small", text_anchor="middle"),
    )


def _below(row: Row) -> str:
    quiet = f"+{row.quiet} quiet" if row.quiet else ""
    return ", ".join(part for part in (row.team, quiet, row.note) if part)


def _in_full(row: Row) -> str:
    parts = (row.label, row.team, f"step: {HOP_WORDS[row.hop]}", ROOT_WORDS[row.root], row.note)
    return "; ".join(part for part in parts if part)


def _described(rows: Sequence[Row]) -> str:
    real = [row for row in rows if row.key]
    drifted = sum(row.hop == "drifted" for row in real)
    look = sum(row.hop == "look" for row in real)
    lost = sum(row.root == "drifted" for row in real)
    return (
        f"Each box is an objective, right of its parent. {drifted} drifted from the parent, "
        f"{look} are worth a look, {lost} no longer serve the root of their chain. "
        "The list below the picture says the same in words."
    )
