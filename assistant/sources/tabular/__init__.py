"""Reads OKRs from tables: CSV files and the sheets of Excel workbooks.

``docs/formats.md`` documents the shapes of table and the columns that are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from assistant.models import Location, Problem, fold
from assistant.sources.cycles import find_period
from assistant.sources.records import Record
from assistant.sources.tabular.delimited import read_grid, what_is_not_text
from assistant.sources.tabular.grid import Grid
from assistant.sources.tabular.harvest import records_of
from assistant.sources.tabular.items import Item
from assistant.sources.tabular.presets import Known, choose
from assistant.sources.tabular.register import cycles_of, teams_of
from assistant.sources.tabular.shapes import items_of
from assistant.sources.tabular.table import NoTable, Table, expected, find_table
from assistant.sources.tabular.workbook import read_grids
from assistant.sources.vocabulary import GENERIC

_NO_DELIMITER = "\x1f"
_BARE_PERIOD = re.compile(r"(?:Q[1-4]|H[12])", re.IGNORECASE)
_NAMELESS = re.compile(r"(?:sheet|tabelle|blatt|feuil|hoja|table|data|export)?[\d_]*")
_REGISTERS = ("teams", "cycles")


def read_csv(text: str, file: str, preset: str | Path | None = None) -> Iterator[Record]:
    """Read the OKRs, teams or cycles of a delimited text file.

    Args:
        text: the decoded content; commas, semicolons, tabs and bars may delimit cells.
        file: its name, for locations.
        preset: the name of a built-in column preset or the path of one's own; without one the
            columns tell the shape of the table.

    Yields:
        Records in the order of the file. A row that cannot be read is a problem of its own; a
        file without columns that are understood is one problem.

    Raises:
        ConfigurationError: the preset does not exist or is no preset.
    """
    presets = choose(preset)
    text = text.removeprefix("\ufeff")
    unusable = what_is_not_text(text)
    if unusable:
        message = f"The file is {unusable}."
        yield Problem(message=message, location=Location(file=file))
        return
    if not text.strip():
        yield _empty("file", Location(file=file))
        return
    grid = read_grid(text, file)
    table = find_table(grid, presets)
    if isinstance(table, Table) and len(table.header.values) == 1:
        grid = read_grid(text, file, _NO_DELIMITER)
        table = find_table(grid, presets)
    yield from grid.problems
    if isinstance(table, NoTable):
        yield table.problem(presets)
    else:
        yield from _read(table)


def read_xlsx(data: bytes, file: str, preset: str | Path | None = None) -> Iterator[Record]:
    """Read the OKRs, teams and cycles of every sheet of an Excel workbook.

    Where several sheets hold OKRs and a sheet has no team column, its title is the team of its
    objectives, or their cycle if it names one. Cells are read as a person sees them; of formulas
    the stored value counts.

    Args:
        data: the content of the file.
        file: its name, for locations.
        preset: see :func:`read_csv`.

    Yields:
        Records, sheet by sheet, with sheet and cell as their location, and problems. A sheet
        without columns that are understood is passed over unless no sheet has any.

    Raises:
        ConfigurationError: the preset does not exist or is no preset.
    """
    presets = choose(preset)
    if not data:
        yield _empty("file", Location(file=file))
        return
    grids: list[Grid] = []
    for grid in read_grids(data, file):
        if isinstance(grid, Problem):
            yield grid
        elif _is_wanted(grid, presets):
            grids.append(grid)
    found = [(grid, find_table(grid, presets)) for grid in grids if grid.rows or grid.problems]
    tables = [table for _, table in found if isinstance(table, Table)]
    if grids and not tables:
        yield from _no_tables(file, found, presets)
        return
    titled = sum(table.preset.shape not in _REGISTERS for table in tables) > 1
    for grid, table in found:
        yield from grid.problems
        if isinstance(table, Table):
            yield from _read(_with_title(table) if titled else table)
        else:
            message = (
                f"The sheet {grid.sheet!r} has no OKR columns and was passed over; its columns "
                f"are {table.found}."
            )
            yield Problem(message=message, location=table.location, severity="info")


def _no_tables(
    file: str, found: list[tuple[Grid, Table | NoTable]], presets: tuple[Known, ...]
) -> Iterator[Problem]:
    """One problem for a workbook in whose sheets nothing is understood."""
    for grid, _ in found:
        yield from grid.problems
    missing = [(grid, table) for grid, table in found if isinstance(table, NoTable)]
    if not missing:
        yield _empty("workbook", Location(file=file))
    elif len(missing) == 1:
        yield missing[0][1].problem(presets)
    else:
        listed = "; ".join(f"{grid.sheet!r} has {table.found}" for grid, table in missing)
        message = f"No sheet has OKR columns: {listed}. {expected(presets)}"
        yield Problem(message=message, location=Location(file=file))


def _is_wanted(grid: Grid, presets: Iterable[Known]) -> bool:
    wanted = {fold(known.preset.sheet) for known in presets if known.preset.sheet}
    return not wanted or fold(grid.sheet or "") in wanted


def _empty(what: str, location: Location) -> Problem:
    return Problem(message=f"The {what} is empty.", location=location, severity="warning")


def _with_title(table: Table) -> Table:
    """The table with the team and the cycle that the title of its sheet names."""
    title = (table.grid.sheet or "").strip()
    period = find_period(title)
    cycle = title[period[0] : period[1]] if period else None
    team = (title[: period[0]] + " " + title[period[1] :]) if period else title
    team = " ".join(team.strip(" -–—_/|()[]").split())
    if _BARE_PERIOD.fullmatch(team):
        cycle, team = cycle or team, ""
    is_named = any(
        word not in GENERIC and not _NAMELESS.fullmatch(word)
        for word in re.findall(r"\w+", fold(team))
    )
    return replace(
        table,
        team=table.team or (team if is_named and not table.has("team") else None),
        cycle=table.cycle or (None if table.has("cycle") else cycle),
    )


def _read(table: Table) -> Iterator[Record]:
    if table.columns.unread:
        yield _unread(table)
    yield from _too_wide(table)
    if table.preset.shape == "teams":
        yield from teams_of(table)
        return
    if table.preset.shape == "cycles":
        yield from cycles_of(table)
        return
    items: list[Item] = []
    for found in items_of(table):
        if isinstance(found, Problem):
            yield found
        else:
            items.append(found)
    yield from records_of(table, items)


def _unread(table: Table) -> Problem:
    names = [table.header.values[column] for column in table.columns.unread]
    listed = ", ".join(repr(" ".join(name.split())) for name in names)
    return Problem(
        message=f"Columns that were not read: {listed}.",
        location=table.at(table.header, table.columns.unread[0]),
        severity="info",
    )


def _too_wide(table: Table) -> Iterator[Problem]:
    """Rows of a text file with more cells than the header: a text that was not quoted."""
    width = len(table.header.values)
    for row in table.rows if table.grid.sheet is None else ():
        if any(row.values[width:]):
            yield Problem(
                message=f"The row has {len(row.values)} cells and the header {width}; "
                "a text that holds the delimiter must stand in quotes.",
                location=table.at(row),
                severity="warning",
            )
