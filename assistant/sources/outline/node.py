"""The outline of an OKR document: lines with the lines that stand under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.models import fold
from assistant.sources.markers import FieldLine, read_field
from assistant.sources.tidy import Tidied, clean
from assistant.sources.vocabulary import ASIDES, KEY_RESULTS_LABELS, OBJECTIVES_LABELS, UNIT

Kind = Literal["root", "heading", "item", "line", "row", "comment"]
Role = Literal[
    "objective", "key_result", "objectives", "key_results", "aside", "container", "field",
    "comment", "prose",
]  # fmt: skip
"""What a node is. Plural roles label what stands below; a container names a team or a cycle."""

OBJECTIVE_LEVEL = 7.0
GROUP_LEVEL = 7.5
INTRO_LEVEL = 7.8
KEY_RESULT_LEVEL = 8.0
"""Levels of lines that head others without being headings: below every real heading."""


@dataclass(slots=True, eq=False)
class Node:
    """One line of the outline.

    Attributes:
        text: the visible words, on one line.
        line: where they stand in the file, from 1.
        level: from 1 for a first heading; see ``OBJECTIVE_LEVEL`` for lines that head others.
        bold: all of it is emphasised.
        struck: all of it is struck out.
        role: what the source leaves no doubt about; else found by ``mark``.
        fields: what the cells beside it say, as (field, label, words).
        number: the dotted number that stood before the text: ``1.2``.
        loose: stands on the same level as the line it was attached to.
    """

    text: str
    line: int
    kind: Kind = "line"
    level: float = 0
    bold: bool = False
    struck: bool = False
    role: Role | None = None
    fields: list[FieldLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    number: str | None = None
    loose: bool = False
    _tidied: Tidied | None = None
    _mark: Role | Literal["none"] | None = None

    @property
    def tidied(self) -> Tidied:
        """The words apart from what is written around them."""
        if self._tidied is None:
            tidied = clean(self.text)
            self._tidied = replace(tidied, key=tidied.key or self.number)
        return self._tidied

    @property
    def mark(self) -> Role | None:
        """What the line says about itself, or None."""
        if self._mark is None:
            self._mark = self.role or _mark(self) or "none"
        return None if self._mark == "none" else self._mark

    @property
    def is_remark(self) -> bool:
        """Whether this is ``Why: they pay more``, which labels nothing below it."""
        return self.mark == "aside" and self.kind == "line" and _inline_aside(self.text)

    def decide(self, role: Role) -> None:
        """Give the line its role, as if it were marked."""
        self.role, self._mark = role, None

    @property
    def elements(self) -> list[Node]:
        """The items, rows and headings under this line that are more than its fields."""
        return [
            child
            for child in self.children
            if child.kind in ("item", "row", "heading")
            and child.mark not in ("field", "comment", "aside")
        ]


def walk(root: Node) -> Iterator[Node]:
    """Every node of an outline, in its order."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


_IGNORE = re.compile(
    r"(?:<!--\s*)?okr\s*:\s*(?:ignore?|ingore|ignroe|igore)(?P<file>-\w+)?(?![\w-])", re.IGNORECASE
)
_UNIT_HEADING = re.compile(rf"(?:{UNIT})\s*(?:[:：–—-]\s*|\s)(?=\S)|.+\s(?:{UNIT})$", re.IGNORECASE)
_CONTAINERS = frozenset({"team", "company", "cycle"})
_MOST_NAME_WORDS = 4


def is_ignore(text: str) -> bool:
    """Whether a line is addressed to this tool: ``okr: ignore K2 -- reason``."""
    return _IGNORE.match(text) is not None


def is_ignore_for_file(text: str) -> bool:
    """Whether such a line holds for the whole file: ``okr: ignore-file S7 -- reason``."""
    match = _IGNORE.match(text)
    return match is not None and match["file"] is not None


def _mark(node: Node) -> Role | None:
    if node.kind == "comment" or is_ignore(node.text):
        return "comment"
    return label(node.text) or _element(node) or _field_role(node)


def label(text: str) -> Role | None:
    """What a line announces by its words alone: ``Key results``, ``Initiatives``; None for others."""
    words = fold(re.sub(r"\([^()]*\)|[^\w\s&-]+", " ", text))
    if words in OBJECTIVES_LABELS:
        return "objectives"
    if words in KEY_RESULTS_LABELS:
        return "key_results"
    return "aside" if words in ASIDES or _inline_aside(text) else None


def is_singular(text: str) -> bool:
    """Whether a label announces one objective: ``Objective:``, not ``OKRs``."""
    return not fold(re.sub(r"[^\w\s]+", " ", text)).endswith(("s", "ziele"))


_MOVES = re.compile(r"->|=>|→|\d.{0,40}?\bto\b.{0,20}?\d", re.IGNORECASE)


def moves(text: str) -> bool:
    """Whether a text says from what value to which: a goal of its own, wherever it stands."""
    return _MOVES.search(text) is not None


