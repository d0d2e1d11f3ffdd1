"""Reads a strategy document exported as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from assistant.models import Problem, StrategyDocument
from assistant.sources.documents.document import binary, compose, not_read
from assistant.sources.documents.metadata import Metadata, Refused, Value, from_fields
from assistant.sources.documents.passages import Block
from assistant.sources.encoding import Decoded, NotText, decode

PREFIX = "okr:"
"""``<meta>`` elements whose name starts so carry metadata, as ``okr:audience``."""

_SKIPPED = frozenset(
    {
        "script",
        "style",
        "nav",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "footer",
        "form",
        "button",
        "select",
        "textarea",
        "iframe",
        "object",
        "audio",
        "video",
        "canvas",
        "del",
        "s",
        "strike",
        "dialog",
    }
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "br",
        "del",
        "s",
        "strike",
    }
)
_LISTS, _ITEMS = frozenset({"ul", "ol", "dl"}), frozenset({"li", "dt", "dd"})
MOST_LINES = 65_535
"""The parser counts lines up to here."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read_html(data: bytes, file: str, meta: Metadata) -> Iterator[StrategyDocument | Problem]:
    """Read the visible words of a page: no scripts, styles, navigation, footers or forms."""
    try:
        root = open_html(data)
        own, problems = from_fields(_declared(root), file, strict=True)
    except NotText:
        yield binary(file)
        return
    except Refused as error:
        yield not_read(file, str(error), error.line)
        return
    yield from problems
    title = root.findtext("head/title") if root is not None else None
    yield from compose(blocks(root), file, meta, own, title)


def open_html(data: bytes) -> Any:
    """Parse a page leniently; None where it holds nothing at all.

    Raises:
        NotText: the bytes are no text.
        Refused: only a part of the page could be read.
    """
    from lxml import etree

    text = _decoded(data).text
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Refused("its elements are nested too deeply")
    return root


def blocks(root: Any) -> Iterator[Block]:
    """The headings, paragraphs, list items and table rows of a page, with their lines."""
    from lxml import etree

    if root is None:
        return
    walk = _Walk()
    events = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in events:
        if event == "comment":
            walk.add_tail(element)
        elif event == "end":
            yield from walk.end(element)
        elif _is_skipped(element):
            events.skip_subtree()
            yield from walk.around(element)
        else:
            yield from walk.start(element)
    yield from walk.flush()


class _Row(NamedTuple):
    """A table row in the making; ``headed`` while it has only header cells."""

    cells: list[str]
    line: int | None
    headed: bool

    @property
    def text(self) -> str:
        return " | ".join(cell for cell in self.cells if cell)


class _Walk:
    """Collects words until the block around them ends."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.line: int | None = None
        self.lists = 0
        self.items = 0
        self.heading = 0
        self.row: _Row | None = None
        self.header: _Row | None = None
        self.rows = 0

    def add(self, text: str | None, line: int | None) -> None:
        """Take words in; the first of a block give its line."""
        if not text or not (self.parts or text.strip()):
            return
        if not self.parts and line is not None:
            self.line = line + text.count("\n", 0, len(text) - len(text.lstrip()))
        self.parts.append(text if self.parts else text.lstrip())

    def add_tail(self, element: Any) -> None:
        """Take in the words that follow an element."""
        if not element.tail:
            return
        line = _line(element)
        if line is not None and not self.parts:
            inside = (element.text,) if callable(element.tag) else element.itertext()
            line += sum((text or "").count("\n") for text in inside)
        self.add(element.tail, line)

    def around(self, element: Any) -> Iterator[Block]:
        """Part the words before and behind, unless the element stands in running text."""
        if element.tag not in _INLINE:
            yield from self._break()

    def start(self, element: Any) -> Iterator[Block]:
        """Enter an element; yield the block that its start ends."""
        tag = element.tag
        yield from self.around(element)
        if tag == "br":
            self.add("\n", None)
        elif tag in _LISTS:
            self.lists += 1
        elif tag in _ITEMS:
            self.items += 1
        elif tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag == "table":
            yield from self._header_alone()
        elif tag == "tr":
            yield from self._row()
            self.row = _Row([], _line(element), True)
        elif tag == "td" and self.row:
            self.row = self.row._replace(headed=False)
        self.add(element.text, _line(element))

    def end(self, element: Any) -> Iterator[Block]:
        """Leave an element, skipped ones included; yield the block that its end completes."""
        tag = element.tag
        if not _is_skipped(element):
            if tag in ("td", "th") and self.row:
                self.row.cells.append(" ".join("".join(self.parts).split()))
                self.parts, self.line = [], None
            yield from self.around(element)
            if tag in _LISTS:
                self.lists -= 1
            elif tag in _ITEMS:
                self.items -= 1
            elif tag in _HEADINGS:
                self.heading = 0
            elif tag == "tr":
                yield from self._row()
            elif tag == "table":
                yield from self._header_alone()
        self.add_tail(element)

    def flush(self) -> Iterator[Block]:
        """Yield what stands at the end of the page."""
        yield from self._row()
        yield from self._break()
        yield from self._header_alone()

    def _break(self) -> Iterator[Block]:
        if self.row is not None:
            self.add(" ", None)
            return
        text, line = "".join(self.parts).rstrip(), self.line
        self.parts, self.line = [], None
        if not text:
            return
        if self.heading:
            yield Block("heading", text, self.heading, line)
        elif self.items:
            yield Block("item", text, max(self.lists, 1), line)
        else:
            yield Block("text", text, 0, line)

    def _row(self) -> Iterator[Block]:
        row, self.row = self.row, None
        if row is None or not row.text:
            return
        if row.headed and not self.rows:
            above = self.header.cells if self.header else []
            self.header = row._replace(cells=[*above, *row.cells])
            return
        self.rows += 1
        yield Block("row", row.text, 0, row.line, None, self.header.text if self.header else "")

    def _header_alone(self) -> Iterator[Block]:
        """A table of nothing but header cells is content all the same."""
        if self.header and not self.rows:
            yield Block("row", self.header.text, 0, self.header.line)
        self.header, self.rows = None, 0


def _is_skipped(element: Any) -> bool:
    return (
        element.tag in _SKIPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") == "navigation"
        or bool(_UNSEEN.search(element.get("style", "")))
    )


def _line(element: Any) -> int | None:
    """The line of an element, or None where the parser has lost count."""
    line = element.sourceline
    return line if line and line < MOST_LINES else None


def _declared(root: Any) -> dict[str, Value]:
    """The ``okr:`` metadata of the page; a name that stands there twice is refused."""
    found: dict[str, Value] = {}
    for element in () if root is None else root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().casefold()
        if not name.startswith(PREFIX):
            continue
        if name in found:
            raise Refused(f"it has the meta element {name!r} twice", _line(element))
        found[name] = Value(element.get("content", ""), _line(element))
    return {name.removeprefix(PREFIX): value for name, value in found.items()}


def _decoded(data: bytes) -> Decoded:
    """The page may name its own encoding; a name that does not fit is passed over."""
    match = _CHARSET.search(data[:4096])
    if match and b"\x00" not in data:
        try:
            name = match[1].decode("ascii")
            return Decoded(data.decode(name).lstrip("\ufeff"), name, guessed=False)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)
