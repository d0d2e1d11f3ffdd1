"""Reads a strategy document printed to PDF.

A PDF holds glyphs at places, not paragraphs. Lines come from the text's own order; headings,
paragraphs and list items are told by type size, weight, distance and indentation.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.models import Location, Problem, StrategyDocument
from assistant.sources.documents.document import compose, not_read
from assistant.sources.documents.metadata import Metadata
from assistant.sources.documents.passages import Block
from assistant.sources.documents.text_doc import without_bullet

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

log = logging.getLogger(__name__)

LARGER = 1.12
"""A line this much larger than the body is a heading."""

SMALLER = 0.93
"""A short line at the edge of a page that is this much smaller is a header or a footer."""

APART = 1.4
"""A gap this many times the usual one starts a paragraph."""

FULL = 0.8
"""Share of the usual width, in letters, from which a line counts as full."""

EDGE = 2
"""Lines at the top and at the bottom of a page that may be a header or a footer."""

SAME = 0.3
"""Difference of two type sizes, in points, that nobody sees."""

INDENT = 12
"""Points to the right of the body from which a paragraph is a list item."""

UNNUMBERED = 2
"""Cover pages that the printed page numbers may leave out."""

HEADING_WORDS = 14
SOFT_HYPHEN = "\u00ad"
HYPHENS = f"-\u2010{SOFT_HYPHEN}"
_END = re.compile(r"[.!?:;…。][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von|-)\s*\d{1,4})?", re.I)
_BOLD = re.compile(r"bold|black|heavy", re.IGNORECASE)
_WORD = re.compile(r"\w[\w-]*")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


class Line(NamedTuple):
    """One printed line. ``y`` grows upwards; ``size`` is in points; page counts from 1."""

    text: str
    page: int
    x: float
    y: float
    size: float
    bold: bool


class _Layout(NamedTuple):
    """What is usual in the document, and so what stands out."""

    size: float
    pitch: float
    left: float
    width: float
    headings: tuple[float, ...]


def read_pdf(data: bytes, file: str, meta: Metadata) -> Iterator[StrategyDocument | Problem]:
    """Read the text with its page numbers; repeated headers and footers are dropped."""
    try:
        reader = open_pdf(data)
    except ValueError as error:
        yield not_read(file, str(error))
        return
    found = tuple(blocks_and_damage(reader, file))
    damage = [item for item in found if isinstance(item, Problem)]
    yield from damage
    text = [item for item in found if isinstance(item, Block)]
    if text:
        yield from compose(text, file, meta, None, _title(reader))
    elif not damage:
        yield not_read(
            file,
            "it has no text, so its pages are probably scanned pictures; export it with text "
            "(OCR), or put the words into a .md file",
        )


def blocks_and_damage(reader: PdfReader, file: str) -> Iterator[Block | Problem]:
    """The text of all pages, and a problem for each page that cannot be read."""
    lines: list[Line] = []
    for number in range(1, len(reader.pages) + 1):
        try:
            lines.extend(page_lines(reader.pages[number - 1], number))
        except Exception:  # pypdf meets damage with errors of any kind; it costs the page
            log.debug("page %s of %s", number, file, exc_info=True)
            yield _damaged(file, number)
    if lines:
        yield from blocks(lines)


def _damaged(file: str, page: int) -> Problem:
    message = f"Page {page} is damaged and is left out. Print or export the document again."
    return Problem(message=message, location=Location(file=file, page=page))


def _title(reader: PdfReader) -> str:
    from pypdf.errors import PyPdfError

    try:
        title = reader.metadata.title if reader.metadata else None
    except PyPdfError:
        return ""
    return title if isinstance(title, str) else ""


def open_pdf(data: bytes) -> PdfReader:
    """Open a PDF that asks for no password.

    Raises:
        ValueError: it is damaged, is none, or asks for a password.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = "it is protected by a password; save a copy without one"
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError(locked)
        len(reader.pages)
    except (DependencyError, NotImplementedError):
        raise ValueError(locked) from None
    except (PyPdfError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError("it is not a complete PDF; print or export it again") from error
    return reader


def page_lines(page: PageObject, number: int) -> Iterator[Line]:
    """The printed lines of a page in the order of the file."""
    chunks: list[_Chunk] = []

    def collect(text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        chunks.append(_placed(text, cm, tm, font, size))

    page.extract_text(visitor_text=collect)
    yield from _lines(chunks, number)


def blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Put lines back into headings, paragraphs and list items."""
    kept = _without_edges(lines)
    if not kept:
        return
    layout = _layout(kept)
    words = frozenset(word for line in kept for word in _WORD.findall(line.text.casefold()))
    for group in _paragraphs(kept, layout):
        yield _block(group, layout, words)


class _Chunk(NamedTuple):
    text: str
    x: float
    y: float
    size: float
    bold: bool


def _placed(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: Any) -> _Chunk:
    """Where the words stand on the page, and how large: text matrix times page matrix."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    up = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
    scale = (up[0] ** 2 + up[1] ** 2) ** 0.5
    name = str(font.get("/BaseFont", "")) if font else ""
    points = round(abs(float(size or 0) * scale), 1)
    return _Chunk(text, float(x), float(y), points, bool(_BOLD.search(name)))


def _lines(chunks: Iterable[_Chunk], page: int) -> Iterator[Line]:
    held: list[_Chunk] = []
    for chunk in chunks:
        first, *rest = chunk.text.split("\n")
        held.append(chunk._replace(text=first))
        for text in rest:
            yield from _line(held, page)
            held = [chunk._replace(text=text)]
    yield from _line(held, page)


def _line(chunks: Sequence[_Chunk], page: int) -> Iterator[Line]:
    text = "".join(chunk.text for chunk in chunks).translate(_LIGATURES).replace("\x00", "")
    inked = [chunk for chunk in chunks if chunk.text.strip()]
    if not inked or not text.strip():
        return
    sizes: Counter[float] = Counter()
    for chunk in inked:
        sizes[chunk.size] += len(chunk.text)
    bold = all(chunk.bold for chunk in inked)
    yield Line(
        " ".join(text.split()), page, inked[0].x, inked[0].y, sizes.most_common(1)[0][0], bold
    )


def _without_edges(lines: Sequence[Line]) -> list[Line]:
    """Leave out what stands at the edge of page after page, and bare page numbers there."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {number: _edges(found) for number, found in pages.items()}
    body, last = _usual_size(lines), lines[-1].page
    seen = Counter(
        sign for found in edges.values() for sign in {_sign(line, body, last) for line in found}
    )
    needed = max(2, round(0.4 * len(pages)))

    def is_edge(line: Line) -> bool:
        if line not in edges[line.page]:
            return False
        often = seen[_sign(line, body, last)] >= needed
        return often or _is_small_print(line, body) or bool(_PAGE_NUMBER.fullmatch(line.text))

    return [line for line in lines if not is_edge(line)]


def _is_small_print(line: Line, body: float) -> bool:
    """A header on a single page; a footnote is a sentence or longer."""
    few = len(line.text.split()) <= HEADING_WORDS and not _END.search(line.text)
    return few and line.size < body * SMALLER


def _edges(lines: Sequence[Line]) -> frozenset[Line]:
    """The outermost lines, in order of the file and by height: some programs put them last."""
    high = sorted(lines, key=lambda line: line.y)
    return frozenset((*lines[:EDGE], *lines[-EDGE:], *high[:EDGE], *high[-EDGE:]))


def _sign(line: Line, body: float, last: int) -> tuple[str, int]:
    """What the copies of a header share: place and words, but not the number of the page."""

    def hidden(match: re.Match[str]) -> str:
        number = int(match[0])
        return "#" if abs(number - line.page) <= UNNUMBERED or number == last else match[0]

    text = line.text.casefold()
    if line.size <= body * LARGER:
        text = re.sub(r"\b\d{1,4}\b", hidden, text)
    return text, round(line.y)


def _usual_size(lines: Iterable[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _layout(lines: Sequence[Line]) -> _Layout:
    size = _usual_size(lines)
    body = [line for line in lines if abs(line.size - size) <= SAME]
    gaps = Counter(round(gap, 1) for gap in _gaps(body) if 0.5 * size < gap < 3 * size)
    lengths = sorted(len(line.text) for line in body)
    starts = Counter(round(line.x) for line in body)
    larger = sorted({line.size for line in lines if line.size > size * LARGER}, reverse=True)
    return _Layout(
        size=size,
        pitch=gaps.most_common(1)[0][0] if gaps else size * 1.2,
        left=min(x for x, count in starts.items() if count * 10 >= len(body)),
        width=lengths[int(len(lengths) * 0.9)],
        headings=tuple(larger),
    )


def _gaps(lines: Sequence[Line]) -> Iterator[float]:
    for upper, lower in pairwise(lines):
        if upper.page == lower.page:
            yield upper.y - lower.y


def _paragraphs(lines: Sequence[Line], layout: _Layout) -> Iterator[list[Line]]:
    held = [lines[0]]
    for line in lines[1:]:
        if _goes_on(held[-1], line, layout):
            held.append(line)
            continue
        yield held
        held = [line]
    yield held


def _goes_on(line: Line, after: Line, layout: _Layout) -> bool:
    """Whether ``after`` is the same paragraph or heading as ``line``."""
    heading = _stands_out(line, layout)
    alike = abs(line.size - after.size) <= SAME and heading == _stands_out(after, layout)
    if not alike or without_bullet(after.text)[0] == "item":
        return False
    gap = line.y - after.y
    if line.page != after.page or gap <= 0:
        return not _END.search(line.text) and after.text[0].islower()
    if gap > APART * max(layout.pitch, line.size):
        return False
    return heading or _is_full(line, after, layout)


def _is_full(line: Line, after: Line, layout: _Layout) -> bool:
    """Whether the first word of the next line would not have fitted any more."""
    if line.text[-1] in HYPHENS and after.text[0].islower():
        return True
    room = layout.width * FULL - len(line.text)
    return room <= len(after.text.split(" ", 1)[0]) + 1


def _stands_out(line: Line, layout: _Layout) -> bool:
    if line.size > layout.size * LARGER:
        return True
    short = len(line.text.split()) <= HEADING_WORDS
    return line.bold and short and line.size > layout.size * 0.9 and line.text[-1] not in ".:;,"


def _block(lines: Sequence[Line], layout: _Layout, words: frozenset[str]) -> Block:
    first, text = lines[0], _joined(lines, words)
    if _stands_out(first, layout) and len(text.split()) <= HEADING_WORDS * 2:
        levels = [size for size in layout.headings if size > first.size]
        return Block("heading", text, len(levels) + 1, None, first.page)
    kind, text = without_bullet(text)
    indent = min(line.x for line in lines) - layout.left
    if kind == "text" and indent > INDENT:
        kind = "item"
    level = 1 + max(0, int(indent // (1.5 * INDENT))) if kind == "item" else 0
    return Block(kind, text, level, None, first.page)


def _joined(lines: Sequence[Line], words: frozenset[str]) -> str:
    """The lines as one text; a word parted at a line end is put together again."""
    text = lines[0].text
    for line in lines[1:]:
        head, tail = text.rsplit(None, 1)[-1], line.text.split(None, 1)[0]
        text = f"{_cut_hyphen(text, head, tail, words)}{line.text}"
    return text


def _cut_hyphen(text: str, head: str, tail: str, words: frozenset[str]) -> str:
    """The text as the next line can follow it.

    A hyphen at the line end goes, unless the word has it elsewhere in the document (or has
    another one, or a capital follows); "short- and long-term" stays parted.
    """
    if head[-1] == SOFT_HYPHEN:
        return text[:-1]
    if len(head) == 1 or head[-1] not in HYPHENS or tail in ("and", "or", "to", "und", "oder"):
        return f"{text}\n"
    stem, rest = head[:-1], _WORD.match(tail)
    compound = f"{stem}-{rest[0] if rest else ''}".casefold()
    parted = stem.isalpha() and tail[0].islower() and compound not in words
    return text[:-1] if parted else text
