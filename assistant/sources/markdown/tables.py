"""Tells what the columns and rows of a table in an OKR document are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.models import fold
from assistant.sources.cells import is_blank
from assistant.sources.markdown.inline import Words, flat
from assistant.sources.markers import FieldLine, read_field
from assistant.sources.outline.node import Node
from assistant.sources.tidy import clean
from assistant.sources.vocabulary import FIELDS, KEY_RESULT, OBJECTIVE

_OBJECTIVE_COLUMN = re.compile(
    rf"(?:(?:{OBJECTIVE})s?|ziele|o|okrs?|(?:objectives?|o)\s*(?:/|&|and|\+)\s*(?:key[ -]results?|krs?)"
    rf"|(?:team|company|department)? ?(?:objectives?|goals?))(?: ?\(.*\))?",
    re.IGNORECASE,
)
_KEY_RESULT_COLUMN = re.compile(
    rf"(?:(?:{KEY_RESULT})s?|krs?)[ #]?\d{{0,2}}(?: ?\(.*\))?|description|what|result",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Cell:
    """One cell: its lines of words and the line of the file it stands in."""

    lines: list[Words] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words on one line; nothing where the cell is blank in the eyes of its author."""
        words = flat(self.lines)
        return "" if is_blank(words) else words

    @property
    def bold(self) -> bool:
        """Whether everything in the cell is emphasised."""
        shown = [words for words in self.lines if words.text.strip()]
        return bool(shown) and all(words.bold for words in shown)

    @property
    def struck(self) -> bool:
        """Whether everything in the cell is struck out."""
        shown = [words for words in self.lines if words.text.strip()]
        return bool(shown) and all(words.struck for words in shown)

    @property
    def comments(self) -> list[str]:
        """What comments in the cell say to this tool."""
        return [comment for words in self.lines for comment in words.comments]


