"""Reads a strategy document written in Word (.docx).

A Word file has no lines, and pages only where the program that saved it noted them: locations
give the page where there is one, and otherwise the number of the paragraph as the line.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from assistant.models import Problem, StrategyDocument
from assistant.sources.documents.document import compose, not_read
from assistant.sources.documents.metadata import Metadata, Refused, Value, from_fields
from assistant.sources.documents.passages import Block

if TYPE_CHECKING:
    from docx.document import Document

PREFIX = "okr:"
"""Custom properties whose name starts so carry metadata, as ``okr:audience``."""

BOLD_HEADING, BOLD_HEADING_WORDS = 10, 10
LONGEST_STYLE_CHAIN = 20
_OUTLINE = frozenset("012345678")
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_OLE = b"\xd0\xcf\x11\xe0"
_PLACEHOLDERS = frozenset({"", "word document", "microsoft word document", "untitled"})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAK = f"{_W}lastRenderedPageBreak"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HIDDEN = frozenset(
    {f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "rPr", "pPr")}
    | {f"{_MC}Fallback"}
)


def read_docx(data: bytes, file: str, meta: Metadata) -> Iterator[StrategyDocument | Problem]:
    """Read headings, paragraphs, lists and tables; headers, footers and notes are left out."""
    try:
        document = open_docx(data)
        own, problems = from_fields(_properties(document, data), file, strict=True)
    except ValueError as error:
        yield not_read(file, str(error))
        return
    yield from problems
    hint = document.core_properties.title
    named = None if hint.strip().casefold() in _PLACEHOLDERS else hint
    own = own.completed_by(Metadata(title=named, version=document.core_properties.version or None))
    yield from compose(blocks(document), file, meta, own)


def open_docx(data: bytes) -> Document:
    """Open a Word file.

    Raises:
        ValueError: it is none; the message says what it seems to be.
    """
    from docx import Document as open_document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    if data.startswith(_OLE):
        raise ValueError(
            "it is an old .doc file or protected by a password; save it as .docx without one"
        )
    damaged = (OpcError, BadZipFile, LxmlError, zlib.error, OSError, RuntimeError)
    unexpected = (KeyError, ValueError, AttributeError, TypeError)
    try:
        document = open_document(BytesIO(data))
        _touch(document)
    except (*damaged, *unexpected) as error:
        raise ValueError(
            "it is not a complete Word file; open it in a word processor and save it again"
        ) from error
    return document


def _touch(document: Document) -> None:
    """Look at each part that is read later, so that one that is damaged shows at once."""
    _ = document.element.body, list(document.styles), document.core_properties.title


def blocks(document: Document) -> Iterator[Block]:
    """The body of the document in reading order."""
    walk = _Walk(document)
    for number, element in enumerate(_body(document.element.body), start=1):
        if element.tag == f"{_W}tbl":
            yield from walk.table(element, number)
        else:
            yield from walk.paragraph(element, number)


class _Walk:
    """Looks up styles, and counts pages where the file marks them."""

    def __init__(self, document: Document) -> None:
        self.styles = {style.style_id: style for style in document.styles}
        marked = next(document.element.body.iter(_BREAK), None) is not None
        self.page: int | None = 1 if marked else None

    def paragraph(self, element: Any, number: int) -> Iterator[Block]:
        text, page = _text(element).strip(), self._turned(element)
        names = self._style_names(element)
        if not text or any(name.startswith("toc ") for name in names):
            return
        level = _heading_level(element, names)
        line = None if page else number
        if level is not None:
            yield Block("heading", text, level, line, page)
        elif _is_item(element, names):
            yield Block("item", text, _depth(element), line, page)
        elif _is_bold_phrase(element, text):
            yield Block("heading", text, BOLD_HEADING, line, page)
        else:
            yield Block("text", text, 0, line, page)

    def table(self, element: Any, number: int) -> Iterator[Block]:
        header, rows = "", 0
        for row in element.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr"):
            page = self._turned(row)
            text = " | ".join(_cells(row))
            if text and header:
                rows += 1
                yield Block("row", text, 0, None if page else number, page, header)
            header = header or text
        if header and not rows:
            yield Block("row", header, 0, None if self.page else number, self.page)

    def _turned(self, element: Any) -> int | None:
        """The page on which the words of the element start."""
        if self.page is None:
            return None
        first: int | None = None
        for node in element.iter(_BREAK, f"{_W}t"):
            if node.tag == _BREAK:
                self.page += 1
            elif first is None and (node.text or "").strip():
                first = self.page
        return first or self.page

    def _style_names(self, element: Any) -> list[str]:
        """The names of the paragraph's style and of those it builds on, in small letters."""
        found = element.find(f"{_W}pPr/{_W}pStyle")
        style = self.styles.get(found.get(f"{_W}val")) if found is not None else None
        names: list[str] = []
        while style is not None and len(names) < LONGEST_STYLE_CHAIN:
            names.append((style.name or "").casefold())
            style = getattr(style, "base_style", None)
        return names


