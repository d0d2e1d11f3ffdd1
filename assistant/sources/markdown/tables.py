"""Tells what the columns and rows of a table in an OKR document are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.models import fold
from assistant.sources.cells import is_blank, is_figure
from assistant.sources.markdown.inline import Words, flat
from assistant.sources.markers import FieldLine, MarkerRole, is_key, read_field
from assistant.sources.outline.node import Node
from assistant.sources.tidy import clean
from assistant.sources.vocabulary import FIELDS, GOALS, KEY_RESULT, OBJECTIVE

_OBJECTIVE_COLUMN = re.compile(
    rf"(?:(?:team|company|department|annual) )?(?:{OBJECTIVE}|goals|ziele|o|okrs?)(?: ?\(.*\))?"
    r"|(?:objectives?|o)\s*(?:/|&|and|\+)\s*(?:key[ -]results?|krs?)",
    re.IGNORECASE,
)
_KEY_RESULT_COLUMN = re.compile(
    rf"(?:(?:{KEY_RESULT})s?|krs?)[ #]?\d{{0,2}}(?: ?\(.*\))?", re.IGNORECASE
)
_TEXT_COLUMN = re.compile(
    r"description|beschreibung|what|title|titel|text|result|wording", re.IGNORECASE
)
_SCORE_CELL = re.compile(r"0?[.,]\d{1,2}|[01][.,]\d{1,2}")
_COUNTED = re.compile(r"(?<!\S)\d{1,2}[.)]\s+")
_FOR_THE_OBJECTIVE = frozenset({"owner", "status", "score", "key", "tags"})


@dataclass(slots=True)
class Cell:
    """One cell: its lines of words."""

    lines: list[Words] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words on one line; nothing where the cell is blank in the eyes of its author."""
        words = flat(self.lines)
        return "" if is_blank(words) else words

    @property
    def shown(self) -> list[Words]:
        """The lines that have words."""
        return [words for words in self.lines if words.text.strip()]

    @property
    def bold(self) -> bool:
        """Whether everything in the cell is emphasised."""
        return bool(self.shown) and all(words.bold for words in self.shown)

    @property
    def struck(self) -> bool:
        """Whether everything in the cell is struck out."""
        return bool(self.shown) and all(words.struck for words in self.shown)


@dataclass(slots=True)
class Row:
    """One row of a table."""

    line: int
    cells: list[Cell] = field(default_factory=list)

    def cell(self, at: int | None) -> Cell:
        """The cell of a column, an empty one where the row is short."""
        return self.cells[at] if at is not None and at < len(self.cells) else Cell()


@dataclass(frozen=True, slots=True)
class _Columns:
    """What each column holds, by its number.

    ``fields`` are (column, field, label). ``mixed`` says that objectives and key results share
    the column of the objectives.
    """

    objective: int | None
    key_results: tuple[int, ...] = ()
    fields: tuple[tuple[int, str, str], ...] = ()
    mixed: bool = False


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
    columns = _columns(header, body)
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


# --- columns ------------------------------------------------------------------------------------


def _columns(header: Row, body: Sequence[Row]) -> _Columns | None:
    """The columns by the names in the header; a column of mere numbers holds keys."""
    names = [re.sub(r"[^\w\s/&+#()-]", "", cell.text).strip() for cell in header.cells]
    keys = [at for at, name in enumerate(names) if _names_element(name) and _holds_keys(body, at)]
    ids = [at for at, name in enumerate(names) if FIELDS.get(fold(name)) == "key"]
    goal = _beside_elements(names, body, keys)
    objective = _first(names, _OBJECTIVE_COLUMN, [*keys, *([] if goal is None else [goal])])
    key_results = tuple(
        at
        for at, name in enumerate(names)
        if at not in (objective, goal, *keys) and _KEY_RESULT_COLUMN.fullmatch(name)
    )
    if not key_results and (objective is None or keys):
        text = _first(names, _TEXT_COLUMN, keys)
        key_results = () if text is None else (text,)
    if not key_results:
        metrics = (at for at, name in enumerate(names) if FIELDS.get(fold(name)) == "metric")
        key_results = tuple(metrics)[:1]
    if objective is None and not key_results:
        return None
    fields = _fields(header, body, {objective, *key_results}, keys)
    if goal is not None and _is_target(goal, names, body, key_results or (objective,)):
        fields = tuple((at, "target" if at == goal else name, label) for at, name, label in fields)
    if objective is None and any(_tells_roles(body, at) for at in (*keys, *ids)):
        return _Columns(key_results[0], (), fields, mixed=True)
    return _Columns(objective, key_results, fields, mixed=objective is not None and not key_results)


