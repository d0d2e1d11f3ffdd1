"""Reads a strategy document written in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.models import Problem, StrategyDocument
from assistant.sources.documents.document import binary, compose, not_read
from assistant.sources.documents.metadata import Metadata, Refused, from_fields, front_matter
from assistant.sources.documents.passages import Block, BlockKind
from assistant.sources.encoding import NotText, decode

if TYPE_CHECKING:
    from markdown_it.token import Token

BOLD_HEADING = 7
"""Level of a paragraph that is one short bold phrase: below every real heading."""

BOLD_HEADING_WORDS = 10

LONGEST_MARKED_UP = 5000
"""Characters of a paragraph in which markup is looked for: the time grows with their square."""


def read_markdown(data: bytes, file: str, meta: Metadata) -> Iterator[StrategyDocument | Problem]:
    """Read Markdown with or without front matter; struck-out words and comments are left out."""
    try:
        text, _, _ = decode(data)
        front = front_matter(text)
        own, problems = from_fields(front.fields, file)
    except NotText:
        yield binary(file)
        return
    except Refused as error:
        yield not_read(file, str(error), error.line)
        return
    yield from problems
    yield from compose(blocks(front.body), file, meta, own)


def blocks(text: str) -> Iterator[Block]:
    """The headings, paragraphs, list items and table rows of Markdown text, with their lines."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.disable(["inline", "text_join"])
    links: dict[str, Any] = {}
    walk = _Walk()
    for token in parser.parse(text, links):
        if token.type == "inline":
            token.children = [] if len(token.content) <= LONGEST_MARKED_UP else None
        if token.children is not None:
            parser.inline.parse(token.content, parser, links, token.children)
        yield from walk.step(token)


class _Walk:
    """Where the walk through the tokens stands: list depth, heading, table."""

    def __init__(self) -> None:
        self.depth = 0
        self.heading = 0
        self.line: int | None = None
        self.cells: list[str] | None = None
        self.header: str | None = None
        self.rows = 0

    def step(self, token: Token) -> Iterator[Block]:
        """Yield the block that ends at this token, if one does."""
        if token.map:
            self.line = token.map[0] + 1
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self.depth += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.depth -= 1
        elif kind == "heading_open":
            self.heading = int(token.tag[1])
        elif kind == "heading_close":
            self.heading = 0
        elif kind == "inline":
            yield from self._words(token)
        elif kind in ("fence", "code_block"):
            first = (self.line or 1) + (kind == "fence")
            yield self._block(token.content.rstrip("\n"), first)
        elif kind == "html_block":
            yield self._block(_untagged(token.content), self.line)
        else:
            yield from self._table(kind)

    def _words(self, token: Token) -> Iterator[Block]:
        children = token.children or ()
        text = token.content if token.children is None else visible(children)
        if self.cells is not None:
            self.cells.append(" ".join(text.split()))
        elif self.heading:
            yield Block("heading", text, self.heading, self.line)
        elif self.depth == 0 and _is_bold_phrase(children):
            yield Block("heading", text, BOLD_HEADING, self.line)
        else:
            yield self._block(text, self.line)

    def _block(self, text: str, line: int | None) -> Block:
        kind: BlockKind = "item" if self.depth else "text"
        return Block(kind, text, self.depth, line)

    def _table(self, kind: str) -> Iterator[Block]:
        if kind == "table_open":
            self.header, self.rows = None, 0
        elif kind == "tr_open":
            self.cells = []
        elif kind == "tr_close":
            row, self.cells = " | ".join(cell for cell in self.cells or () if cell), None
            if self.header is None:
                self.header = row
            elif row:
                self.rows += 1
                yield Block("row", row, self.depth, self.line, None, self.header)
        elif kind == "table_close" and self.header and not self.rows:
            yield Block("row", self.header, self.depth, self.line)


def visible(children: Sequence[Token]) -> str:
    """The words of inline Markdown as a reader sees them, without what is struck out."""
    parts: list[str] = []
    struck = 0
    for child in children:
        if child.type in ("s_open", "s_close"):
            struck += 1 if child.type == "s_open" else -1
        elif struck:
            continue
        elif child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(visible(child.children or ()))
        elif child.type == "html_inline" and _BREAK.fullmatch(child.content):
            parts.append("\n")
    return "".join(parts)


def _is_bold_phrase(children: Sequence[Token]) -> bool:
    tokens = [child for child in children if child.type != "text" or child.content.strip()]
    if [token.type for token in tokens] != ["strong_open", "text", "strong_close"]:
        return False
    words = tokens[1].content.split()
    return 0 < len(words) <= BOLD_HEADING_WORDS and words[-1][-1] not in ".:;!?,"


def _untagged(html: str) -> str:
    """The words of an HTML block; line ends stay, so that line numbers do."""
    return _TAG.sub(lambda match: "\n" * match[0].count("\n") or " ", html)


_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL
)
