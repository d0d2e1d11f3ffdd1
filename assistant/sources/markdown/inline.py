"""Turns the inline markup of one block into lines of visible words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.sources.markers import read_dotted, read_field, read_marker
from assistant.sources.outline.node import Node, is_ignore, label, moves
from assistant.sources.outline.roles import has_figure
from assistant.sources.tidy import clean
from assistant.sources.tidy.leading import BEHIND_STRUCK

if TYPE_CHECKING:
    from markdown_it.token import Token

_FOR_US = re.compile(r"okr\s*:\s*\S", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|$)", re.DOTALL)
_TAG = re.compile(r"</?([a-z][a-z0-9-]*)[^<>\n]*>", re.IGNORECASE)
_BOLD_TAGS = frozenset({"b", "strong"})
_STRUCK_TAGS = frozenset({"s", "del", "strike"})
_BREAKING_TAGS = frozenset({"br", "p", "li", "div", "tr", "summary", "h1", "h2", "h3", "h4"})
_ACTIVE_TAGS = frozenset(
    {"embed", "form", "iframe", "img", "input", "object", "script", "style", "svg"}
)
"""No formatting: whoever writes them between words gets to see them, as words."""

_BULLET = re.compile(r"[-*+•]\s+(?=\S)")
_STRUCK = re.compile(r"(?:\x00[^\x00]*\x00)+")
_STAND_IN = "Struck"
_RUN_ON = re.compile(r"(?<=\S)\s+(?=(?:KR\s?\d+(?:\.\d+)*|(?i:key results?) ?\d*)\s*[:.)–—-]\s)")


@dataclass(slots=True)
class Words:
    """One line of visible words with what the markup said about them."""

    line: int
    text: str = ""
    bold: bool = True
    struck: bool = True
    struck_out: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    hard: bool = False

    @property
    def struck_notes(self) -> list[str]:
        """A note on the words that are struck out among others that stay."""
        if self.struck or not self.struck_out:
            return []
        return [f"Struck out: {''.join(self.struck_out).strip()}"]

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be seen, and no comment speaks to this tool."""
        return not (self.text.strip() or self.struck_out or self.comments)


def comments_for_us(markup: str) -> list[str]:
    """The lines inside HTML comments that begin with ``okr:``."""
    lines = (line.strip() for body in _COMMENT.findall(markup) for line in body.splitlines())
    return [line for line in lines if _FOR_US.match(line)]


def visible(markup: str) -> str:
    """The words of a piece of HTML, line by line as in the file; ``\\v`` parts its blocks."""
    bare = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), markup)
    return html.unescape(_TAG.sub(_block_mark, bare)).replace("\r", "")


