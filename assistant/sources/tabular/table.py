"""Finds the header in a grid, and gives out cells by what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.models import Location, Problem, fold
from assistant.sources import cells
from assistant.sources.cells import Cell
from assistant.sources.tabular.grid import Grid, Row
from assistant.sources.tabular.kinds import read_element_kind
from assistant.sources.tabular.presets import (
    Columns,
    Known,
    Preset,
    find_columns,
    fits,
    simplify,
)
from assistant.sources.vocabulary import GOALS

HIGHEST_HEADER = 30
"""Rows among which the header is looked for."""

_DOTTED_SHARE = 0.6
_LONGEST_PART = 3
_ABOVE = {"team": "team", "squad": "team", "department": "team", "cycle": "cycle"} | dict.fromkeys(
    ("quarter", "period", "time period", "zyklus", "quartal"), "cycle"
)


@dataclass(frozen=True)
class Table:
    """A grid with a header that a preset understands."""

    grid: Grid
    preset: Preset
    columns: Columns
    header: Row
    rows: tuple[Row, ...]
    team: str | None = None
    cycle: str | None = None
    percent: frozenset[str] = frozenset()
    """The score columns whose bare numbers run from 0 to 100."""

    def has(self, role: str) -> bool:
        """Whether there is a column for this."""
        return role in self.columns.places

    def cell(self, row: Row, *roles: str) -> Cell | None:
        """The first of these that the row says anything in."""
        for role in roles:
            column = self.columns.places.get(role)
            text = row.values[column] if column is not None and column < len(row.values) else ""
            if column is not None and not cells.is_blank(text):
                name = " ".join(self.header.values[column].split())
                return Cell(name, text, self.at(row, column))
        return None

    def text(self, row: Row, *roles: str) -> str | None:
        """The words of :meth:`cell`."""
        cell = self.cell(row, *roles)
        return cell.text if cell else None

    def at(self, row: Row, column: int = 0) -> Location:
        """The location of a cell of this table."""
        return self.grid.at(row.number, column)

    def place(self, row: Row, *roles: str) -> Location:
        """The location of the column of the first of these roles that has one."""
        columns = self.columns.places
        return self.at(row, next((columns[role] for role in roles if role in columns), 0))


@dataclass(frozen=True)
class NoTable:
    """A grid without columns that are understood: which it has, and where."""

    found: str
    location: Location
    is_ambiguous: bool = False

    def problem(self, presets: tuple[Known, ...]) -> Problem:
        """One problem that lists the columns found and the names expected."""
        said = (
            f"The columns {self.found} do not tell which rows are objectives."
            if self.is_ambiguous
            else f"No OKR columns were found. Columns here: {self.found}."
        )
        return Problem(message=f"{said} {expected(presets)}", location=self.location)


def find_table(grid: Grid, presets: tuple[Known, ...]) -> Table | NoTable:
    """Find the header of a grid and the preset that it fits.

    The row in which most columns have a meaning is the header; of the presets that it fits, the
    first counts whose rows look as they should.

    Returns:
        The table, or what was found instead.
    """
    best: tuple[int, int] | None = None
    for position, row in enumerate(grid.rows[:HIGHEST_HEADER]):
        found = [
            len(columns.places)
            for known in presets
            if fits(known.preset, columns := find_columns(row.values, known.names))
        ]
        if found and (best is None or max(found) > best[0]):
            best = (max(found), position)
    if best is None:
        return _no_header(grid)
    position = best[1]
    for known in presets:
        columns = find_columns(grid.rows[position].values, known.names)
        columns = _with_goal(columns, grid, position)
        if fits(known.preset, columns):
            table = _table(grid, position, known.preset, columns)
            if _looks_right(table):
                return table
    return _no_header(grid, best[1])


def _with_goal(columns: Columns, grid: Grid, position: int) -> Columns:
    """The columns with ``Goal`` as the target, where others hold objectives and key results.

    Words that stand before both are neither: they may be a goal above the objectives.
    """
    places = dict(columns.places)
    results = [at for role, at in places.items() if role.split(" ")[0] == "key_result"]
    header = grid.rows[position].values
    goals = (at for at, name in enumerate(header) if simplify(_bare(name)) in GOALS)
    goal = next(goals, None)
    if goal is None or not results or "target" in places:
        return columns
    roles = [role for role, at in places.items() if at == goal]
    if any(role not in ("objective", "text") for role in roles):
        return columns
    others = [at for role, at in places.items() if role in ("objective", "text") and at != goal]
    below = (row.values for row in grid.rows[position + 1 :])
    texts = [values[goal] for values in below if goal < len(values)]
    figures = [cells.is_figure(text) for text in texts if not cells.is_blank(text)]
    is_behind = bool(others) and min(*others, *results) < goal
    if not is_behind and not (figures and all(figures)):
        return columns
    for role in roles:
        del places[role]
    places["target"] = goal
    unread = tuple(at for at in columns.unread if at != goal)
    return replace(columns, places=places, unread=unread)


def _bare(heading: str) -> str:
    return re.sub(r"\([^()]*\)", " ", heading)


def _table(grid: Grid, position: int, preset: Preset, columns: Columns) -> Table:
    header = grid.rows[position]
    names = tuple(map(fold, header.values))
    rows = tuple(row for row in grid.rows[position + 1 :] if tuple(map(fold, row.values)) != names)
    above = dict(_labels(grid.rows[:position]))
    table = Table(grid, preset, columns, header, rows, above.get("team"), above.get("cycle"))
    scores = (role for role in columns.places if role.split(" ")[0].endswith("score"))
    percent = frozenset(role for role in scores if _is_percent(table, role))
    return replace(table, percent=percent)


def _is_percent(table: Table, role: str) -> bool:
    heading = table.header.values[table.columns.places[role]]
    texts = [text for row in table.rows if (text := table.text(row, role))]
    return "%" in heading or cells.is_percent_scale(texts)


def _labels(rows: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    """What stands over a table: ``Team:`` and its name, ``Quarter`` and its name."""
    for row in rows:
        words = [value for value in row.values if value]
        name, _, value = words[0].partition(":") if words else ("", "", "")
        value = value.strip() or (words[1] if len(words) == 2 else "")  # noqa: PLR2004 - a pair
        role = _ABOVE.get(simplify(name))
        if role and value:
            yield role, value


def _looks_right(table: Table) -> bool:
    """Whether the rows are what the preset says they are."""
    shape = table.preset.shape
    if shape == "teams":
        return table.has("people") or table.has("budget") or not table.has("name")
    if shape == "levels":
        return len(table.columns.numbers("level")) + table.has("key_result") > 1
    if shape == "dotted":
        orders = [text for row in table.rows if (text := table.text(row, "order"))]
        dotted = [order for order in orders if read_order(order)]
        nested = any(len(read_order(order) or ()) > 1 for order in dotted)
        return nested and len(dotted) >= _DOTTED_SHARE * len(orders)
    if shape == "typed":
        kinds = {read_element_kind(table.text(row, "type") or "") for row in table.rows}
        return bool(kinds & {"objective", "key_result"})
    return True


def read_order(text: str) -> tuple[int, ...] | None:
    """The number that says what an element hangs under: ``1.2.3``, ``O1.KR2``, ``2.``."""
    parts = [part for part in _order_parts(text) if part]
    if not parts or not all(part.isdecimal() and len(part) <= _LONGEST_PART for part in parts):
        return None
    numbers = tuple(int(part) for part in parts)
    return numbers[:-1] if len(numbers) > 1 and numbers[-1] == 0 else numbers


def _order_parts(text: str) -> list[str]:
    bare = "".join("." if letter in ".-_/ )" else letter for letter in text.strip())
    return [part.casefold().lstrip("okrbj#") for part in bare.split(".")]


def _no_header(grid: Grid, position: int | None = None) -> NoTable:
    row = _fullest(grid) if position is None else grid.rows[position]
    found = ", ".join(repr(cells.shown(value)) for value in row.values if value) if row else ""
    location = grid.at(row.number) if row else Location(file=grid.file, sheet=grid.sheet)
    return NoTable(found or "none", location, is_ambiguous=position is not None)


def _fullest(grid: Grid) -> Row | None:
    """The row that is most likely meant as the header."""
    rows = grid.rows[:HIGHEST_HEADER]
    return max(rows, key=lambda row: sum(map(bool, row.values)), default=None)


def expected(presets: tuple[Known, ...]) -> str:
    """The names that a header should have, as sentences."""
    if len(presets) > 1:
        return (
            "Expected are 'Objective' with 'Key result', or with 'Key result 1', 'Key result 2' "
            "and so on; 'L1', 'L2' and so on; or 'Title' with 'Type', with 'ID' and 'Parent ID', "
            "or with 'Order' (1, 1.1). Rename the columns, or name a preset or a file of your "
            "own; docs/formats.md tells how."
        )
    known = presets[0]
    needs = []
    for need in known.preset.needs:
        names = [name for role in need.split("|") for name in _examples(known, role)]
        needs.append(" or ".join(repr(name) for name in names))
    return f"The preset {known.preset.name!r} expects {'; '.join(needs)}."


def _examples(known: Known, role: str) -> tuple[str, ...]:
    bare = role.removesuffix(" {n}")
    own = known.preset.columns.get(bare) or tuple(
        name
        for other, names in known.preset.columns.items()
        if other.startswith(bare)
        for name in names
    )
    return own[:2] or tuple(name for name, meant in known.names.items() if meant == bare)[:2]