@dataclass(slots=True)
class Row:
    """One row of a table."""

    line: int
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What each column holds, by its number."""

    objective: int | None
    key_results: tuple[int, ...]
    fields: tuple[tuple[int, str, str], ...]
    mixed: bool


def read_table(rows: Sequence[Row]) -> list[Node] | None:
    """The objectives and key results of a table.

    Args:
        rows: the header and what stands below it.

    Returns:
        Nodes with their roles, or None for a table that holds no OKRs.
    """
    header, *body = rows or [Row(1)]
    if _is_form(rows):
        return _form(rows)
    columns = _columns(header)
    if columns is None and _is_objective_header(header):
        return [_headed(header, body)]
    columns = columns or _by_marks(header, body)
    return None if columns is None else list(_rows(body, columns))


def _rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    if columns.mixed or (columns.objective is None and _has_bold(body, columns.key_results[0])):
        return _mixed_rows(body, columns)
    if columns.objective is None:
        return _key_result_rows(body, columns)
    return _paired_rows(body, columns)


def _headed(header: Row, body: Sequence[Row]) -> Node:
    """A table whose first header cell is the objective."""
    columns = _Columns(None, (0,), _unnamed(header), mixed=False)
    objective = _objective(header.cells[0], header.line, [])
    objective.children.extend(_key_result_rows(body, columns))
    return objective


# --- columns ------------------------------------------------------------------------------------


def _columns(header: Row) -> _Columns | None:
    names = [re.sub(r"[^\w\s/&+#()-]", "", cell.text).strip() for cell in header.cells]
    objective = next(
        (at for at, name in enumerate(names) if _OBJECTIVE_COLUMN.fullmatch(name)), None
    )
    key_results = tuple(
        at
        for at, name in enumerate(names)
        if at != objective and _KEY_RESULT_COLUMN.fullmatch(name)
    )
    metric = next((at for at, name in enumerate(names) if FIELDS.get(fold(name)) == "metric"), None)
    if not key_results and metric is not None:
        key_results = (metric,)
    if objective is None and not key_results:
        return None
    taken = {objective, *key_results}
    fields = tuple(
        (at, FIELDS[fold(name)], header.cells[at].text)
        for at, name in enumerate(names)
        if at not in taken and fold(name) in FIELDS
    )
    mixed = objective is not None and not key_results
    return _Columns(objective, key_results, fields, mixed)


def _by_marks(header: Row, body: Sequence[Row]) -> _Columns | None:
    """A table whose header says nothing, but whose rows are marked ``O1`` and ``KR1``."""
    for at in range(len(header.cells)):
        texts = [row.cells[at].text for row in body if at < len(row.cells)]
        if any(clean(text).role for text in texts):
            fields = tuple(
                (other, FIELDS[fold(cell.text)], cell.text)
                for other, cell in enumerate(header.cells)
                if other != at and fold(cell.text) in FIELDS
            )
            return _Columns(at, (), fields, mixed=True)
    return None


def _unnamed(header: Row) -> tuple[tuple[int, str, str], ...]:
    return tuple(
        (at, FIELDS[fold(cell.text)], cell.text)
        for at, cell in enumerate(header.cells)
        if at and fold(cell.text) in FIELDS
    )


def _is_objective_header(header: Row) -> bool:
    """``| **Make paying effortless** | Owner | Status |``: the header is the objective."""
    if not header.cells or not header.cells[0].text:
        return False
    first, *others = header.cells
    if clean(first.text).role == "objective":
        return True
    known = all(not cell.text or fold(cell.text) in FIELDS for cell in others)
    return bool(others) and known and first.bold and fold(first.text) not in FIELDS


# --- rows ---------------------------------------------------------------------------------------


def _has_bold(body: Sequence[Row], column: int) -> bool:
    bold = [
        row.cells[column].bold for row in body if column < len(row.cells) and row.cells[column].text
    ]
    return any(bold) and not all(bold)


def _cell(row: Row, at: int | None) -> Cell:
    return row.cells[at] if at is not None and at < len(row.cells) else Cell()


def _row_fields(row: Row, columns: _Columns) -> list[FieldLine]:
    return [
        FieldLine(name, label, text)
        for at, name, label in columns.fields
        if (text := _cell(row, at).text)
    ]


def _node(cell: Cell, line: int, fields: list[FieldLine], role: str) -> Node:
    node = Node(
        cell.text,
        line,
        "row",
        bold=cell.bold,
        struck=cell.struck,
        role="objective" if role == "objective" else "key_result",
        fields=fields,
    )
    node.children = [Node(comment, line, "comment") for comment in cell.comments]
    node.notes = [
        f"Struck out: {''.join(words.struck_out).strip()}"
        for words in cell.lines
        if words.struck_out and not words.struck
    ]
    return node


def _objective(cell: Cell, line: int, fields: list[FieldLine]) -> Node:
    return _node(cell, line, fields, "objective")


def _key_result_nodes(row: Row, columns: _Columns, fields: list[FieldLine]) -> list[Node]:
    """The key results of a row: one a column, and one a line of a cell that lists several."""
    nodes = []
    for at in columns.key_results:
        for cell in _listed(_cell(row, at)):
            nodes.append(_node(cell, row.line, list(fields), "key_result"))
    if not nodes and any(field.name == "metric" for field in fields):
        nodes.append(_node(Cell(), row.line, fields, "key_result"))
    return nodes


def _listed(cell: Cell) -> Iterator[Cell]:
    """The elements of a cell: its lines, a line that goes on with the one above put to it."""
    groups: list[list[Words]] = []
    for words in cell.lines:
        text = words.text.strip()
        if not text or is_blank(text):
            continue
        goes_on = groups and text[0].islower() and not clean(text).role
        if goes_on:
            groups[-1].append(words)
        else:
            groups.append([words])
    yield from (Cell(group) for group in groups)


def _key_result_rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    for row in body:
        yield from _key_result_nodes(row, columns, _row_fields(row, columns))


def _mixed_rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    """One column for both: bold or marked rows are objectives, those below their key results."""
    at = columns.objective if columns.objective is not None else columns.key_results[0]
    cells = [_cell(row, at) for row in body]
    tell = _has_bold(body, at) or any(clean(cell.text).role for cell in cells)
    last: Node | None = None
    for row, cell in zip(body, cells, strict=True):
        fields = _row_fields(row, columns)
        if not cell.text:
            continue
        role = clean(cell.text).role
        is_objective = role == "objective" or (role is None and (cell.bold or not tell))
        if is_objective:
            last = _objective(cell, row.line, fields)
            yield last
            continue
        node = _node(cell, row.line, fields, "key_result")
        if last is None:
            yield node
        else:
            last.children.append(node)


def _paired_rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    """A column each: a blank or repeated objective goes on with the one above."""
    last: Node | None = None
    team: FieldLine | None = None
    for row in body:
        cell = _cell(row, columns.objective)
        fields = _row_fields(row, columns)
        named = next((line for line in fields if line.name == "team"), None)
        moved = named is not None and team is not None and fold(named.value) != fold(team.value)
        team = named or team
        if team and not named:
            fields.append(team)
        key_results = _key_result_nodes(row, columns, [])
        begins = cell.text and (last is None or moved or fold(cell.text) != fold(last.text))
        if begins or last is None:
            if last is not None:
                yield _with_owner(last)
            last = _objective(cell, row.line, [] if key_results else fields)
        for node in key_results:
            node.fields = list(fields)
        last.children.extend(key_results)
    if last is not None:
        yield _with_owner(last)


def _with_owner(node: Node) -> Node:
    """The objective belongs to whoever owns all of its key results."""
    owners = [
        {field.value for field in child.fields if field.name == "owner"}
        for child in node.children
        if child.kind == "row"
    ]
    if owners and owners[0] and all(names == owners[0] for names in owners):
        node.fields.append(FieldLine("owner", "Owner", next(iter(owners[0]))))
    return node


# --- forms --------------------------------------------------------------------------------------


def _is_form(rows: Sequence[Row]) -> bool:
    """Whether a table has two columns, a label in the first and words in the second."""
    if any(len(row.cells) != 2 for row in rows):  # noqa: PLR2004
        return False
    labels = [_form_text(row) for row in rows if row.cells[0].text]
    elements = [text for text in labels if clean(text).role]
    known = [text for text in labels if clean(text).role or read_field(text)]
    return bool(elements) and len(known) * 2 >= len(labels) and _labels_only(rows)


def _labels_only(rows: Sequence[Row]) -> bool:
    texts = [row.cells[0].text for row in rows]
    return any(clean(f"{text}:").role and not clean(f"{text}:").text for text in texts[1:])


def _form_text(row: Row) -> str:
    return f"{row.cells[0].text.rstrip(' :')}: {row.cells[1].text}"


def _form(rows: Sequence[Row]) -> list[Node]:
    """``| Objective | ... |`` above ``| KR 1 | ... |``: each row is a line."""
    nodes: list[Node] = []
    last: Node | None = None
    for row in rows:
        if not row.cells[0].text or not row.cells[1].text:
            continue
        node = Node(_form_text(row), row.line, "row", struck=row.cells[1].struck)
        line = read_field(node.text)
        role = clean(node.text).role
        if role:
            node.role = role
            last = node if role == "objective" else last
            (nodes if role == "objective" or last is None else last.children).append(node)
        elif line and last:
            last.fields.append(line)
        elif line:
            node.kind = "line"
            nodes.append(node)
    return nodes