def _beside_elements(names: Sequence[str], body: Sequence[Row], keys: Sequence[int]) -> int | None:
    """The column called ``Goal`` where another one holds the objectives or the key results.

    Without a column of objectives it is one itself if it stands before the key results in words.
    """
    goal = next((at for at, name in enumerate(names) if _is_goal(name) and at not in keys), None)
    if goal is None:
        return None
    others = [at for at in range(len(names)) if at not in keys and at != goal]
    if any(_OBJECTIVE_COLUMN.fullmatch(names[at]) for at in others):
        return goal
    results = [
        at
        for at in others
        if _KEY_RESULT_COLUMN.fullmatch(names[at]) or FIELDS.get(fold(names[at])) == "metric"
    ]
    return goal if results and _is_target(goal, names, body, results) else None


def _is_target(
    goal: int, names: Sequence[str], body: Sequence[Row], elements: Sequence[int | None]
) -> bool:
    """Whether a column called ``Goal`` says how far the elements beside it should come."""
    if any(FIELDS.get(fold(name)) == "target" for name in names):
        return False
    texts = [text for row in body if (text := row.cell(goal).text)]
    behind = any(at is not None and at < goal for at in elements)
    return behind or (bool(texts) and all(map(is_figure, texts)))


def _is_goal(name: str) -> bool:
    return fold(re.sub(r"\(.*\)", "", name)) in GOALS


def _names_element(name: str) -> bool:
    return bool(_OBJECTIVE_COLUMN.fullmatch(name) or _KEY_RESULT_COLUMN.fullmatch(name))


def _first(names: Sequence[str], pattern: re.Pattern[str], but: Sequence[int]) -> int | None:
    return next(
        (at for at, name in enumerate(names) if at not in but and pattern.fullmatch(name)), None
    )


def _fields(
    header: Row, body: Sequence[Row], taken: set[int | None], keys: Sequence[int]
) -> tuple[tuple[int, str, str], ...]:
    """The columns that set a field: by their name, or by what stands in them."""
    fields = []
    for at, cell in enumerate(header.cells):
        if at in taken:
            continue
        name = "key" if at in keys else FIELDS.get(fold(cell.text))
        if not name and not cell.text and _all(body, at, _SCORE_CELL):
            name = "score"
        if name or cell.text:
            fields.append((at, name or "other", cell.text or str(name).capitalize()))
    return tuple(fields)


def _all(body: Sequence[Row], at: int, pattern: re.Pattern[str]) -> bool:
    texts = [text for row in body if (text := row.cell(at).text)]
    return bool(texts) and all(pattern.fullmatch(text) for text in texts)


def _holds_keys(body: Sequence[Row], at: int) -> bool:
    texts = [text for row in body if (text := row.cell(at).text)]
    return bool(texts) and all(is_key(text) for text in texts)


def _tells_roles(body: Sequence[Row], at: int) -> bool:
    """Whether keys such as ``O1`` and ``KR1`` tell objectives from key results."""
    return "objective" in {_role(row.cell(at).text) for row in body}


def _role(text: str) -> MarkerRole | None:
    return clean(f"{text}: x").role or clean(text).role


def _by_marks(header: Row, body: Sequence[Row]) -> _Columns | None:
    """A table whose header says nothing, but whose rows are marked ``O1`` and ``KR1``."""
    for at in range(len(header.cells)):
        if any(clean(row.cell(at).text).role for row in body):
            holds_keys = _holds_keys(body, at)
            text = _text_column(body, at) if holds_keys else at
            keys = [at] if holds_keys else []
            return _Columns(text, (), _fields(header, body, {text}, keys), mixed=True)
    return None


def _text_column(body: Sequence[Row], beside: int) -> int:
    """The column with the words, where another one holds only their keys."""
    width = max((len(row.cells) for row in body), default=0)
    lengths = [
        (sum(len(row.cell(at).text) for row in body), -at) for at in range(width) if at != beside
    ]
    return -max(lengths)[1] if lengths else beside


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
    bold = [row.cell(column).bold for row in body if row.cell(column).text]
    return any(bold) and not all(bold)


def _row_fields(row: Row, columns: _Columns) -> list[FieldLine]:
    return [
        FieldLine(name, label, text)
        for at, name, label in columns.fields
        if (text := row.cell(at).text)
    ]


def _node(cell: Cell, line: int, fields: list[FieldLine], role: MarkerRole) -> Node:
    node = Node(
        cell.text, line, "row", bold=cell.bold, struck=cell.struck, role=role, fields=fields
    )
    node.children = [
        Node(comment, line, "comment") for words in cell.lines for comment in words.comments
    ]
    node.notes = [note for words in cell.lines for note in words.struck_notes]
    return node


def _headed(header: Row, body: Sequence[Row]) -> Node:
    """A table whose first header cell is the objective."""
    labels_only = all(not clean(f"{row.cell(0).text}:").text for row in body)
    text, keys = (_text_column(body, 0), [0]) if labels_only else (0, [])
    columns = _Columns(None, (text,), _fields(header, body, {text}, keys))
    objective = _node(header.cells[0], header.line, [], "objective")
    objective.children.extend(_key_result_rows(body, columns))
    return objective


