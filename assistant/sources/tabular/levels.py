"""Tables with a column per level of the tree."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import fold
from assistant.sources.tabular.grid import Row
from assistant.sources.tabular.items import (
    ALL,
    OBJECTIVES,
    SHARED,
    Harvest,
    Item,
    cells_of,
    homeless,
    is_percent,
    nothing_in,
)
from assistant.sources.tabular.kinds import read_element_kind
from assistant.sources.tabular.rows import results_of
from assistant.sources.tabular.table import Table


def levels_of(table: Table) -> Harvest:
    """One column per level; what stands to the left or above is what an element hangs under."""
    numbers = table.columns.numbers("level")
    path: dict[int, Item] = {}
    for row in table.rows:
        new = list(_new_levels(table, row, numbers, path))
        yield from new
        deepest = path[max(path)] if path else None
        results = list(results_of(table, row))
        fields = cells_of(table, row, ALL if not results else (*SHARED, *OBJECTIVES))
        if deepest and (new or not results):
            for role, cell in fields.items():
                deepest.fields.setdefault(role, cell)
        for result in results:
            if deepest is None:
                yield homeless(result)
            else:
                result.above = (deepest,)
                yield result
        if not new and not results and not any(table.cell(row, f"level {n}") for n in numbers):
            problem = nothing_in(table, row, "nothing in any level")
            if problem:
                yield problem


def _new_levels(
    table: Table, row: Row, numbers: tuple[int, ...], path: dict[int, Item]
) -> Iterator[Item]:
    for number in numbers:
        text = table.cell(row, f"level {number}")
        if text is None:
            continue
        same = path.get(number)
        if same and same.text and fold(same.text.text) == fold(text.text):
            continue
        above = [path[level] for level in sorted(path) if level < number]
        item = Item(text.location, text, above=tuple(above[-1:]), percent=is_percent(table))
        kind = table.cell(row, "type")
        if kind and not any(table.cell(row, f"level {n}") for n in numbers if n > number):
            item.kind = read_element_kind(kind.text)
            item.fields["type"] = kind
        if table.has("key_result"):
            item.kind = item.kind or "objective"
        for level in [level for level in path if level >= number]:
            del path[level]
        path[number] = item
        yield item
