"""Reads OKRs out of plain text, as it is pasted from a mail, a chat or a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.sources.cycles import find_period
from assistant.sources.markers import dotted_numbers, read_dotted, read_field, read_marker
from assistant.sources.outline.node import (
    INTRO_LEVEL,
    OBJECTIVE_LEVEL,
    Node,
    Role,
    is_ignore,
    moves,
)
from assistant.sources.outline.reading import read_outline
from assistant.sources.outline.roles import (
    has_figure,
    is_neutral,
    leads_list,
    names_unit,
    reads_like_goal,
)
from assistant.sources.records import Record
from assistant.sources.tidy import normalise

_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_QUOTE = re.compile(r"(?:>\s?)+")
_RULE = re.compile(r"[-=_*~–—\s]{3,}|-- ?")
_HASHES = re.compile(r"(?P<hashes>#{1,6})\s+(?=\S)")
_BULLET = re.compile(r"(?P<sign>[-*+•◦▪▫‣⁃●○■□◆◇►▶➤➢✦·∙–—]|o(?=\s\s?[A-Z]))\s+(?=\S)")
_NUMBER = re.compile(r"\(?(?P<number>\d{1,2})[.)]\s+(?=\S)|\(?(?P<letter>[a-hA-H])\)\s+(?=\S)")
_BOX = re.compile(r"(?=\[[ xX✓✔]\]\s|[☐☑☒✅✔✓])")
_BOLD = re.compile(r"(?P<sign>\*\*|__|\*)(?=\S)(?P<words>[^*\n]{1,400})(?<=\S)(?P=sign)")
_STAR = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,300})(?<=\S)\*(?![\w*])")
_RUN_ON = re.compile(r"(?<=\S)\s+(?=(?:KR\s?\d+(?:\.\d+)*|(?i:key results?) ?\d*)\s*[:.)–—-]\s)")
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|hallo|liebe[rs]?|moin|guten (?:tag|morgen)|good (?:morning|afternoon)|"
    r"bonjour|hola|ciao)\b[^.:?]{0,40}[,!.]?",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:thanks|thank you|thx|best|best regards|kind regards|regards|cheers|lg|vg|mfg|danke|"
    r"viele grüße|beste grüße|liebe grüße|merci|gracias|sent from my .{1,30})[\s,.!]*",
    re.IGNORECASE,
)
_MOST_AFTER_CLOSING = 4
_MOST_DEPTH = 24
_WRAPPED = 60
_NEVER = 1_000_000
"""A width that no line fills: who starts lines with small letters breaks none."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with what its first characters say.

    ``sign`` is what the line is listed with, None for none; ``gap`` says that a blank line stands
    above.
    """

    text: str
    number: int
    indent: int
    sign: str | None
    gap: bool
    level: int = 0
    bold: bool = False
    dotted: str | None = None
    raw: str = ""


def read_okrs(text: str, file: str) -> Iterator[Record]:
    """Read the OKRs of a plain text.

    Lines may be marked (``O:``, ``KR1``, ``Ziel:``), listed (``-``, ``1.``, ``•``), indented, or
    nothing of that: then the first line is the objective and the others are its key results.

    Args:
        text: the whole text.
        file: the name that locations carry.

    Yields:
        Records in the order of the text, and a problem for each part that cannot be read.
    """
    lines = _without_courtesies(list(_unwrapped(list(_lines(normalise(text))))))
    root = Node("", 1, "root")
    if not _read_columns(lines, root):
        entries = [(line, _node(line)) for line in lines]
        _tell(entries)
        _hang(entries, root)
        _tell_heads(root, any(node.mark == "objective" for _, node in entries))
    yield from read_outline(root, file)


# --- lines --------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line]:
    numbers = dotted_numbers(text)
    gap = False
    for number, raw in enumerate(text.split("\n"), 1):
        for part in _BREAKS.split(raw):
            quote = _QUOTE.match(part)
            bare = part[quote.end() :] if quote else part
            if not bare.strip() or _RULE.fullmatch(bare.strip()):
                gap = True
                continue
            first, *others = _RUN_ON.split(bare.rstrip())
            yield replace(_line(first, number, gap, numbers), raw=bare)
            yield from (_line(other, number, False, numbers) for other in others)
            gap = False


def _line(raw: str, number: int, gap: bool, numbers: frozenset[str]) -> _Line:
    expanded = raw.expandtabs(4)
    text = raw.strip()
    indent = len(expanded) - len(expanded.lstrip())
    hashes = _HASHES.match(text)
    if hashes:
        return _Line(text[hashes.end() :], number, 0, None, gap, level=len(hashes["hashes"]))
    bold = _BOLD.fullmatch(text)
    text = _STAR.sub(r"\1", bold["words"] if bold else text)
    sign, text = _sign(text)
    dotted = read_dotted(text, numbers)
    if dotted:
        return _Line(dotted[1], number, indent, "1.", gap, bold=bool(bold), dotted=dotted[0])
    return _Line(text, number, indent, sign, gap, bold=bool(bold))


def _sign(text: str) -> tuple[str | None, str]:
    bullet = _BULLET.match(text)
    if bullet:
        return bullet["sign"], text[bullet.end() :]
    if _BOX.match(text):
        return "box", text
    number = _NUMBER.match(text)
    if number:
        return "1" if number["number"] else "a", text[number.end() :]
    return None, text


def _unwrapped(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines with those put together that a mail program broke."""
    width = max((len(line.text) for line in lines), default=0)
    if any(_starts_small(line, above, width) for above, line in pairwise(lines)):
        width = _NEVER
    above: _Line | None = None
    last = ""
    for line in lines:
        if above and _goes_on(line, above, last, width):
            above = replace(above, text=f"{above.text} {line.text}")
        else:
            if above:
                yield above
            above = line
        last = line.text
    if above:
        yield above