def _inline_aside(text: str) -> bool:
    head, colon, rest = text.partition(":")
    if not colon or not rest.strip() or fold(head) not in ASIDES:
        return False
    return read_field(text) is None and not (rest.lstrip()[0].isdigit() and moves(rest))


def _element(node: Node) -> Role | None:
    tidied = node.tidied
    if not tidied.role:
        return _numbered(node)
    if tidied.text or tidied.key:
        return tidied.role
    return "objectives" if tidied.role == "objective" else "key_results"


def _numbered(node: Node) -> Role | None:
    """``1.1`` counts key results, ``1.1.1`` the objectives that hang under one."""
    if not node.number or node.kind not in ("item", "line"):
        return None
    return "key_result" if node.number.count(".") % 2 else "objective"


def _field_role(node: Node) -> Role | None:
    line = read_field(node.text)
    if line:
        heads = node.kind == "heading" or bool(node.children)
        if line.name in _CONTAINERS and heads:
            return "container"
        return "field" if _is_plausible(line) and not _heads_elements(node) else None
    if node.kind != "heading" or len(node.text.split()) > _MOST_NAME_WORDS:
        return None
    return "container" if _UNIT_HEADING.fullmatch(node.text) else None


def _is_plausible(line: FieldLine) -> bool:
    """``People: 12`` sets a field; ``People: fewer leave`` is a text."""
    if line.name in ("people", "budget"):
        return re.search(r"\d", line.value) is not None
    return True


def _heads_elements(node: Node) -> bool:
    return node.kind == "heading" and any(child.kind in ("item", "row") for child in node.children)


_AND_FIELD = re.compile(
    r"\s*(?:[|·•;]|\s/)\s+(?=[^\W\d_][^:|]{0,30}:)|(?:,\s|\s\s)\s*(?=[^\W\d_][^:|,]{0,30}:)"
)


def field_lines(text: str) -> list[FieldLine]:
    """The fields of one line: ``Owner: Mia | Status: on track`` sets two."""
    parts = [read_field(part.strip(" |")) for part in _AND_FIELD.split(text)]
    if all(parts):
        return [part for part in parts if part]
    line = read_field(text)
    return [line] if line else []


class Outline:
    """Puts blocks under the headings and lines that they belong to."""

    def __init__(self, root: Node, has_objective: bool = False) -> None:
        self.root = root
        self.open: list[Node] = [root]
        self.leading: set[str] = set()
        self.has_objective = has_objective

    @property
    def top(self) -> Node:
        """The line under which the next block stands."""
        return self.open[-1]

    def heading(self, node: Node) -> None:
        """Open a heading, which closes every heading of its level and below."""
        while len(self.open) > 1 and self.top.level >= node.level:
            self.open.pop()
        self.top.children.append(node)
        self.open.append(node)
        self.has_objective = self.has_objective or node.mark == "objective"

    def lines(self, lines: Iterable[Node]) -> None:
        """Add the lines of one paragraph: some head others, the rest stand under them."""
        self._close(INTRO_LEVEL)
        for node in lines:
            self._line(node)

    def _line(self, node: Node) -> None:
        level = self._level(node)
        if level:
            node.kind, node.level = "heading", level
            self.heading(node)
            return
        if node.mark == "field":
            self._field(node)
        self.top.children.append(node)

    def _field(self, node: Node) -> None:
        """A team or cycle named before the first objective is one for all that follow."""
        names = {line.name for line in field_lines(node.text)} & _CONTAINERS
        if not self.has_objective:
            self.leading |= names
        elif names & self.leading:
            self._close(OBJECTIVE_LEVEL)
        node.loose = node.loose or self.top.level >= KEY_RESULT_LEVEL

    def _level(self, node: Node) -> float | None:
        mark = node.mark
        if node.number and mark in ("objective", "key_result"):
            return OBJECTIVE_LEVEL + node.number.count(".")
        if mark in ("objective", "objectives"):
            return OBJECTIVE_LEVEL
        if mark in ("key_result", "key_results", "aside"):
            return None if node.is_remark else KEY_RESULT_LEVEL
        if mark is None and node.bold:
            return GROUP_LEVEL if self._in_objective() else OBJECTIVE_LEVEL
        return None

    def _in_objective(self) -> bool:
        return any(node.level >= OBJECTIVE_LEVEL and node.mark == "objective" for node in self.open)

    def items(self, items: list[Node]) -> None:
        """Add the items of a list, under the plain line right above it if there is one."""
        above = self.top.children[-1] if self.top.children else None
        if above and above.kind == "line" and above.mark is None:
            above.kind, above.level = "heading", INTRO_LEVEL
            self.open.append(above)
        self.top.children.extend(items)

    def rows(self, rows: list[Node]) -> None:
        """Add the rows of a table."""
        self.top.children.extend(rows)

    def comment(self, text: str, line: int) -> None:
        """Keep a comment under what it follows."""
        self.top.children.append(Node(text, line, "comment"))

    def _close(self, level: float) -> None:
        while len(self.open) > 1 and self.top.level >= level:
            self.open.pop()