def _block_mark(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name not in _BREAKING_TAGS:
        return ""
    return "\v- " if name == "li" and tag[0][1] != "/" else "\v"


class _Inline:
    """Walks the inline tokens of one block."""

    def __init__(self, line: int, in_cell: bool) -> None:
        self.in_cell = in_cell
        self.lines = [Words(line)]
        self.bold = 0
        self.struck = 0

    @property
    def current(self) -> Words:
        return self.lines[-1]

    def read(self, tokens: Iterable[Token]) -> list[Words]:
        for token in tokens:
            self.step(token)
        return [_settled(words, self.in_cell) for words in self.lines if not words.is_empty]

    def step(self, token: Token) -> None:
        kind = token.type
        if kind in ("softbreak", "hardbreak"):
            self.lines.append(Words(self.current.line + 1, hard=kind == "hardbreak"))
        elif kind in ("strong_open", "strong_close"):
            self.bold += 1 if kind.endswith("open") else -1
        elif kind in ("s_open", "s_close"):
            self.struck += 1 if kind.endswith("open") else -1
        elif kind == "html_inline":
            self.tag(token.content)
        elif kind in ("text", "code_inline", "text_special"):
            self.add(token.content)

    def tag(self, markup: str) -> None:
        if markup.startswith("<!--"):
            self.current.comments.extend(comments_for_us(markup))
            return
        match = _TAG.match(markup)
        name, step = (match[1].lower() if match else ""), (-1 if markup.startswith("</") else 1)
        if name in _BREAKING_TAGS:
            self.lines.append(Words(self.current.line, hard=True))
        elif name in _BOLD_TAGS:
            self.bold = max(0, self.bold + step)
        elif name in _STRUCK_TAGS:
            self.struck = max(0, self.struck + step)
        elif name in _ACTIVE_TAGS:
            self.add(markup)

    def add(self, text: str) -> None:
        words = self.current
        if self.struck:
            words.struck_out.append(text)
        elif text.strip():
            words.struck = False
        words.text += f"\x00{text}\x00" if self.struck else text
        if text.strip(" \t:.") and not self.bold:
            words.bold = False


def _settled(words: Words, in_cell: bool) -> Words:
    """Words all struck out stay as the text; a few among others go."""
    marked = words.text
    if words.struck_out and (words.struck or _is_struck_whole(marked, in_cell)):
        words.text = marked.replace("\x00", "")
        words.struck = True
    else:
        words.text = _STRUCK.sub("", marked)
        words.struck = False
    words.bold = words.bold and bool(words.text.strip())
    return words


def _is_struck_whole(marked: str, in_cell: bool) -> bool:
    """Whether only a box, a marker, an owner and the like stand around the struck-out words.

    Whatever follows them in a cell takes their place: ``~~Mia~~ @tom``.
    """
    text, strikes = _STRUCK.subn(_STAND_IN, marked)
    before, _, after = text.partition(_STAND_IN)
    if strikes != 1 or not _reads_as_nothing(before):
        return False
    if in_cell:
        return not after.strip(" .")
    return bool(BEHIND_STRUCK.fullmatch(after)) or clean(_STAND_IN + after).text == _STAND_IN


def _reads_as_nothing(before: str) -> bool:
    """Whether words before an element are no part of it: ``[x]``, ``KR2:``, ``1.2``."""
    before = _BULLET.sub("", before.lstrip(), count=1)
    return not before.strip(" .)\t0123456789") or clean(before + _STAND_IN).text == _STAND_IN


def read_inline(token: Token, in_cell: bool = False) -> list[Words]:
    """The lines of visible words of an inline token; two blanks or ``<br>`` break a line too."""
    line = token.map[0] + 1 if token.map else 1
    return _Inline(line, in_cell).read(token.children or ())


def flat(words: Iterable[Words]) -> str:
    """All visible words on one line."""
    return " ".join(item.text.strip() for item in words if item.text.strip())


_SHORTEST_FULL = 40


def nodes(
    lines: Sequence[Words], numbers: frozenset[str], *, listed: bool = False
) -> Iterator[Node]:
    """The lines of one block as outline nodes.

    A line that begins with a marker, a field or a bullet is one of its own; any other goes on
    with the line above, as Markdown has it.

    Args:
        listed: whether the block stands under a label such as ``Key results``, where a line is one
            of its own unless the one above had no room for it.
    """
    width = max((len(words.text) for words in lines), default=0)
    current: Node | None = None
    above: Words | None = None
    for words in lines:
        text = words.text.strip()
        if text:
            if (
                current is None
                or above is None
                or _begins(words, above, current, numbers)
                or (listed and _had_room(above.text.strip(), text, width))
            ):
                if current:
                    listed = listed or label(current.text) == "key_results"
                    yield from _split(current)
                current = _node(words, numbers)
            else:
                current.text = f"{current.text} {text}"
                current.bold, current.struck = (
                    current.bold and words.bold,
                    current.struck and words.struck,
                )
                current.notes.extend(words.struck_notes)
            above = words
        for comment in words.comments:
            target = current.children if current else None
            comment_node = Node(comment, words.line, "comment")
            if target is None:
                yield comment_node
            else:
                target.append(comment_node)
    if current:
        yield from _split(current)


def _node(words: Words, numbers: frozenset[str]) -> Node:
    text = words.text.strip()
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    dotted = read_dotted(text, numbers)
    return Node(
        dotted[1] if dotted else text,
        words.line,
        "item" if bullet else "line",
        bold=words.bold,
        struck=words.struck,
        number=dotted[0] if dotted else None,
        notes=words.struck_notes,
    )


def _begins(words: Words, above: Words, current: Node, numbers: frozenset[str]) -> bool:
    text = words.text.strip()
    return (
        words.hard
        or (above.bold != words.bold and above.bold)
        or is_ignore(text)
        or _BULLET.match(text) is not None
        or read_dotted(text, numbers) is not None
        or _is_marked(text, current)
        or _is_label(text)
        or _is_label(current.text)
        or _was_ended(above.text.strip(), text)
    )


def _was_ended(above: str, text: str) -> bool:
    """Whether a line is no rest of the one above, although Markdown has it so.

    Two moves in two lines are two goals, and nobody breaks a sentence that early.
    """
    if moves(above) and moves(text):
        return True
    return text[:1].isupper() and (
        len(above) < _SHORTEST_FULL or (has_figure(above) and has_figure(text))
    )


def _is_label(text: str) -> bool:
    """``Key results`` on a line of its own; in small letters it may be the end of a sentence."""
    return not text[:1].islower() and label(text) is not None


def _had_room(above: str, text: str, width: int) -> bool:
    return len(above) + 1 + len(text.split(maxsplit=1)[0]) <= max(width, _SHORTEST_FULL)


def _is_marked(text: str, current: Node) -> bool:
    if read_marker(text):
        return True
    line = read_field(text)
    return line is not None and bool(line.value)


def _split(node: Node) -> Iterator[Node]:
    """``O: one KR1: two KR2: three`` in one line are three lines."""
    if not read_marker(node.text):
        yield node
        return
    first, *others = _RUN_ON.split(node.text)
    node.text = first
    yield node
    for text in others:
        yield Node(text, node.line, "line", struck=node.struck)
