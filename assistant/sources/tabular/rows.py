"""Tables with a row per objective or per key result: long and wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.models import fold
from assistant.sources import cells
from assistant.sources.cells import Cell
from assistant.sources.tabular.grid import Row
from assistant.sources.tabular.items import (
    MEASURES,
    OBJECTIVES,
    OWN,
    SHARED,
    Harvest,
    Item,
    cells_of,
    homeless,
    is_percent,
    nothing_in,
)
from assistant.sources.tabular.table import Table

_BULLET = re.compile(
    r"[ \t]*(?:[•◦▪‣●○*–—-]|\(?\d{1,2}[.)]|kr ?\d{1,2}\s*[:.)–-])[ \t]+", re.IGNORECASE
)
_IDENTITY = ("id", "team", "cycle", "year")
_FOR_EACH = ("owner", "status", "due", "tags")
"""What holds for every key result of a cell that lists several."""


def rows_of(table: Table) -> Harvest:
    """An objective with its key results in the same row, in numbered columns or below."""
    table = _with_row_ids(table)
    carries = _has_blanks_below(table)
    seen: dict[tuple[str, ...], Item] = {}
    current: Item | None = None
    last: dict[str, Cell] = {}
    for row in table.rows:
        text = table.cell(row, "objective", "text")
        results = list(results_of(table, row))
        if carries:
            last |= cells_of(table, row, SHARED)
        if text:
            fields = {**(last if carries else {}), **_of_objective(table, row, bool(results))}
            if current is None or not _is_same(current, text, fields):
                name = _identity(text, fields)
                if name not in seen:
                    seen[name] = Item(text.location, text, fields, "objective")
                    yield seen[name]
                current = seen[name]
            for role, cell in fields.items():
                current.fields.setdefault(role, cell)
        for result in results:
            if current is None:
                yield homeless(result)
            else:
                result.above = (current,)
                yield result
        if not text and not results:
            problem = nothing_in(table, row, "neither an objective nor a key result")
            if problem:
                yield problem


def _with_row_ids(table: Table) -> Table:
    """The table with its ids given to the key results, where one objective has several."""
    ids: dict[tuple[str, ...], set[str]] = {}
    for row in table.rows:
        text, key = table.text(row, "objective", "text"), table.text(row, "id")
        if text and key:
            named = (fold(table.text(row, role) or "") for role in _IDENTITY[1:])
            ids.setdefault((fold(text), *named), set()).add(fold(key))
    if not table.has("key_result") or all(len(found) == 1 for found in ids.values()):
        return table
    places = dict(table.columns.places)
    places.setdefault("kr.id", places.pop("id"))
    return replace(table, columns=replace(table.columns, places=places))


def _has_blanks_below(table: Table) -> bool:
    return any(
        table.cell(row, "objective", "text") is None and table.cell(row, "key_result")
        for row in table.rows
    )


def _is_same(current: Item, text: Cell, fields: dict[str, Cell]) -> bool:
    """Whether a row goes on with the objective above it; what it leaves empty does not count."""
    if current.text is None or fold(current.text.text) != fold(text.text):
        return False
    return all(
        fold(fields[role].text) == fold(current.fields[role].text)
        for role in _IDENTITY
        if role in fields and role in current.fields
    )


def _identity(text: Cell, fields: dict[str, Cell]) -> tuple[str, ...]:
    """What makes two rows speak of the same objective."""
    parts = (fields[role].text if role in fields else "" for role in _IDENTITY)
    return (fold(text.text), *map(fold, parts))


def _of_objective(table: Table, row: Row, has_results: bool) -> dict[str, Cell]:
    """The cells of a row that speak of its objective and not of the key result beside it."""
    fields = cells_of(table, row, (*SHARED, *OBJECTIVES))
    for role in OWN:
        cell = table.cell(row, f"objective.{role}")
        if cell is None and (not has_results or not _is_behind(table, role)):
            cell = table.cell(row, role)
        if cell:
            fields[role] = cell
    return fields


def _is_behind(table: Table, role: str) -> bool:
    """Whether a column stands behind the key results: it then speaks of them."""
    places = table.columns.places
    key_result, place = places.get("key_result"), places.get(role)
    if key_result is None or table.columns.numbers("key_result"):
        return False
    return place is not None and place > key_result


def results_of(table: Table, row: Row) -> Iterator[Item]:
    """The key results of one row, from the plain column and from the numbered ones."""
    score = "kr.score" if table.has("kr.score") else "score"
    yield from _results(table, row, "key_result", _plain_fields(table, row), score)
    for number in table.columns.numbers("key_result"):
        own = ((role, table.cell(row, f"{role} {number}")) for role in (*OWN, *MEASURES))
        fields = {role: cell for role, cell in own if cell}
        yield from _results(table, row, f"key_result {number}", fields, f"score {number}")


def _results(
    table: Table, row: Row, role: str, fields: dict[str, Cell], score: str
) -> Iterator[Item]:
    percent = is_percent(table, score)
    texts = tuple(_split(table.cell(row, role)))
    if not texts and "metric" in fields:
        place = table.place(row, role)
        yield Item(place, None, fields, "key_result", percent=percent)
    if len(texts) > 1:
        fields = {name: cell for name, cell in fields.items() if name in _FOR_EACH}
    for text in texts:
        yield Item(text.location, text, dict(fields), "key_result", percent=percent)


def _plain_fields(table: Table, row: Row) -> dict[str, Cell]:
    if not table.has("key_result"):
        return {}
    fields = cells_of(table, row, MEASURES)
    for role in OWN:
        cell = table.cell(row, f"kr.{role}")
        if cell is None and _is_behind(table, role):
            cell = table.cell(row, role)
        if cell:
            fields[role] = cell
    return fields


def _split(cell: Cell | None) -> Iterator[Cell]:
    """The items of a cell that holds a list; a line without a bullet goes on the one above."""
    if cell is None:
        return
    lines = cell.text.split("\n")
    bullets = [bool(_BULLET.match(line)) for line in lines]
    if sum(bullets) < 2 or not bullets[0]:  # noqa: PLR2004 - one bullet makes no list
        yield cell
        return
    items: list[str] = []
    for line, has_bullet in zip(lines, bullets, strict=True):
        bare = _BULLET.sub("", line, count=1).strip() if has_bullet else line.strip()
        if has_bullet:
            items.append(bare)
        else:
            items[-1] = f"{items[-1]} {bare}".strip()
    for item in items:
        if not cells.is_blank(item):
            yield Cell(cell.name, item, cell.location)
