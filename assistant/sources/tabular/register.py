"""Reads tables that list teams or planning periods."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import Problem, fold
from assistant.sources import cells
from assistant.sources.records import CycleRecord, Record, TeamRecord
from assistant.sources.tabular.table import Table


def teams_of(table: Table) -> Iterator[Record]:
    """The teams of a table; a parent may be named or given by its id."""
    names = {
        fold(key): name
        for row in table.rows
        if (key := table.text(row, "id")) and (name := table.text(row, "team", "name"))
    }
    for row in table.rows:
        name = cells.read_text(table.cell(row, "team", "name"))
        if name is None:
            continue
        parent = cells.read_text(table.cell(row, "parent_team"))
        yield TeamRecord(
            name=name,
            location=table.place(row, "team", "name"),
            parent=names.get(fold(parent), parent) if parent else None,
            people=(yield from cells.read_count(table.cell(row, "people"))),
            budget=(yield from cells.read_amount(table.cell(row, "budget"))),
        )


def cycles_of(table: Table) -> Iterator[Record]:
    """The planning periods of a table."""
    for row in table.rows:
        name = cells.read_text(table.cell(row, "cycle"))
        if name is None:
            continue
        location = table.place(row, "cycle")
        start = yield from cells.read_date(table.cell(row, "start"))
        end = yield from cells.read_date(table.cell(row, "end"))
        if start and end and end < start:
            yield Problem(
                message=f"The cycle {cells.shown(name)!r} ends before it starts; no dates are "
                "used.",
                location=location,
                severity="warning",
            )
            start = end = None
        yield CycleRecord(name=name, location=location, start=start, end=end)
