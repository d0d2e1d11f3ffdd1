"""Turns the blocks of a Markdown document into an outline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.models import Location, Problem, Severity
from assistant.sources.markdown.inline import (
    Words,
    comments_for_us,
    flat,
    nodes,
    read_inline,
    visible,
)
from assistant.sources.markdown.tables import Cell, Row, read_table
from assistant.sources.markers import dotted_numbers, read_dotted, read_marker
from assistant.sources.outline.node import Node, Outline, walk

if TYPE_CHECKING:
    from markdown_it.token import Token

_PROSE_FENCES = frozenset(
    {"", "text", "txt", "md", "markdown", "plain", "plaintext", "okr", "okrs"}
)
_DEEPEST = 3


def outline(text: str, file: str) -> tuple[Node, list[Problem]]:
    """The outline of a Markdown document without front matter, and what could not be read."""
    root = Node("", 1, "root")
    loose, lines = _loosened(text)
    reader = _Blocks(loose)
    reader.read(loose, 0, Outline(root))
    for node in walk(root):
        node.line = lines[node.line - 1]
    return root, [
        Problem(
            message=message,
            location=Location(file=file, line=lines[line - 1]),
            severity=severity,
        )
        for message, line, severity in reader.complaints
    ]


_ITEM = re.compile(r"(?P<indent>[ \t>]*)(?:[-*+]|\d{1,9}[.)])[ \t]+\S")


def _loosened(text: str) -> tuple[str, list[int]]:
    """Part a marked line from the list item above it that it would otherwise go on with.

    Returns:
        The text, and for each of its lines the number of that line in the file.
    """
    lines: list[str] = []
    numbers: list[int] = []
    column = -1
    for number, line in enumerate(text.split("\n"), 1):
        item = _ITEM.match(line)
        if not line.strip():
            column = -1
        elif item:
            column = len(item["indent"].expandtabs(4))
        elif column >= 0 and _leaves(line, column):
            lines.append("")
            numbers.append(number)
            column = -1
        lines.append(line)
        numbers.append(number)
    return "\n".join(lines), numbers


def _leaves(line: str, column: int) -> bool:
    bare = line.expandtabs(4).lstrip(" >")
    indent = len(line.expandtabs(4)) - len(bare)
    return indent <= column and read_marker(bare.lstrip("*_")) is not None


def _parse(text: str) -> Sequence[Token]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
    return parser.parse(text)


class _Blocks:
    """Walks the block tokens of one document."""

    def __init__(self, text: str) -> None:
        self.source = text.split("\n")
        self.numbers = dotted_numbers(text)
        self.complaints: list[tuple[str, int, Severity]] = []
        self.shift = 0
        self.depth = 0

    def read(self, text: str, shift: int, into: Outline) -> None:
        """Read a piece of Markdown whose first line is line ``shift`` + 1 of the file."""
        before, self.shift = self.shift, shift
        self.depth += 1
        self.blocks(_parse(text), into)
        self.depth -= 1
        self.shift = before

    def line(self, token: Token) -> int:
        return min((token.map[0] if token.map else 0) + 1 + self.shift, len(self.source))

    def words(self, token: Token, in_cell: bool = False) -> list[Words]:
        lines = read_inline(token, in_cell)
        for words in lines:
            words.line = min(words.line + self.shift, len(self.source))
        return lines

    def complain(self, message: str, line: int, severity: Severity = "warning") -> None:
        self.complaints.append((message, min(line, len(self.source)), severity))

    def blocks(self, tokens: Sequence[Token], into: Outline) -> None:
        """Add these blocks to an outline."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            end = _end(tokens, at)
            inner = tokens[at + 1 : end]
            if token.type == "heading_open":
                self.heading(token, inner, into)
            elif token.type == "paragraph_open":
                listed = into.top.mark == "key_results"
                into.lines(nodes(self.words(inner[0]), self.numbers, listed=listed))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self.items(inner, into)
            elif token.type == "table_open":
                self.table(token, inner, into)
            elif token.type == "blockquote_open":
                self.blocks(inner, into)
            elif token.type in ("code_block", "fence"):
                self.code(token, into)
            elif token.type == "html_block":
                self.markup(token, into)
            at = end + 1

    def heading(self, token: Token, inner: Sequence[Token], into: Outline) -> None:
        lines = self.words(inner[0])
        text = flat(lines)
        if not text:
            return
        dotted = read_dotted(text, self.numbers)
        node = Node(
            dotted[1] if dotted else text,
            self.line(token),
            "heading",
            level=int(token.tag[1]),
            bold=all(words.bold for words in lines),
            struck=all(words.struck for words in lines),
            number=dotted[0] if dotted else None,
        )
        node.children = [
            Node(comment, words.line, "comment") for words in lines for comment in words.comments
        ]
        into.heading(node)

    def items(self, tokens: Sequence[Token], into: Outline) -> None:
        """Add a list, or hang it under the item above that it is indented against."""
        items: list[Node] = []
        at = 0
        while at < len(tokens):
            end = _end(tokens, at)
            items.append(self.item(tokens[at], tokens[at + 1 : end]))
            at = end + 1
        items = [item for item in items if item.text or item.children]
        above = into.top.children[-1] if into.top.children else None
        if items and above and above.kind == "item" and self.indent(items[0]) > self.indent(above):
            above.children.extend(items)
        elif items:
            into.items(items)

    def indent(self, node: Node) -> int:
        line = self.source[node.line - 1].expandtabs(4) if node.line <= len(self.source) else ""
        return len(line) - len(line.lstrip(" >"))

    def item(self, token: Token, inner: Sequence[Token]) -> Node:
        """One list item: its first line of words, with all that stands below it."""
        node = Node("", self.line(token), "item")
        body = Outline(node, has_objective=True)
        rest = inner
        if inner and inner[0].type in ("paragraph_open", "heading_open"):
            first, *others = list(nodes(self.words(inner[1]), self.numbers)) or [node]
            node.text, node.bold, node.struck = first.text, first.bold, first.struck
            node.number, node.notes, node.line = first.number, first.notes, first.line
            node.kind = "comment" if first.kind == "comment" else "item"
            node.children.extend(first.children)
            self.loosen(others, token)
            body.lines(others)
            rest = inner[3:]
        self.blocks(rest, body)
        return node

    def loosen(self, lines: Iterable[Node], item: Token) -> None:
        """A field that is not indented below the item may be meant for what the list is about."""
        column = self.indent(Node("", self.line(item)))
        for node in lines:
            node.loose = self.indent(node) <= column

    # --- tables ---

    def table(self, token: Token, inner: Sequence[Token], into: Outline) -> None:
        rows: list[Row] = []
        for part in inner:
            if part.type == "tr_open":
                rows.append(Row(self.line(part)))
            elif part.type in ("th_open", "td_open"):
                rows[-1].cells.append(Cell())
            elif part.type == "inline":
                rows[-1].cells[-1].lines.extend(self.words(part, in_cell=True))
        found = read_table(rows)
        if found is None:
            self.complain(
                "This table has no column that is known here and was left out; name its columns "
                "'Objective' and 'Key result' if it holds OKRs.",
                self.line(token),
                "info",
            )
            return
        into.rows(found)

    # --- what is not Markdown ---

    def code(self, token: Token, into: Outline) -> None:
        """Indented text is often a list gone wrong, and fenced text a pasted draft."""
        fenced = token.type == "fence"
        if fenced and not self.is_closed(token):
            self.complain(
                f"The code block that begins here is never closed, so the rest of the document "
                f"stands in it. Close it with {token.markup!r}.",
                self.line(token),
            )
        if fenced and token.info.strip().casefold() not in _PROSE_FENCES:
            return
        if fenced and not any(read_marker(line.strip()) for line in token.content.split("\n")):
            return
        if self.depth < _DEEPEST:
            self.read(token.content, self.line(token) - 1 + fenced, into)

    def is_closed(self, token: Token) -> bool:
        last = (token.map[1] if token.map else 0) - 1 + self.shift
        line = self.source[last].strip(" >\t-*+") if 0 <= last < len(self.source) else ""
        return last > self.line(token) - 1 and line.startswith(token.markup)

    def markup(self, token: Token, into: Outline) -> None:
        """HTML: comments to this tool are kept, tags go, the words are read as Markdown."""
        opened = token.content.rfind("<!--")
        if opened >= 0 and "-->" not in token.content[opened:]:
            self.complain(
                "The comment that begins here is never closed, so all that follows was left out. "
                "Close it with '-->'.",
                self.line(token) + token.content.count("\n", 0, opened),
                "error",
            )
        for comment in comments_for_us(token.content):
            into.comment(comment, self.line(token))
        first = self.line(token)
        lines = [
            Words(min(first + number, len(self.source)), text, bold=False, struck=False, hard=True)
            for number, line in enumerate(visible(token.content).split("\n"))
            for text in line.split("\v")
            if text.strip()
        ]
        into.lines(nodes(lines, self.numbers))


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where the block that begins at a token ends."""
    if tokens[at].nesting != 1:
        return at
    depth = 0
    for position in range(at, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1
