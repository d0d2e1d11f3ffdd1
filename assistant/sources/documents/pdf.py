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
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.models import Problem, StrategyDocument
from assistant.sources.documents.document import compose, not_read
from assistant.sources.documents.metadata import Metadata
from assistant.sources.documents.passages import Block
from assistant.sources.documents.text_doc import without_bullet

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGER = 1.12
"""A line this much larger than the body is a heading."""

APART = 1.4
"""A gap this many times the usual one starts a paragraph."""

EDGE = 2
"""Lines at the top and at the bottom of a page that may be a header or a footer."""

HEADING_WORDS = 14
_END = re.compile(r"[.!?:;…。][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von|-)\s*\d{1,4})?", re.I)
_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010]\n([a-zß-öø-ÿ]+)")
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
        lines = tuple(page_lines(reader))
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except ValueError as error:
        yield not_read(file, str(error))
        return
    if not lines:
        yield not_read(
            file,
            "it has no text, so its pages are probably scanned pictures; export it with text "
            "(OCR), or put the words into a .md file",
        )
        return
    yield from compose(blocks(lines), file, meta, None, title)


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


def page_lines(reader: PdfReader) -> Iterator[Line]:
    """The printed lines of all pages in the order of the file.

    Raises:
        ValueError: the content of a page is damaged; the message names the page.
    """
    for number, page in enumerate(reader.pages, start=1):
        chunks: list[_Chunk] = []

        def collect(text: str, cm: Any, tm: Any, font: Any, size: Any, to: Any = chunks) -> None:
            to.append(_placed(text, cm, tm, font, size))

        try:
            page.extract_text(visitor_text=collect)
        except RecursionError as error:
            raise ValueError(f"page {number} is nested too deeply") from error
        yield from _lines(chunks, number)


def blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Put lines back into headings, paragraphs and list items."""
    kept = _without_edges(lines)
    if not kept:
        return
    layout = _layout(kept)
    whole = frozenset(re.findall(r"[\w-]+", " ".join(line.text for line in kept).casefold()))
    for group in _paragraphs(kept, layout):
        yield _block(group, layout, whole)


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
    bold = bool(re.search(r"bold|black|heavy|semibold", name, re.IGNORECASE))
    return _Chunk(text, float(x), float(y), round(abs(float(size or 0) * scale), 1), bold)


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
    body = _usual_size(lines)
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {number: _edges(found) for number, found in pages.items()}
    seen = Counter(
        sign
        for number, found in edges.items()
        for sign in {_sign(line, body) for line in found}
    )
    needed = max(2, round(0.4 * len(pages)))
    return [
        line
        for line in lines
        if not (
            line in edges[line.page]
            and (seen[_sign(line, body)] >= needed or _PAGE_NUMBER.fullmatch(line.text))
        )
    ]


def _edges(lines: Sequence[Line]) -> frozenset[Line]:
    """The outermost lines, in order of the file and by height: some programs put them last."""
    if len(lines) <= EDGE:
        return frozenset(lines)
    high = sorted(lines, key=lambda line: line.y)
    return frozenset((*lines[:EDGE], *lines[-EDGE:], *high[:EDGE], *high[-EDGE:]))


def _sign(line: Line, body: float) -> str:
    """What two copies of a header share: not the numbers, unless it is set like a heading."""
    return line.text if line.size > body * LARGER else re.sub(r"\d+", "#", line.text.casefold())


def _layout(lines: Sequence[Line]) -> _Layout:
    size = _usual_size(lines)
    body = [line for line in lines if abs(line.size - size) < 0.3]
    gaps = Counter(
        round(upper.y - lower.y, 1)
        for upper, lower in zip(lines, lines[1:], strict=False)
        if upper.page == lower.page and upper in body and 0 < upper.y - lower.y < 4 * size
    ) if len(lines) < 2 else _gaps(lines, size)
    lengths = sorted(len(line.text) for line in body)
    left = Counter(round(line.x) for line in body).most_common()
    larger = sorted({line.size for line in lines if line.size > size * LARGER}, reverse=True)
    return _Layout(
        size=size,
        pitch=gaps.most_common(1)[0][0] if gaps else size * 1.2,
        left=min((x for x, count in left if count * 10 >= len(body)), default=0),
        width=lengths[int(len(lengths) * 0.9)] if lengths else 0,
        headings=tuple(larger),
    )
