"""Cells in rows, whatever they came from, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models import Location, Problem

MOST_ROWS = 100_000
"""Rows that are read of one table."""

MOST_COLUMNS = 200
"""Columns that are read of one table."""


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row; ``number`` is its line in a file or its number in a sheet."""

    number: int
    values: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.values)


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of a file: a CSV file, or a sheet of a workbook."""

    file: str
    rows: tuple[Row, ...]
    sheet: str | None = None
    problems: tuple[Problem, ...] = ()

    def at(self, row: int, column: int = 0) -> Location:
        """The location of a cell, by row number and column from 0."""
        return locate(self.file, self.sheet, row, column)


def locate(file: str, sheet: str | None, row: int, column: int = 0) -> Location:
    """The location of a cell: a line of a text file, or a cell such as B12 of a sheet."""
    if sheet is None:
        return Location(file=file, line=row)
    return Location(file=file, sheet=sheet, cell=f"{letters(column)}{row}")


def letters(column: int) -> str:
    """The name of a column of a sheet, counted from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
