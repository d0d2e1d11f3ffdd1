"""Reads a strategy document written as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.models import Problem, StrategyDocument
from assistant.sources.documents.document import binary, compose, not_read
from assistant.sources.documents.metadata import Metadata, Refused, from_fields, front_matter
from assistant.sources.documents.passages import Block, BlockKind
from assistant.sources.encoding import NotText, decode

HEADING_WORDS = 12


def read_text(data: bytes, file: str, meta: Metadata) -> Iterator[StrategyDocument | Problem]:
    """Read paragraphs parted by empty lines; front matter as in Markdown.

    Headings are lines underlined with ``=`` or ``-``, and short lines in capitals.
    """
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
    """The headings, paragraphs and list items of plain text, with their lines."""
    held: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip()
        rule = _RULE.fullmatch(words)
        if held and rule and _may_be_heading(held):
            yield Block("heading", held.text, 1 if rule[0][0] == "=" else 2, held.line)
            held = None
        elif not words or rule:
            yield from _finished(held)
            held = None
        elif held is None or _ITEM.match(words):
            yield from _finished(held)
            held = _opened(line, words, number)
        else:
            held = held._replace(text=f"{held.text}\n{words}")
    yield from _finished(held)


def without_bullet(words: str) -> tuple[BlockKind, str]:
    """Whether a line is a list item, and its words without the bullet; a number is kept."""
    match = _ITEM.match(words)
    if not match:
        return "text", words
    return "item", words[match.end() :] if match["bullet"] else words


def _opened(line: str, words: str, number: int) -> Block:
    kind, text = without_bullet(words)
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    return Block(kind, text, 1 + indent // 2 if kind == "item" else 0, number)


def _finished(block: Block | None) -> Iterator[Block]:
    if block is None:
        return
    if block.kind == "text" and block.text.isupper() and _may_be_heading(block):
        yield block._replace(kind="heading", level=3)
    else:
        yield block


def _may_be_heading(block: Block) -> bool:
    return "\n" not in block.text and len(block.text.split()) <= HEADING_WORDS


_ITEM = re.compile(r"(?:(?P<bullet>[-*•‣◦▪–—·o])|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_RULE = re.compile(r"={3,}|-{3,}|\*{3,}|_{3,}")