def _key_result_nodes(row: Row, columns: _Columns, fields: list[FieldLine]) -> list[Node]:
    """The key results of a row: one a column, and one a line of a cell that lists several."""
    nodes = [
        _node(cell, row.line, list(fields), "key_result")
        for at in columns.key_results
        for cell in _listed(row.cell(at))
    ]
    if not nodes and any(line.name == "metric" for line in fields):
        nodes.append(_node(Cell(), row.line, fields, "key_result"))
    return nodes


def _listed(cell: Cell) -> Iterator[Cell]:
    """The elements of a cell: its lines, a line that goes on with the one above put to it."""
    groups: list[list[Words]] = []
    for words in (part for line in cell.lines for part in _counted(line)):
        text = words.text.strip()
        if not text or is_blank(text):
            continue
        if groups and text[0].islower() and not clean(text).role:
            groups[-1].append(words)
        else:
            groups.append([words])
    yield from (Cell(group) for group in groups)


def _counted(words: Words) -> list[Words]:
    """``1. one 2. two`` on one line are two."""
    starts = [match.start() for match in _COUNTED.finditer(words.text)]
    if len(starts) < 2 or starts[0] != 0:  # noqa: PLR2004
        return [words]
    ends = [*starts[1:], len(words.text)]
    return [
        replace(words, text=words.text[start:end]) for start, end in zip(starts, ends, strict=True)
    ]


def _key_result_rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    for row in body:
        yield from _key_result_nodes(row, columns, _row_fields(row, columns))


def _mixed_rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    """One column for both: bold or marked rows are objectives, those below their key results."""
    at = columns.objective if columns.objective is not None else columns.key_results[0]
    told = [_told(row, at, columns) for row in body]
    tell = _has_bold(body, at) or any(told)
    last: Node | None = None
    for row, role in zip(body, told, strict=True):
        cell = row.cell(at)
        if not cell.text:
            continue
        is_objective = role == "objective" or (role is None and (cell.bold or not tell))
        node = _node(
            cell, row.line, _row_fields(row, columns), "objective" if is_objective else "key_result"
        )
        if is_objective or last is None:
            yield node
            last = node if is_objective else None
        else:
            last.children.append(node)


def _told(row: Row, at: int, columns: _Columns) -> MarkerRole | None:
    """What the text or the key of a row says that it is."""
    keys = [row.cell(place).text for place, name, _ in columns.fields if name == "key"]
    return clean(row.cell(at).text).role or next((_role(key) for key in keys if key), None)


def _paired_rows(body: Sequence[Row], columns: _Columns) -> Iterator[Node]:
    """A column each: a blank or repeated objective goes on with the one above."""
    last: Node | None = None
    team: FieldLine | None = None
    for row in body:
        cell = row.cell(columns.objective)
        fields = _row_fields(row, columns)
        named = next((line for line in fields if line.name == "team"), None)
        moved = named is not None and team is not None and fold(named.value) != fold(team.value)
        team = named or team
        if team and not named:
            fields.append(team)
        nodes = _key_result_nodes(row, columns, [])
        if last is None or (cell.text and (moved or fold(cell.text) != fold(last.text))):
            if last is not None:
                yield _with_owner(last)
            last = _node(cell, row.line, [], "objective")
        _share_out(fields, last, nodes)
        last.children.extend(nodes)
    if last is not None:
        yield _with_owner(last)


def _share_out(fields: list[FieldLine], objective: Node, key_results: list[Node]) -> None:
    """Give the fields of a row to its key result, or to the objective where it has none or many."""
    for line in fields:
        shared = len(key_results) != 1 and line.name in _FOR_THE_OBJECTIVE
        counts_objectives = line.name == "key" and line.value.isdigit()
        if not key_results or shared or counts_objectives:
            objective.fields.append(line)
        else:
            for node in key_results:
                node.fields.append(line)


def _with_owner(node: Node) -> Node:
    """The objective belongs to whoever owns all of its key results."""
    owners = [
        {line.value for line in child.fields if line.name == "owner"}
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
    labels = [row.cells[0].text for row in rows if row.cells[0].text]
    known = [text for text in labels if clean(f"{text}: x").role or read_field(f"{text}: x")]
    bare = [text for text in labels[1:] if clean(f"{text}:").role and not clean(f"{text}:").text]
    has_objective = any(clean(f"{text}: x").role == "objective" for text in labels)
    return has_objective and bool(bare) and len(known) * 2 >= len(labels)


def _form(rows: Sequence[Row]) -> list[Node]:
    """``| Objective | ... |`` above ``| KR 1 | ... |``: each row is a line."""
    nodes: list[Node] = []
    last: Node | None = None
    for row in rows:
        if not row.cells[0].text or not row.cells[1].text:
            continue
        text = f"{row.cells[0].text.rstrip(' :')}: {row.cells[1].text}"
        node = Node(text, row.line, "row", struck=row.cells[1].struck)
        line, role = read_field(text), clean(text).role
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