def _starts_small(line: _Line, above: _Line, width: int) -> bool:
    """Whether a line starts with a small letter although there was room for its word above."""
    if line.gap or line.sign or above.sign or line.level or not line.text[:1].islower():
        return False
    return len(above.text) + 1 + len(line.text.split(maxsplit=1)[0]) <= width


def _goes_on(line: _Line, above: _Line, last: str, width: int) -> bool:
    """Whether a line is the rest of the one above it, whose last part is given.

    A mail program breaks a line where its next word would pass the width, that of the longest line.
    """
    if line.gap or line.sign or line.level or above.level or not line.text[:1].islower():
        return False
    if read_marker(line.text) or read_field(line.text) or is_ignore(line.text):
        return False
    hanging = above.sign is not None and line.indent > above.indent
    first = line.text.split(maxsplit=1)[0]
    is_full = len(last) >= _WRAPPED and len(last) + 1 + len(first) > width
    if is_full and moves(above.text) and moves(line.text):
        return False
    return (hanging or is_full) and last[-1:] not in ".:;!?"


def _without_courtesies(lines: list[_Line]) -> list[_Line]:
    """Without ``Hi all,`` at the start and ``Thanks, Mia`` at the end."""
    while len(lines) > 1 and lines[0].sign is None and _GREETING.fullmatch(lines[0].text):
        lines = lines[1:]
    for at in range(max(1, len(lines) - _MOST_AFTER_CLOSING), len(lines)):
        if lines[at].sign is None and _CLOSING.fullmatch(lines[at].text):
            return lines[:at]
    return lines


def _node(line: _Line) -> Node:
    kind = "heading" if line.level else "item" if line.sign else "line"
    return Node(
        line.text,
        line.number,
        kind,  # type: ignore[arg-type]
        level=line.level,
        bold=line.bold,
        number=line.dotted,
    )


_Entry = tuple[_Line, Node]


# --- what unmarked lines are ---------------------------------------------------------------------


def _tell(entries: list[_Entry]) -> None:
    """Settle the role of lines where neither a marker nor a list does."""
    _tell_titles(entries)
    open_entries = [entry for entry in entries if entry[1].mark is None]
    marks = {node.mark for _, node in entries}
    if "objective" in marks or any(node.level for _, node in entries):
        return
    if "key_result" in marks:
        _tell_above_marked(entries)
    elif all(_is_flat(line, open_entries) for line, _ in open_entries):
        _tell_flat(open_entries)


def _tell_titles(entries: list[_Entry]) -> None:
    """``Payments – Q3 2026`` on a line of its own is a heading."""
    for line, node in entries:
        if line.sign or line.indent or node.mark or node.level:
            continue
        if node.kind == "line" and _is_title(line.text):
            node.kind, node.level = "heading", 1
            node.decide("container")


def _is_title(text: str) -> bool:
    if has_figure(text) or (reads_like_goal(text) and not text.endswith(":")):
        return False
    return bool(find_period(text)) or is_neutral(text) or names_unit(text)


def _is_flat(line: _Line, entries: Sequence[_Entry]) -> bool:
    first = entries[0][0]
    same = line.sign == first.sign and line.indent == first.indent
    return same or (line.sign is None and line.indent == first.indent and first.sign is None)


def _tell_above_marked(entries: list[_Entry]) -> None:
    """A line right above the first of some key results is their objective."""
    for (_, node), (_, following) in pairwise(entries):
        if node.mark is None and following.mark == "key_result":
            node.decide("objective")


def _tell_flat(entries: list[_Entry]) -> None:
    """Lines on one level: in each block, the first is the objective."""
    for block in _blocks(entries):
        for position, (_, node) in enumerate(block):
            node.decide("key_result" if position else "objective")


def _blocks(entries: list[_Entry]) -> list[list[_Entry]]:
    """Objectives with their key results, parted by blank lines where these part anything."""
    parts: list[list[_Entry]] = []
    for entry in entries:
        if not parts or entry[0].gap:
            parts.append([entry])
        else:
            parts[-1].append(entry)
    if all(len(part) == 1 for part in parts):
        return _by_figures(entries)
    blocks: list[list[_Entry]] = []
    for part in parts:
        alone = blocks and len(blocks[-1]) == 1
        if alone and (has_figure(part[0][1].text) or len(part) == 1):
            blocks[-1].extend(part)
        else:
            blocks.append(part)
    return blocks


