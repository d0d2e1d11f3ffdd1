"""Choices of the strategy against the teams that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.models import Choice, Coverage
from assistant.report.context import Context
from assistant.report.views.branches import branches

MOST_COLUMNS = 18


@dataclass(frozen=True)
class Cell:
    """What one team, with the teams below it, does about one choice.

    Attributes:
        serving: number of objectives that serve it.
        strength: how plainly the plainest of them does, from 0 to 1.
        against: number of objectives that work against it.
    """

    serving: int = 0
    strength: float = 0.0
    against: int = 0


@dataclass(frozen=True)
class Line:
    """One choice with its cells, by the name of the column.

    Attributes:
        partial: only a branch was looked at, which need not serve everything.
    """

    choice: Choice
    label: str
    cells: Mapping[str, Cell]
    serving: int
    against: int
    partial: bool = False

    @property
    def is_gap(self) -> bool:
        """Nobody serves what somebody should."""
        is_wanted = not self.choice.withdrawn and self.choice.kind != "will-not"
        return is_wanted and not self.serving and not self.partial

    @property
    def outcome(self) -> str:
        """In words: who serves it."""
        if self.choice.withdrawn:
            return "withdrawn"
        if self.choice.kind == "will-not":
            return f"{self.against} against" if self.against else "nobody found against it"
        served = f"{self.serving} serve it" if self.serving != 1 else "1 serves it"
        against = f", {self.against} against" if self.against else ""
        nobody = "not served here" if self.partial else "nobody serves it"
        return f"{served if self.serving else nobody}{against}"


@dataclass(frozen=True)
class Grid:
    """The lines, and the columns in the order of the organisation; where each objective stands."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    column_of: Mapping[str, str]


def lay_out(context: Context, *, most: int = MOST_COLUMNS) -> Grid:
    """The coverage of the scan as a grid.

    Args:
        context: the scan with its organisation.
        most: columns; a larger organisation is shown by its branches.
    """
    coverage = context.scan.coverage
    named = {key for item in coverage for key in (*item.served_by, *item.against)}
    column_of = branches(context, named, most=most)
    columns = tuple(dict.fromkeys(column_of.values()))
    is_partial = bool(context.scan.within)
    lines = tuple(_line(item, column_of, is_partial) for item in coverage)
    return Grid(columns, lines, column_of)


def _line(item: Coverage, column_of: Mapping[str, str], is_partial: bool) -> Line:
    cells: dict[str, Cell] = {}
    for key, strength in item.served_by.items():
        column = column_of[key]
        old = cells.get(column, Cell())
        cells[column] = Cell(old.serving + 1, max(old.strength, strength), old.against)
    for key in item.against:
        column = column_of[key]
        old = cells.get(column, Cell())
        cells[column] = Cell(old.serving, old.strength, old.against + 1)
    return Line(
        item.choice, item.choice.text, cells, len(item.served_by), len(item.against), is_partial
    )
