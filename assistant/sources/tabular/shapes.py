"""How the rows of each shape of table hang together.

Every shape yields items in the order of the table: an element with its cells and the element
that it hangs under. Whether an item is an objective or a key result, where the table does not
say so, and what its cells mean is settled in ``harvest.py``.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.sources.tabular.items import Harvest
from assistant.sources.tabular.levels import levels_of
from assistant.sources.tabular.nodes import dotted_of, linked_of, typed_of
from assistant.sources.tabular.rows import rows_of
from assistant.sources.tabular.table import Table

_SHAPES: dict[str, Callable[[Table], Harvest]] = {
    "rows": rows_of,
    "levels": levels_of,
    "parent-id": linked_of,
    "dotted": dotted_of,
    "typed": typed_of,
}


def items_of(table: Table) -> Harvest:
    """The elements of a table, and problems with the rows that hold none."""
    return _SHAPES[table.preset.shape](table)