def _by_figures(entries: list[_Entry]) -> list[list[_Entry]]:
    """A line without a figure above lines with some begins a new objective."""
    texts = [node.text for _, node in entries]
    blocks: list[list[_Entry]] = []
    for at, entry in enumerate(entries):
        leads = leads_list(texts[at : at + 2])
        if not blocks or (leads and has_figure(texts[at - 1])):
            blocks.append([entry])
        else:
            blocks[-1].append(entry)
    return blocks


# --- the outline ---------------------------------------------------------------------------------


def _hang(entries: list[_Entry], root: Node) -> None:
    """Put every line under the one that it belongs to, by indentation, markers and list signs."""
    stack: list[tuple[tuple[float, float], Node]] = [((-2, 0), root)]
    order: dict[str, int] = {}
    counted = any(line.dotted for line, _ in entries)
    for line, node in entries:
        place = (_indent(line, node), _rank(line, node, order, counted))
        if node.mark in ("field", "comment") or node.is_remark:
            while len(stack) > 1 and stack[-1][0][0] > place[0]:
                stack.pop()
            node.loose = stack[-1][0][0] >= place[0]
            if node.mark == "field" and _is_shared(node, stack):
                del stack[1:]
            stack[-1][1].children.append(node)
            continue
        while len(stack) > 1 and stack[-1][0] >= place:
            stack.pop()
        if len(stack) > _MOST_DEPTH:
            stack.pop()
        stack[-1][1].children.append(node)
        stack.append((place, node))
        if node.kind == "line" and node.mark:
            node.kind, node.level = "heading", OBJECTIVE_LEVEL


def _indent(line: _Line, node: Node) -> float:
    return -1 if node.level else line.indent


def _rank(line: _Line, node: Node, order: dict[str, int], counted: bool) -> float:
    """Which of two lines of the same indentation stands above the other: lower is above."""
    if node.level:
        return node.level
    if line.dotted or (line.sign == "1" and counted):
        return (line.dotted or "").count(".") + 0.5
    if node.mark in _MARK_RANKS:
        return _MARK_RANKS[node.mark]
    if not line.sign:
        return 2
    if line.sign == "box" and order:
        return 3 + max(order.values())
    return 3 + order.setdefault(line.sign, len(order))


_MARK_RANKS: dict[Role | None, int] = {
    "objective": 0,
    "objectives": 0,
    "key_result": 1,
    "key_results": 1,
    "aside": 1,
}


def _is_shared(node: Node, stack: list[tuple[tuple[float, float], Node]]) -> bool:
    """``Team: Growth`` between two objectives opens the next one where the first began so too."""
    line = read_field(node.text)
    if line is None or line.name not in ("team", "cycle", "company"):
        return False
    before = [child for child in stack[0][1].children if child.mark == "field"]
    named = (read_field(child.text) for child in before)
    return any(other is not None and other.name == line.name for other in named)


def _tell_heads(root: Node, marked: bool) -> None:
    """Lines over a list head it; lines under an objective that has no list are its list."""
    stack = [root]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        lists = any(child.kind == "item" for child in node.children)
        if node.kind == "line" and lists:
            node.kind, node.level = "heading", INTRO_LEVEL
            if node.mark is None and not marked and not _is_title(node.text):
                _tell_head(node)
        if node.mark == "objective" and not node.elements:
            _tell_unlisted(node)


def _tell_head(node: Node) -> None:
    """A plain line over a flat list is an objective; over a nested one it may be a team."""
    nested = any(child.elements for child in node.children if child.kind == "item")
    if not nested or reads_like_goal(node.text):
        node.decide("objective")


def _tell_unlisted(node: Node) -> None:
    lines = [child for child in node.children if child.kind == "line" and child.mark is None]
    if node.tidied.text and any(has_figure(line.text) for line in lines):
        for line in lines:
            line.decide("key_result")


# --- columns -------------------------------------------------------------------------------------


def _read_columns(lines: list[_Line], root: Node) -> bool:
    """Rows pasted from a spreadsheet: cells between tabs, named in the first row."""
    rows = [line for line in lines if "\t" in line.raw.rstrip()]
    if len(rows) < 2 or len(rows) * 2 < len(lines):  # noqa: PLR2004
        return False
    from assistant.sources.markdown.inline import Words
    from assistant.sources.markdown.tables import Cell, Row, read_table

    table = [
        Row(
            line.number,
            [
                Cell([Words(line.number, text.strip(), False, False)])
                for text in line.raw.split("\t")
            ],
        )
        for line in rows
    ]
    found = read_table(table)
    if not found:
        return False
    root.children.extend(found)
    return True
