"""The elements of a table before it is known what each is, and what every shape needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.models import Location, Problem
from assistant.sources import cells
from assistant.sources.cells import Cell
from assistant.sources.tabular.grid import Row
from assistant.sources.tabular.kinds import ElementKind
from assistant.sources.tabular.table import Table

MEASURES = ("metric", "baseline", "target", "unit", "current")
OWN = ("owner", "status", "score", "notes", "tags", "due", "id")
"""What both an objective and a key result may have."""

OBJECTIVES = (
    "parents", "contribution", "type", "kind", "phase", "horizon", "drivers",
)  # fmt: skip
SHARED = ("team", "parent_team", "cycle", "year")
ALL = (*SHARED, *OBJECTIVES, *OWN, *MEASURES)


@dataclass(eq=False)
class Item:
    """One element of a table. ``above`` are the elements that it hangs under."""

    location: Location
    text: Cell | None
    fields: dict[str, Cell] = field(default_factory=dict)
    kind: ElementKind | None = None
    above: tuple[Item, ...] = ()
    stated: tuple[str, ...] = ()
    percent: bool = False
    """Whether a bare score is a percentage."""
    has_id: bool = True
    """Whether its key is an id that the source gives, and not a mere number of the row."""
    is_other: bool = False
    """Whether its type says that it is neither an objective nor a key result."""


Harvest = Iterator[Item | Problem]


def cells_of(table: Table, row: Row, roles: tuple[str, ...] = ALL) -> dict[str, Cell]:
    """The cells of a row that say anything, by role."""
    found = ((role, table.cell(row, role)) for role in roles if table.has(role))
    return {role: cell for role, cell in found if cell}


def is_percent(table: Table, role: str = "score") -> bool:
    """Whether the bare numbers of a score column run from 0 to 100."""
    return role in table.percent


def nothing_in(table: Table, row: Row, what: str) -> Problem | None:
    """A row that says something, but not what counts."""
    filled = [value for value in row.values if not cells.is_blank(value)]
    if not filled:
        return None
    message = f"The row beginning {cells.shown(filled[0])!r} has {what} and was left out."
    return Problem(
        message=message,
        location=table.place(row, "objective", "text", "order", "level 1"),
        severity="warning",
    )


def homeless(item: Item) -> Problem:
    """A key result before any objective."""
    text = cells.shown(item.text.text) if item.text else ""
    message = f"The key result {text!r} has no objective above it and was left out."
    return Problem(message=message, location=item.location)
