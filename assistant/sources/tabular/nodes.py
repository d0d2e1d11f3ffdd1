"""Tables with a row per element: with types in reading order, dotted numbers, or parent ids."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import Problem, fold
from assistant.sources import cells
from assistant.sources.cells import Cell
from assistant.sources.tabular.grid import Row
from assistant.sources.tabular.items import (
    Harvest,
    Item,
    cells_of,
    homeless,
    is_percent,
    nothing_in,
)
from assistant.sources.tabular.kinds import read_element_kind, read_objective_kind
from assistant.sources.tabular.table import Table, read_order


def _element(table: Table, row: Row) -> Item | None:
    text = table.cell(row, "text", "objective")
    fields = cells_of(table, row)
    if text is None and "metric" not in fields:
        return None
    location = text.location if text else table.place(row, "text", "objective")
    item = Item(location, text, fields, percent=is_percent(table))
    kind = table.cell(row, "type")
    if kind:
        item.kind = read_element_kind(kind.text)
        fields.setdefault("type", kind)
    return item


def _is_other(item: Item) -> bool:
    """Whether the type says that this is neither an objective nor a key result."""
    kind = item.fields.get("type")
    return kind is not None and item.kind is None and read_objective_kind(kind.text) is None


def _elements(table: Table) -> Iterator[tuple[Row, Item] | Problem]:
    """Every row that holds an element, and one problem for all the types that are not read."""
    others: dict[str, list[Item]] = {}
    for row in table.rows:
        item = _element(table, row)
        if item is None:
            problem = nothing_in(table, row, "no text")
            if problem:
                yield problem
        else:
            if _is_other(item):
                item.is_other = True
                others.setdefault(fold(item.fields["type"].text), []).append(item)
            yield row, item
    for name, items in others.items():
        rows = f"{len(items)} rows" if len(items) > 1 else "One row"
        yield Problem(
            message=f"{rows} of the type {cells.shown(name)!r} left out; only objectives and key "
            "results are read.",
            location=items[0].location,
            severity="info",
        )


def typed_of(table: Table) -> Harvest:
    """Objectives and key results in reading order."""
    current: Item | None = None
    for found in _elements(table):
        if isinstance(found, Problem):
            yield found
            continue
        item = found[1]
        if item.is_other:
            continue
        item.kind = item.kind or "objective"
        if item.kind == "objective":
            current = item
        elif current is None:
            yield homeless(item)
            continue
        else:
            item.above = (current,)
        yield item


def dotted_of(table: Table) -> Harvest:
    """A number such as 1.2 says that the element hangs under 1."""
    items: dict[tuple[int, ...], Item] = {}
    rows: list[Item | Problem] = []
    previous: tuple[int, ...] = ()
    for found in _elements(table):
        if isinstance(found, Problem):
            rows.append(found)
            continue
        row, item = found
        order = _order(table, row, items, previous)
        if isinstance(order, Problem):
            rows.append(order)
            continue
        if "id" not in item.fields and (cell := table.cell(row, "order")):
            item.fields["id"], item.has_id = _numbered(cell, order), False
        items[order], previous = item, order
        rows.append(item)
    for order, item in items.items():
        item.above, problem = _under(order, items, item)
        if problem:
            rows.append(problem)
    yield from _shown(rows)


def _order(
    table: Table, row: Row, items: dict[tuple[int, ...], Item], previous: tuple[int, ...]
) -> tuple[int, ...] | Problem:
    cell = table.cell(row, "order")
    place = table.place(row, "order")
    if cell is None:
        return Problem(message="The row has no order number and was left out.", location=place)
    order = read_order(cell.text)
    if order is None:
        message = (
            f"The order {cells.shown(cell.text)!r} is no number such as 1.2 (spreadsheets turn "
            "some into dates); the row was left out."
        )
        return Problem(message=message, location=place)
    if order not in items:
        return order
    tenfold = (*order[:-1], order[-1] * 10)
    # A spreadsheet that takes 1.10 for a number stores 1.1.
    if len(order) == 2 and previous == (*order[:-1], order[-1] * 10 - 1) and tenfold not in items:  # noqa: PLR2004
        return tenfold
    message = (
        f"The order {cells.shown(cell.text)!r} stands already at {items[order].location}; "
        "this row was left out."
    )
    return Problem(message=message, location=place)


def _numbered(cell: Cell, order: tuple[int, ...]) -> Cell:
    """The cell as the key of its row, with the zero that a spreadsheet took from 1.10."""
    text = cell.text if read_order(cell.text) == order else ".".join(map(str, order))
    return Cell(cell.name, text.rstrip(".) "), cell.location)


def _under(
    order: tuple[int, ...], items: dict[tuple[int, ...], Item], item: Item
) -> tuple[tuple[Item, ...], Problem | None]:
    for length in range(len(order) - 1, 0, -1):
        above = items.get(order[:length])
        if above is None:
            continue
        if length == len(order) - 1:
            return (above,), None
        return (above,), _gap(order, order[:length], item)
    if len(order) > 1 and item.kind != "objective":
        return (), _gap(order, None, item)
    return (), None


def _gap(order: tuple[int, ...], above: tuple[int, ...] | None, item: Item) -> Problem:
    number = ".".join(map(str, order))
    missing = ".".join(map(str, order[:-1]))
    where = f"it was put under {'.'.join(map(str, above))}" if above else "it hangs under nothing"
    message = f"Nothing has the order {missing}, under which {number} belongs; {where}."
    return Problem(message=message, location=item.location, severity="warning")


def linked_of(table: Table) -> Harvest:
    """The id of another row says what an element hangs under."""
    items: dict[str, Item] = {}
    links: list[tuple[Item, Cell]] = []
    rows: list[Item | Problem] = []
    for found in _elements(table):
        if isinstance(found, Problem):
            rows.append(found)
            continue
        row, item = found
        rows.append(item)
        name = item.fields.get("id")
        if name and fold(name.text) in items:
            rows.append(
                cells.remark(
                    name,
                    f"stands already at {items[fold(name.text)].location}; links to it go there.",
                )
            )
        elif name:
            items[fold(name.text)] = item
        parent = table.cell(row, "parent_id")
        if parent and fold(parent.text) not in ("0", fold(name.text) if name else ""):
            links.append((item, parent))
    texts = {fold(item.text.text): item for item in items.values() if item.text}
    for item, cell in links:
        item.above, item.stated = _linked(cell, items, texts)
    yield from _shown(rows)


def _shown(rows: list[Item | Problem]) -> Harvest:
    """What is read: elements of other types drop out of the tree, what is below them stays."""
    for row in rows:
        if isinstance(row, Problem):
            yield row
        elif not row.is_other:
            above = (_nearest(item) for item in row.above)
            row.above = tuple(dict.fromkeys(item for item in above if item))
            yield row


def _nearest(item: Item) -> Item | None:
    seen: set[Item] = set()
    here: Item | None = item
    while here and here.is_other:
        seen.add(here)
        here = next((above for above in here.above if above not in seen), None)
    return here


def _linked(
    cell: Cell, items: dict[str, Item], texts: dict[str, Item]
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The elements that a cell names by id or by text, and the names that are no element's."""
    whole = items.get(fold(cell.text)) or texts.get(fold(cell.text))
    if whole:
        return (whole,), ()
    ids = cells.read_names(cell)
    parts = ids if any(fold(part) in items for part in ids) else cells.read_statements(cell)
    known = {part: items.get(fold(part)) or texts.get(fold(part)) for part in parts}
    return (
        tuple(item for item in known.values() if item),
        tuple(part for part, item in known.items() if item is None),
    )