def _body(container: Any) -> Iterator[Any]:
    """Paragraphs and tables; those inside content controls, insertions and text boxes too."""
    todo = list(reversed(container))
    while todo:
        element = todo.pop()
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
            todo.extend(part for box in reversed(_boxes(element)) for part in reversed(box))
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            todo.extend(reversed(element))


def _boxes(element: Any) -> list[Any]:
    """Text boxes; files hold each a second time as a fallback for old programs."""
    apart = "ancestor::*[local-name()='Fallback' or local-name()='txbxContent']"
    return list(element.xpath(f".//w:txbxContent[not({apart})]"))


def _text(element: Any) -> str:
    """The visible words: insertions count, deletions, hidden and struck-out words do not."""
    parts: list[str] = []
    todo = [element]
    while todo:
        node = todo.pop()
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag in (f"{_W}tab", f"{_W}ptab"):
            parts.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif node.tag not in _HIDDEN and not (node.tag == f"{_W}r" and _is_hidden(node)):
            todo.extend(child for child in reversed(node) if isinstance(child.tag, str))
    return "".join(parts)


def _is_hidden(run: Any) -> bool:
    return any(_is_on(run, name) for name in ("strike", "dstrike", "vanish"))


def _is_on(run: Any, name: str) -> bool:
    flag = run.find(f"{_W}rPr/{_W}{name}")
    return flag is not None and flag.get(f"{_W}val", "1") not in ("0", "false", "off")


def _cells(row: Any) -> Iterator[str]:
    """The words of each cell; a cell that spans several columns counts once."""
    for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt"):
        paragraphs = (" ".join(_text(part).split()) for part in cell.iter(f"{_W}p"))
        text = " ".join(part for part in paragraphs if part)
        if text:
            yield text


def _heading_level(element: Any, names: Iterable[str]) -> int | None:
    for name in names:
        if name == "title":
            return 1
        if name.startswith("heading ") and name[8:].isdigit():
            return int(name[8:]) + 1
    outline = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = "" if outline is None else outline.get(f"{_W}val", "")
    return int(value) + 2 if value in _OUTLINE else None


def _is_item(element: Any, names: Iterable[str]) -> bool:
    numbered = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    if numbered is not None:
        return bool(numbered.get(f"{_W}val") != "0")
    return any(name.startswith(("list bullet", "list number", "list continue")) for name in names)


def _depth(element: Any) -> int:
    level = element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
    value = "" if level is None else level.get(f"{_W}val", "")
    return int(value) + 1 if value.isdigit() and len(value) == 1 else 1


def _is_bold_phrase(element: Any, text: str) -> bool:
    if len(text.split()) > BOLD_HEADING_WORDS or text[-1] in ".:;!?,":
        return False
    runs = [run for run in element.iter(f"{_W}r") if _text(run).strip()]
    return bool(runs) and all(_is_on(run, "b") for run in runs)


def _properties(document: Document, data: bytes) -> dict[str, Value]:
    """The custom properties that are meant for us, without their prefix."""
    from lxml import etree

    found: dict[str, Value] = {}
    for blob in _property_parts(document, data).values():
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(blob, parser)
        except etree.XMLSyntaxError:
            raise Refused(
                "its custom properties, which may name an audience, are damaged"
            ) from None
        for child in root:
            name = str(child.get("name", "")).strip().casefold()
            if not name.startswith(PREFIX):
                continue
            if name in found:
                raise Refused(f"it has the custom property {name!r} twice")
            found[name] = Value("".join(child.itertext()))
    return {name.removeprefix(PREFIX): value for name, value in found.items()}


def _property_parts(document: Document, data: bytes) -> dict[str, bytes]:
    """By type, as the format wants it, and by name: a lost link must not lose an audience."""
    parts = document.part.package.iter_parts()
    found = {str(part.partname): part.blob for part in parts if part.content_type == _CUSTOM}
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.casefold().startswith("docprops/custom"):
                found.setdefault(f"/{name}", archive.read(name))
    return found
