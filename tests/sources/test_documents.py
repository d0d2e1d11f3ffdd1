"""Strategy documents: every reader on real files, passages, metadata, lineage."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.models import EVERYONE, Location, Problem, StrategyDocument
from assistant.sources.documents import lineage, passages
from assistant.sources.documents.document import document_id, slug
from assistant.sources.documents.docx import read_docx
from assistant.sources.documents.html import read_html
from assistant.sources.documents.markdown_doc import read_markdown
from assistant.sources.documents.metadata import (
    Metadata,
    Refused,
    front_matter,
    read_manifest,
)
from assistant.sources.documents.passages import Block, split
from assistant.sources.documents.pdf import read_pdf
from assistant.sources.documents.text_doc import read_text
from assistant.sources.read import read_path

PROPERTIES = """<?xml version="1.0" encoding="UTF-8"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
 xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{0}</Properties>"""
PROPERTY = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{2}" name="{0}">'
    "<vt:lpwstr>{1}</vt:lpwstr></property>"
)
CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
CUSTOM_LINK = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

Reader = Callable[[bytes, str, Metadata], Any]


def read(reader: Reader, data: bytes, file: str, **declared: Any) -> StrategyDocument:
    """The one document in it; anything else fails the test with what was found."""
    found = list(reader(data, file, Metadata(**declared)))
    assert [type(item) for item in found] == [StrategyDocument], found
    document: StrategyDocument = found[0]
    return document


def refusal(reader: Reader, data: bytes, file: str, **declared: Any) -> Problem:
    found = list(reader(data, file, Metadata(**declared)))
    assert [type(item) for item in found] == [Problem], found
    problem: Problem = found[0]
    return problem


def texts(document: StrategyDocument) -> list[tuple[str, str]]:
    return [(passage.heading, passage.text) for passage in document.passages]


# --- Markdown ---------------------------------------------------------------------------------

PLAN = b"""---
kind: strategy
title: Ferry plan
published: 2026-03-02
version: 2.10
supersedes: Ferry plan 2.9
audience: crew-leads
---
# Ferry plan

Commuters leave us when the morning boat is late.
They come back when it is on time for a month.

## Where we sail

We choose:

- The harbour line, even
  where the island line earns more.
- Early boats before *late* ones:
  - from May
  - until ~~October~~ September

We will not:

1. Build a second pier.

**What it takes**

Skippers need e.g. a radio. Dr. Holm trains them. <!-- nobody sees this -->

| Line | Boats |
|------|-------|
| Harbour | 4 |
| Island | 1 |

## We never sail in fog above force six
"""


def test_markdown_carries_everything_in_front_matter() -> None:
    document = read(read_markdown, PLAN, "strategy/ferry.md")
    assert document.model_dump(exclude={"passages"}) == {
        "id": "doc-ferry-plan-2-10",
        "title": "Ferry plan",
        "published": date(2026, 3, 2),
        "version": "2.10",
        "supersedes": "Ferry plan 2.9",
        "audience": "crew-leads",
        "location": Location(file="strategy/ferry.md").model_dump(),
    }


def test_markdown_is_cut_at_headings_and_choices() -> None:
    document = read(read_markdown, PLAN, "ferry.md")
    assert texts(document) == [
        (
            "",
            "Commuters leave us when the morning boat is late. They come back when it is on time "
            "for a month.",
        ),
        (
            "Where we sail",
            "We choose:\nThe harbour line, even where the island line earns more.",
        ),
        ("Where we sail", "We choose:\nEarly boats before late ones:\nfrom May"),
        ("Where we sail", "We choose:\nEarly boats before late ones:\nuntil September"),
        ("Where we sail", "We will not:\nBuild a second pier."),
        ("Where we sail > What it takes", "Skippers need e.g. a radio. Dr. Holm trains them."),
        ("Where we sail > What it takes", "Line | Boats\nHarbour | 4"),
        ("Where we sail > What it takes", "Line | Boats\nIsland | 1"),
        ("", "We never sail in fog above force six"),
    ]


def test_markdown_locations_are_lines_of_the_file_with_its_front_matter() -> None:
    document = read(read_markdown, PLAN, "ferry.md")
    lines = PLAN.decode().split("\n")
    starts = [lines[(passage.location.line or 0) - 1] for passage in document.passages]
    assert starts == [
        "Commuters leave us when the morning boat is late.",
        "- The harbour line, even",
        "  - from May",
        "  - until ~~October~~ September",
        "1. Build a second pier.",
        "Skippers need e.g. a radio. Dr. Holm trains them. <!-- nobody sees this -->",
        "| Harbour | 4 |",
        "| Island | 1 |",
        "## We never sail in fog above force six",
    ]


@pytest.mark.parametrize(
    "text, title",
    [
        pytest.param("# Harbour policy\n\nBoats wait.", "Harbour policy", id="first heading"),
        pytest.param("## Minor\n\nx.\n\n# Major\n\ny.", "Major", id="highest heading"),
        pytest.param("Boats wait for nobody.", "Harbour policy v2", id="file name"),
        pytest.param("---\ntitle: Boats\n---\n# Other\n\nx", "Boats", id="front matter"),
    ],
)
def test_the_title_comes_from_the_first_place_that_has_one(text: str, title: str) -> None:
    assert read(read_markdown, text.encode(), "a/harbour_policy-v2.md").title == title


def test_a_hostile_paragraph_does_not_stop_the_reader() -> None:
    """Nested brackets cost a Markdown parser time that grows with their square."""
    text = (
        b"# Plan\n\n" + b"[" * 400_000 + b"\n\nWe *row* at [dawn][1].\n\n[1]: https://x.example\n"
    )
    document = read(read_markdown, text, "x.md")
    assert document.passages[-1].text == "We row at dawn."
    assert "".join(passage.text for passage in document.passages[:-1]) == "[" * 400_000


# --- plain text -------------------------------------------------------------------------------


def test_plain_text_knows_underlines_capitals_and_bullets() -> None:
    text = b"""Pier plan
=========

WHAT WE KEEP

The old pier stays open
all winter.

Choices
-------
* Wood instead of steel
* Two cranes
"""
    document = read(read_text, text, "pier.txt")
    assert document.title == "Pier plan"
    assert texts(document) == [
        ("WHAT WE KEEP", "The old pier stays open all winter."),
        ("Choices", "Wood instead of steel"),
        ("Choices", "Two cranes"),
    ]
    assert [passage.location.line for passage in document.passages] == [6, 11, 12]


# --- HTML -------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html>
<html><head><title>Intranet: tides</title>
<meta name="okr:version" content="3">
<meta name="okr:published" content="2026-04-01T08:00">
<meta name="okr:audience" content="board">
<style>p { color: red }</style></head>
<body>
<nav><ul><li>Home</li></ul></nav>
<h1>Tide policy</h1>
<p>We measure the tide at <b>two</b> points.<br>Both count.
<p hidden>Ignore the tide.</p>
<p style="display: none">Ignore it twice.</p>
<script>var x = "<p>no</p>";</script>
<h2>Choices</h2>
<ul>
 <li>Gauges over <i>models</i>
  <ul><li>also at night</li></ul></li>
 <li><p>No <del>free</del> rides</p></li>
</ul>
<table>
 <tr><th>Gauge</th><th>Metres</th></tr>
 <tr><td>North</td><td>3&nbsp;m</td></tr>
</table>
text without a tag
<footer>Copyright</footer>
</body></html>"""


def test_html_reads_what_a_person_sees() -> None:
    document = read(read_html, PAGE.encode(), "tides.html")
    assert (document.id, document.title) == ("doc-tide-policy-3", "Tide policy")
    assert (document.published, document.audience) == (date(2026, 4, 1), "board")
    assert texts(document) == [
        ("", "We measure the tide at two points. Both count."),
        ("Choices", "Gauges over models"),
        ("Choices", "also at night"),
        ("Choices", "No rides"),
        ("Choices", "Gauge | Metres\nNorth | 3 m"),
        ("Choices", "text without a tag"),
    ]
    assert [passage.location.line for passage in document.passages] == [10, 16, 17, 18, 22, 24]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("<meta charset=latin1><p>Grüße</p>".encode("latin-1"), id="declared"),
        pytest.param("<p>Grüße</p>".encode(), id="utf-8"),
        pytest.param("<p>Grüße</p>".encode("utf-16"), id="utf-16"),
        pytest.param("<p>Grüße</p>".encode("cp1252"), id="cp1252"),
        pytest.param(b"<meta charset=klingon><p>" + "Grüße</p>".encode(), id="unknown name"),
    ],
)
def test_html_in_any_encoding(data: bytes) -> None:
    assert texts(read(read_html, data, "a.html")) == [("", "Grüße")]


def test_html_nested_beyond_reason_is_refused_as_a_whole() -> None:
    problem = refusal(read_html, b"<div>" * 5000 + b"deep", "deep.html")
    assert problem.message == "'deep.html' is not read: its elements are nested too deeply."


def test_an_unknown_okr_field_of_a_page_is_refused() -> None:
    page = b'<meta name="okr:audiance" content="board"><p>Text.</p>'
    assert refusal(read_html, page, "a.html").message == (
        "'a.html' is not read: 'audiance' is not a known field (is 'audience' meant?)."
    )


# --- Word -------------------------------------------------------------------------------------


def word(build: Callable[[Any], None], properties: dict[str, str] | None = None) -> bytes:
    """A real Word file, with custom properties if any are given."""
    from docx import Document
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document()
    build(document)
    if properties is not None:
        items = enumerate(properties.items(), start=2)
        inside = "".join(PROPERTY.format(name, value, n) for n, (name, value) in items)
        blob = PROPERTIES.format(inside).encode()
        package = document.part.package
        part = Part(PackURI("/docProps/custom.xml"), CUSTOM, blob, package)
        package.relate_to(part, CUSTOM_LINK)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def lighthouse(document: Any) -> None:
    document.add_heading("Lighthouse plan", 0)
    document.add_paragraph("Lamps burn at night. Keepers sleep by day.")
    document.add_heading("Choices", 1)
    document.add_paragraph("We will not:")
    document.add_paragraph("Sell lamps", style="List Bullet")
    document.add_paragraph("Rent towers", style="List Number")
    paragraph = document.add_paragraph("Oil is ")
    paragraph.add_run("cheap").font.strike = True
    paragraph.add_run("dear.")
    bold = document.add_paragraph()
    bold.add_run("Who keeps watch").bold = True
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        ["Tower", "Keeper", "North", "Ida"],
        strict=True,
    ):
        cell.text = text


def test_word_reads_headings_lists_and_tables() -> None:
    document = read(read_docx, word(lighthouse), "light.docx")
    assert (document.title, document.version) == ("Lighthouse plan", None)
    assert texts(document) == [
        ("", "Lamps burn at night. Keepers sleep by day."),
        ("Choices", "We will not:\nSell lamps"),
        ("Choices", "We will not:\nRent towers"),
        ("Choices", "Oil is dear."),
        ("Choices > Who keeps watch", "Tower | Keeper\nNorth | Ida"),
    ]
    assert [passage.location.line for passage in document.passages] == [2, 5, 6, 7, 9]


def test_word_carries_metadata_in_its_properties() -> None:
    def build(document: Any) -> None:
        document.core_properties.title = "Keepers' handbook"
        document.core_properties.version = "7"
        document.add_paragraph("Climb slowly.")

    data = word(build, {"okr:audience": "keepers", "okr:published": "2026-05-05", "Author": "Ida"})
    document = read(read_docx, data, "h.docx")
    assert (document.id, document.audience) == ("doc-keepers-handbook-7", "keepers")
    assert document.published == date(2026, 5, 5)


@pytest.mark.parametrize(
    "properties, reason",
    [
        pytest.param(
            {"okr:audience": "Board Members"},
            "the audience 'Board Members' is malformed: it is one name of small letters, digits, "
            "'-' and '_'; write 'board-members'",
            id="malformed",
        ),
        pytest.param(
            {"okr:readers": "board"},
            "'readers' is not a known field; known are title, published, version, supersedes, "
            "audience",
            id="unknown",
        ),
        pytest.param(
            {"okr:audience": "board", "OKR:Audience": "all"},
            "it has the custom property 'okr:audience' twice",
            id="twice",
        ),
    ],
)
def test_a_word_file_with_a_doubtful_audience_is_not_read(
    properties: dict[str, str], reason: str
) -> None:
    problem = refusal(read_docx, word(lighthouse, properties), "light.docx")
    assert problem.message == f"'light.docx' is not read: {reason}."


def test_an_audience_is_not_lost_with_the_link_to_it() -> None:
    whole = ZipFile(io.BytesIO(word(lighthouse, {"okr:audience": "board"})))
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "_rels/.rels":
                content = content.replace(b"custom-properties", b"lost")
            archive.writestr(name, content)
    assert read(read_docx, stream.getvalue(), "light.docx").audience == "board"


def test_damaged_properties_may_hide_an_audience() -> None:
    whole = ZipFile(io.BytesIO(word(lighthouse, {"okr:audience": "board"})))
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[:-20] if name == "docProps/custom.xml" else content)
    assert refusal(read_docx, stream.getvalue(), "light.docx").message == (
        "'light.docx' is not read: its custom properties, which may name an audience, are damaged."
    )


def test_word_pages_are_counted_where_word_noted_them() -> None:
    def build(document: Any) -> None:
        from docx.oxml.ns import qn

        for text in ("First page.", "Second page.", "Still second."):
            run = document.add_heading(text, 1).runs[0]._element
            if text == "Second page.":
                run.insert(0, run.makeelement(qn("w:lastRenderedPageBreak"), {}))
            document.add_paragraph(f"Below: {text}")

    document = read(read_docx, word(build), "pages.docx")
    assert [(p.location.page, p.location.line) for p in document.passages] == [
        (1, None),
        (2, None),
        (2, None),
    ]


def test_word_reads_controls_insertions_and_text_boxes_once_but_no_deletions() -> None:
    def build(document: Any) -> None:
        from docx.oxml import parse_xml

        run = "<w:r><w:t>{0}</w:t></w:r>"
        box = "<w:txbxContent><w:p>" + run.format("In a box.") + "</w:p></w:txbxContent>"
        inside = (
            f'<w:sdt xmlns:w="{W}"><w:sdtContent><w:p>{run.format("In a control.")}'
            "</w:p></w:sdtContent></w:sdt>",
            f'<w:p xmlns:w="{W}"><w:ins w:id="1" w:author="a">{run.format("Inserted.")}</w:ins>'
            f'<w:del w:id="2" w:author="a"><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>',
            f'<w:p xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
            f'2006"><w:r><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>'
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        )
        for xml in inside:
            document.element.body.insert(-1, parse_xml(xml))

    document = read(read_docx, word(build), "x.docx")
    assert texts(document) == [("", "In a control.\nInserted.\nIn a box.")]


@pytest.mark.parametrize(
    "data, reason",
    [
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
            "it is an old .doc file or protected by a password; save it as .docx without one",
            id="old or locked",
        ),
        pytest.param(
            b"PK\x03\x04 cut off",
            "it is not a complete Word file; open it in a word processor and save it again",
            id="cut off",
        ),
        pytest.param(
            b"plain words",
            "it is not a complete Word file; open it in a word processor and save it again",
            id="not Word",
        ),
    ],
)
def test_a_broken_word_file_says_what_to_do(data: bytes, reason: str) -> None:
    problem = refusal(read_docx, data, "a/b.docx")
    assert str(problem) == f"a/b.docx: 'b.docx' is not read: {reason}."


def test_an_archive_that_is_no_word_file_says_so() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(read_docx, stream.getvalue(), "b.docx").message == (
        "'b.docx' is not read: it is not a complete Word file; open it in a word processor and "
        "save it again."
    )


# --- PDF --------------------------------------------------------------------------------------


def printed(build: Callable[[Any], None], **options: Any) -> bytes:
    """A real PDF with a running header and page numbers."""
    from fpdf import FPDF

    class Printed(FPDF):
        def header(self) -> None:
            self.set_font("Helvetica", size=8)
            self.cell(0, 6, "Coast Guard - internal", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("Helvetica", size=8)
            self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")

    pdf = Printed()
    if options.get("password") is not None:
        pdf.set_encryption(owner_password="owner", user_password=options["password"])
    pdf.add_page()
    build(pdf)
    return bytes(pdf.output())


def say(pdf: Any, text: str, size: int = 11, style: str = "") -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def coast(pdf: Any) -> None:
    say(pdf, "Coast plan 2027", 20, "B")
    say(
        pdf,
        "Boats reach any bather within nine minutes, in any weather that a boat can be launched "
        "in at all. The crews live near the sta-\ntions and train with the mid-\nsize boats of "
        "their own harbour. A mid-size boat is what they know.",
    )
    say(pdf, "Choices", 14, "B")
    say(pdf, "- Crews over boats.")
    say(pdf, "- We will not buy helicopters.")
    say(pdf, "Money is spent where")
    pdf.add_page()
    say(pdf, "the sea is rough, and nowhere else.")
    say(pdf, "Measures", 11, "B")
    say(pdf, "Minutes to the bather, measured by the log of the boat.")


def test_pdf_rebuilds_headings_paragraphs_words_and_pages() -> None:
    document = read(read_pdf, printed(coast), "coast.pdf")
    assert document.title == "Coast plan 2027"
    assert [(p.location.page, p.heading, p.text) for p in document.passages] == [
        (
            1,
            "",
            "Boats reach any bather within nine minutes, in any weather that a boat can be "
            "launched in at all. The crews live near the stations and train with the mid-size "
            "boats of their own harbour. A mid-size boat is what they know.",
        ),
        (1, "Choices", "Crews over boats."),
        (1, "Choices", "We will not buy helicopters."),
        (1, "Choices", "Money is spent where the sea is rough, and nowhere else."),
        (2, "Choices > Measures", "Minutes to the bather, measured by the log of the boat."),
    ]


def test_pdf_keeps_what_only_looks_like_a_header() -> None:
    def build(pdf: Any) -> None:
        for number in (1, 2, 3):
            if number > 1:
                pdf.add_page()
            say(pdf, f"Aim {number}", 16, "B")
            say(pdf, f"Team {number * 10} rows {number * 7} hours a day.")

    document = read(read_pdf, printed(build), "aims.pdf")
    assert [(p.heading, p.text) for p in document.passages] == [
        ("", "Team 10 rows 7 hours a day."),
        ("Aim 2", "Team 20 rows 14 hours a day."),
        ("Aim 3", "Team 30 rows 21 hours a day."),
    ]
    assert document.title == "Aim 1"


def test_a_header_on_a_single_page_is_told_by_its_small_print() -> None:
    text = "Boats row at dawn, and the crews that row them sleep in the houses by the pier."
    document = read(read_pdf, printed(lambda pdf: say(pdf, text)), "one.pdf")
    assert texts(document) == [("", text)]


def test_a_scanned_pdf_says_what_to_do() -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.rect(20, 20, 100, 100)
    assert refusal(read_pdf, bytes(pdf.output()), "scan.pdf").message == (
        "'scan.pdf' is not read: it has no text, so its pages are probably scanned pictures; "
        "export it with text (OCR), or put the words into a .md file."
    )


def test_a_locked_pdf_says_what_to_do() -> None:
    problem = refusal(read_pdf, printed(coast, password="sesame"), "locked.pdf")
    assert problem.message == (
        "'locked.pdf' is not read: it is protected by a password; save a copy without one."
    )


def test_a_pdf_that_anyone_may_open_is_read() -> None:
    assert read(read_pdf, printed(coast, password=""), "open.pdf").title == "Coast plan 2027"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"hello", id="not a PDF"),
        pytest.param(b"%PDF-1.7\n", id="head only"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_broken_pdf_says_what_to_do(data: bytes) -> None:
    assert refusal(read_pdf, data, "b.pdf").message == (
        "'b.pdf' is not read: it is not a complete PDF; print or export it again."
    )


def test_a_damaged_page_costs_that_page() -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed(coast))))
    broken = StreamObject()
    broken.set_data(b"not deflated")
    broken[NameObject("/Filter")] = NameObject("/NoSuchFilter")
    writer.pages[1][NameObject("/Contents")] = writer._add_object(broken)
    stream = io.BytesIO()
    writer.write(stream)
    problem, document = read_pdf(stream.getvalue(), "half.pdf", Metadata())
    assert str(problem) == (
        "half.pdf, page 2: Page 2 is damaged and is left out. Print or export the document again."
    )
    assert isinstance(document, StrategyDocument)
    assert {passage.location.page for passage in document.passages} == {1}


# --- every reader -----------------------------------------------------------------------------

SAMPLES: dict[str, tuple[Reader, bytes]] = {
    "ferry.md": (read_markdown, PLAN),
    "pier.txt": (read_text, b"Pier plan\n\nThe old pier stays open."),
    "tides.html": (read_html, PAGE.encode()),
    "light.docx": (read_docx, word(lighthouse)),
    "coast.pdf": (read_pdf, printed(coast)),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_manifest_beats_what_the_file_says(name: str) -> None:
    reader, data = SAMPLES[name]
    own = read(reader, data, name).audience
    document = read(
        reader,
        data,
        name,
        title="Declared",
        version="9",
        published=date(2027, 1, 1),
        supersedes="x",
        audience=own,
    )
    assert (document.id, document.title, document.published, document.supersedes) == (
        "doc-declared-9",
        "Declared",
        date(2027, 1, 1),
        "x",
    )


@pytest.mark.parametrize("name", ["ferry.md", "tides.html"])
def test_two_audiences_that_disagree_are_refused(name: str) -> None:
    reader, data = SAMPLES[name]
    own = read(reader, data, name).audience
    assert refusal(reader, data, name, audience="everyone").message == (
        f"'{name}' is not read: documents.yaml gives it the audience 'everyone', but it names "
        f"{own!r} itself; make them agree."
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_the_audience_of_the_folder_holds_where_nothing_else_is_said(name: str) -> None:
    reader, data = SAMPLES[name]
    own = read(reader, data, name).audience
    expected = "crew" if own == EVERYONE else own
    assert read(reader, data, name, folder_audience="crew").audience == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_reading_again_gives_the_same_ids_wherever_the_file_lies(name: str) -> None:
    reader, data = SAMPLES[name]
    here = read(reader, data, f"a/{name}", title="Same")
    there = read(reader, data, f"b/c/{name}", title="Same")
    assert [p.id for p in here.passages] == [p.id for p in there.passages]
    assert len({p.id for p in here.passages}) == len(here.passages) > 0


@pytest.mark.parametrize("name", ["ferry.md", "pier.txt", "tides.html"])
def test_binary_content_is_named(name: str) -> None:
    reader, _ = SAMPLES[name]
    suffix = name[name.index(".") :]
    assert refusal(reader, b"\x89PNG\x00\x00\x01\x02\xff", name).message == (
        f"'{name}' is named {suffix} but holds binary data. Export it as text, or give it the name "
        "that fits."
    )


@pytest.mark.parametrize("name", ["ferry.md", "pier.txt", "tides.html", "light.docx"])
def test_a_document_without_words_is_named(name: str) -> None:
    reader, _ = SAMPLES[name]
    data = word(lambda document: None) if name.endswith(".docx") else b" \n \n"
    assert refusal(reader, data, name).message == f"'{name}' is not read: there is no text in it."


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), cuts=st.integers(1, 12))
def test_a_damaged_file_yields_a_document_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int, cuts: int
) -> None:
    """Bytes changed, dropped and repeated at random places, as bad disks and bad exports do."""
    chance, damaged = random.Random(seed), bytearray(SAMPLES[name][1])
    for _ in range(cuts):
        at = chance.randrange(len(damaged) + 1)
        kind = chance.randrange(3)
        if kind == 0 and at < len(damaged):
            damaged[at] = chance.randrange(256)
        elif kind == 1:
            del damaged[at : at + chance.randrange(1, 80)]
        else:
            damaged[at:at] = damaged[at : at + chance.randrange(1, 80)]
    folder = tmp_path_factory.getbasetemp() / "strategy"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(damaged)
    found = list(read_path(path, max_mb=20))
    assert found
    assert {type(item) for item in found} <= {StrategyDocument, Problem}
    assert {item.location.file for item in found if item.location} == {path.as_posix()}


# --- passages ---------------------------------------------------------------------------------


def block(text: str, kind: Any = "text", **more: Any) -> Block:
    return Block(kind, text, **more)


def words(count: int, word: str = "word") -> str:
    return " ".join([word] * (count - 1)) + f" {word}."


@pytest.mark.parametrize(
    "blocks, counts",
    [
        pytest.param([block(words(5))], [5], id="short text alone"),
        pytest.param([block(words(20)), block(words(25))], [45], id="short paragraphs join"),
        pytest.param([block(words(40)), block(words(40))], [40, 40], id="long enough stay apart"),
        pytest.param([block(words(80)), block(words(8))], [88], id="a short rest joins"),
        pytest.param([block(words(85)), block(words(8))], [85, 8], id="unless it is too much"),
        pytest.param(
            [block(" ".join("W" + words(30) for _ in range(7)))], [90, 90, 30], id="sentences"
        ),
        pytest.param([block(words(400))], [90, 90, 90, 130], id="one endless sentence is cut"),
        pytest.param(
            [block(words(10)), block("A", "heading", level=1), block(words(10))],
            [10, 10],
            id="never across a heading",
        ),
    ],
)
def test_passages_have_the_length_that_serves_quotation(
    blocks: list[Block], counts: list[int]
) -> None:
    found = split(blocks, "doc-x", "x.md")
    assert [len(passage.text.split()) for passage in found] == counts


@pytest.mark.parametrize(
    "item, heading, alone",
    [
        ("We will not open a fourth dock", "", True),
        ("No second pier", "", True),
        ("Depth over breadth", "", True),
        ("Nobody may sail alone", "", True),
        ("Keine neuen Märkte vor 2028", "", True),
        ("Large docks", "Where we compete", True),
        ("Large docks", "Our bets", True),
        ("Helicopters", "What we will not do", True),
        ("Helicopters", "Non-goals", True),
        ("Boats leave at six", "Timetable", False),
        ("Four boats and a crane", "Fleet", False),
    ],
)
def test_choices_are_passages_of_their_own(item: str, heading: str, alone: bool) -> None:
    blocks = [block(heading, "heading", level=1)] if heading else []
    blocks += [block(item, "item", level=1), block("Ropes are coiled.", "item", level=1)]
    found = [passage.text for passage in split(blocks, "doc-x", "x.md")]
    assert (item in found) is alone


@pytest.mark.parametrize(
    "text, alone",
    [
        ("Choice 3. Pharma remains a side business.", True),
        ("Assumption A2: workshops have room.", True),
        ("We will not build a rental fleet.", True),
        ("We also never explain a price.", True),
        ("Nobody may sell below the corridor.", True),
        ("We know that it will not be easy.", False),
        ("Choices are hard.", False),
    ],
)
def test_paragraphs_that_begin_as_a_choice_are_passages_of_their_own(
    text: str, alone: bool
) -> None:
    found = split([block("Boats row."), block(text), block("Ropes are coiled.")], "doc-x", "x.md")
    assert (text in [passage.text for passage in found]) is alone


def test_a_repeated_passage_gets_a_suffix() -> None:
    twice = [block("No pier.", "item", level=1)] * 2
    first, second = split(twice, "doc-x", "x.md")
    assert second.id == f"{first.id}-2"


def test_the_title_is_left_out_of_the_trail_but_other_headings_are_not() -> None:
    blocks = [
        block("Plan", "heading", level=1),
        block("Here.", line=2),
        block("Part  one", "heading", level=2),
        block("There.", line=4),
        block("Plan", "heading", level=2),
        block("Again.", line=6),
    ]
    assert [(p.heading, p.text) for p in split(blocks, "doc-x", "x.md", "Plan")] == [
        ("", "Here."),
        ("Part one", "There."),
        ("Plan", "Again."),
    ]


@pytest.mark.parametrize(
    "text, sentences",
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Use e.g. Ropes. Then go.", ["Use e.g. Ropes.", "Then go."]),
        ("It grew 1.5 times. 20 boats came.", ["It grew 1.5 times.", "20 boats came."]),
        ("He said “Go.” We went.", ["He said “Go.”", "We went."]),
        ("J. Holm sails. Ö is a letter.", ["J. Holm sails.", "Ö is a letter."]),
        ("我们不卖船。我们租船。", ["我们不卖船。", "我们租船。"]),
    ],
)
def test_sentences_end_where_readers_think_they_do(text: str, sentences: list[str]) -> None:
    assert [s.text for s in passages._sentences(block(text))] == sentences


def test_long_words_above_are_not_repeated_in_every_passage() -> None:
    header, heading = "column " * 100, "heading " * 100
    rows = [block(f"{n} " + words(40), "row", lead=header) for n in range(3)]
    found = split([block(heading, "heading", level=1), *rows], "doc-x", "x.md")
    assert [passage.heading for passage in found] == [""] * len(found)
    said = " ".join(passage.text for passage in found)
    assert (said.count("column"), said.count("heading")) == (100, 100)


TEXTS = st.text(alphabet=st.sampled_from("ab .!?:\n-Ä漢\u00ad|"), max_size=400)
KINDS = st.sampled_from(["heading", "text", "item", "row"])


BLOCKS = st.builds(
    Block, KINDS, TEXTS, st.integers(1, 4), st.just(1), page=st.none(), lead=st.just("")
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS, max_size=8))
def test_no_word_below_a_heading_is_lost_or_made_up(blocks: list[Block]) -> None:
    found = split(blocks, "doc-x", "x.md")
    said = Counter(word for passage in found for word in passage.text.split())
    written = Counter(
        word for b in blocks if b.kind != "heading" for word in passages.folded(b.text).split()
    )
    anywhere = {word for b in blocks for word in passages.folded(b.text).split()}
    assert written <= said
    assert set(said) <= anywhere
    assert len({passage.id for passage in found}) == len(found)


def test_a_long_file_is_cut_in_one_go() -> None:
    """Work grows with the text, not with its square: these would take hours otherwise."""
    for text in ("word " * 200_000, "x" * 1_000_000, "e.g. " * 200_000, "." * 1_000_000):
        found = split([block(text, line=1)], "doc-x", "x.md")
        assert max(len(passage.text) for passage in found) < 2500


# --- metadata ---------------------------------------------------------------------------------


def test_front_matter_keeps_line_numbers_and_words() -> None:
    front = front_matter("\n---\nVersion: 1.10\ntags: [a, b]\n---\nBody")
    assert front.fields["version"].text == "1.10"
    assert front.body.split("\n") == ["", "", "", "", "", "Body"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# No front matter\n\naudience: board", id="none"),
        pytest.param("---\n# Only a rule above a heading\n\nText.", id="a rule"),
        pytest.param("---\nJust words\n---\nText.", id="words between rules"),
        pytest.param("---\nA: b: c\n---\nText.", id="no YAML, no audience"),
    ],
)
def test_what_is_no_front_matter_stays_text(text: str) -> None:
    front = front_matter(text)
    assert (front.fields, front.body) == ({}, text)


@pytest.mark.parametrize(
    "head, reason",
    [
        pytest.param(
            "---\naudience: board\n\n# Text",
            "its front matter has no closing '---' line",
            id="not closed",
        ),
        pytest.param(
            "---\naudience: a: b\n---\n",
            "its front matter cannot be read: it is not valid YAML: mapping values are not allowed "
            "here",
            id="not YAML",
        ),
        pytest.param(
            "---\naudience: a\nAudience: b\n---\n",
            "its front matter cannot be read: 'audience' stands there twice",
            id="twice",
        ),
        pytest.param(
            "---\nrights:\n  audience: board\n---\n",
            "its front matter names an audience where none is read",
            id="elsewhere",
        ),
    ],
)
def test_front_matter_that_may_limit_readers_is_never_passed_over(head: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        front_matter(head + "Text")
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    "line, reason",
    [
        ("audience: [a, b]", "'audience' is not one plain value"),
        ("audience:", "the audience is empty; name one, or write 'everyone'"),
        ("audience: null", "the audience is empty; name one, or write 'everyone'"),
        (
            "audience: a, b",
            "the audience 'a, b' is malformed: it is one name of small letters, digits, '-' and "
            "'_'; name exactly one",
        ),
        ("audiences: board", "'audiences' is not a known field (is 'audience' meant?)"),
        ("<<: board", "'<<' is not a known field (is 'audience' meant?)"),
    ],
)
def test_a_document_with_a_doubtful_audience_is_not_read(line: str, reason: str) -> None:
    problem = refusal(read_markdown, f"---\n{line}\n---\nText.".encode(), "a/x.md")
    assert str(problem) == f"a/x.md:2: 'x.md' is not read: {reason}."


def test_a_malformed_date_costs_only_the_date() -> None:
    text = b"---\ntitle: T\npublished: 2026-02-30\nversion: 4\n---\nText."
    problem, document = read_markdown(text, "x.md", Metadata())
    assert str(problem) == (
        "x.md:3: 'published' is '2026-02-30', which is not a date such as 2026-01-31. The document "
        "is read without it."
    )
    assert isinstance(document, StrategyDocument)
    assert (document.id, document.published) == ("doc-t-4", None)


MANIFEST = """
audience: managers
plan.pdf:
  title: Plan
  version: 1.0
  audience: everyone
notes.md:
"""


def test_the_manifest_speaks_for_the_files_beside_it() -> None:
    manifest = read_manifest(MANIFEST, "s/documents.yaml", frozenset({"plan.pdf", "notes.md"}))
    assert (manifest.refusal, manifest.problems) == (None, ())
    assert manifest.entry("plan.pdf") == Metadata(
        title="Plan", version="1.0", audience="everyone", folder_audience="managers"
    )
    assert manifest.entry("other.md").readers == "managers"
    assert [manifest.lists(name) for name in ("notes.md", "other.md")] == [True, False]


@pytest.mark.parametrize(
    "text, line, reason",
    [
        pytest.param("", 1, "it holds no entries, such as 'plan.pdf:' with its fields below"),
        pytest.param("- a", 1, "it holds no entries, such as 'plan.pdf:' with its fields below"),
        pytest.param("audiance: board", 1, "at 'audiance', it needs 'name: value' pairs here"),
        pytest.param(
            "p.pdf:\n\ttitle: x",
            2,
            "it is not valid YAML: found character '\\t' that cannot start any token (indent with "
            "spaces, not tabs)",
        ),
        pytest.param("p.pdf:\n  title: a\np.pdf:\n  title: b", 4, "'p.pdf' stands there twice"),
        pytest.param(
            "p.pdf:\n  title: a\n  audience: [x]",
            3,
            "at 'p.pdf', 'audience' is not one plain value",
        ),
        pytest.param(
            "p.pdf:\n  readers: board",
            2,
            "at 'p.pdf', 'readers' is not a known field; known are title, published, version, "
            "supersedes, audience",
        ),
        pytest.param("[" * 3000, None, "it is nested too deeply", id="deep"),
        pytest.param("a: \x07", None, "it holds characters that are not allowed in YAML"),
        pytest.param("p.pdf: {title: *x}", 1, "it is not valid YAML: found undefined alias 'x'"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_lets_nothing_be_read(
    text: str, line: int | None, reason: str
) -> None:
    manifest = read_manifest(text, "documents.yaml", frozenset({"p.pdf"}))
    assert manifest.refusal is not None
    assert manifest.entries == {}
    assert manifest.refusal.location == Location(file="documents.yaml", line=line)
    assert manifest.refusal.message == (
        f"'documents.yaml' cannot be used: {reason}. The documents of this folder are not read, "
        "because this file decides who may see them. Mend it and read the folder again."
    )


def test_a_limited_file_that_is_lost_casts_doubt_on_its_like() -> None:
    manifest = read_manifest("memo.md: {audience: board}", "documents.yaml", frozenset({"new.md"}))
    assert [str(problem) for problem in manifest.problems] == [
        "documents.yaml:1: 'memo.md' is listed, but it is not in this folder. Correct or remove the "
        "entry."
    ]
    problem = next(read_markdown(b"Secret.", "new.md", manifest.entry("new.md")))
    assert isinstance(problem, Problem)
    assert problem.message == (
        "'new.md' is not read: documents.yaml limits 'memo.md' to 'board', no such file is there, "
        "and this may be it under another name; give it an entry of its own, or correct that one."
    )
    stated = b"---\naudience: everyone\n---\nOpen."
    assert read(read_markdown, stated, "new.md", **dict(manifest.entry("new.md"))).passages
    assert manifest.doubts("new.pdf") is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*<>!|'\"#\n\t audience.pdf"), max_size=120))
def test_any_manifest_is_understood_or_refused(text: str) -> None:
    manifest = read_manifest(text, "documents.yaml", frozenset())
    assert (manifest.refusal is None) or not manifest.entries


# --- identity and lineage ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Plan 2029 (draft)", "plan-2029-draft"),
        ("Größe & Ziele", "grosse-ziele"),
        ("战略 2026", "战略-2026"),
        ("  ", ""),
    ],
)
def test_slugs_are_readable_in_any_script(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_long_titles_that_begin_alike_have_different_ids() -> None:
    one, two = (document_id("A title " * 20 + end, Metadata()) for end in "ab")
    assert one != two
    assert len(one) < 90


def document(
    title: str, file: str = "", version: str | None = None, day: str | None = None, **more: Any
) -> StrategyDocument:
    metadata = Metadata(version=version, published=date.fromisoformat(day) if day else None)
    return StrategyDocument(
        id=document_id(title, metadata),
        title=title,
        version=metadata.version,
        published=metadata.published,
        location=Location(file=file or f"strategy/{slug(title)}.md"),
        **more,
    )


def resolved(*documents: StrategyDocument) -> tuple[dict[str, str | None], list[Problem]]:
    found = list(lineage.resolve(documents))
    links = {d.location.file: d.supersedes for d in found if isinstance(d, StrategyDocument)}
    return links, [item for item in found if isinstance(item, Problem)]


OLD = document("Plan", "strategy/2025/plan.md", "1", "2025-02-01")
OTHER = document("Policy", "strategy/policy.md", "1")


@pytest.mark.parametrize(
    "words",
    [
        "doc-plan-1",
        "strategy/2025/plan.md",
        "2025/plan.md",
        "plan.md",
        "Plan 1",
        "Plan v1",
        "plan, Version 1",
        "Plan (1, 2025-02-01)",
        "Plan 2025-02-01",
        "PLAN",
    ],
)
def test_supersedes_may_name_the_older_document_in_many_ways(words: str) -> None:
    new = document("Plan", "strategy/new.md", "2", supersedes=words)
    links, problems = resolved(OLD, OTHER, new)
    assert links["strategy/new.md"] == OLD.id
    assert problems == []


def test_an_unresolved_link_is_a_warning() -> None:
    new = document("Plan B", "a.md", supersedes="Plan A")
    links, problems = resolved(OTHER, new)
    assert links["a.md"] is None
    assert [(problem.severity, str(problem)) for problem in problems] == [
        (
            "warning",
            "a.md: 'a.md' says that it supersedes 'Plan A', but no other document of this run has "
            "that id, file name or title with version. Correct the name, or read that document "
            "too.",
        )
    ]


def test_an_ambiguous_link_names_the_candidates() -> None:
    older = [document("Plan", f"{n}.md", n) for n in ("1", "2")]
    new = document("Plan", "3.md", "3", supersedes="Plan")
    links, problems = resolved(*older, new)
    assert links["3.md"] is None
    assert problems[0].message == (
        "'3.md' says that it supersedes 'Plan', which fits '1.md' and '2.md'. Name the file, or "
        "add version or date."
    )


def test_a_document_cannot_supersede_itself_nor_its_successor() -> None:
    itself = document("Solo", "solo.md", supersedes="solo.md")
    one = document("One", "one.md", supersedes="two.md")
    two = document("Two", "two.md", supersedes="one.md")
    links, problems = resolved(itself, one, two)
    assert set(links.values()) == {None}
    assert [problem.message for problem in problems if "in turn" in problem.message] == [
        f"'{a}' supersedes '{b}', which in turn supersedes it: none of these links is kept. Remove "
        "the wrong one."
        for a, b in (("one.md", "two.md"), ("two.md", "one.md"))
    ]
    assert len(problems) == 3


def test_two_editions_without_a_link_get_a_hint() -> None:
    new = document("Plan", "strategy/new.md", "2", "2026-01-01")
    links, problems = resolved(new, OLD)
    assert set(links.values()) == {None}
    assert [(problem.severity, str(problem)) for problem in problems] == [
        (
            "info",
            "strategy/new.md: 'new.md' has the same title as 'plan.md' (strategy/2025/plan.md) and "
            "is newer. If it replaces it, declare 'supersedes: strategy/2025/plan.md' in it or in "
            "documents.yaml; until then the scan takes the older one as replaced.",
        )
    ]


def test_the_hint_is_a_declaration_that_works() -> None:
    words = "strategy/2025/plan.md"
    new = document("Plan", "strategy/new.md", "2", "2026-01-01", supersedes=words)
    assert resolved(new, OLD) == ({"strategy/new.md": OLD.id, OLD.location.file: None}, [])


def test_the_same_document_twice_is_read_once() -> None:
    copy = document("Plan", "copy/plan.pdf", "1")
    links, problems = resolved(OLD, copy)
    assert list(links) == [OLD.location.file]
    assert [str(problem) for problem in problems] == [
        "copy/plan.pdf: 'plan.pdf' has the same title and version as 'plan.md' "
        "(strategy/2025/plan.md) and is not read a second time. If it is another edition, give it "
        "a 'version' or a 'published' date of its own."
    ]


def test_a_long_chain_of_editions_is_linked_in_one_go() -> None:
    chain = [document("Plan", f"{n}.md", str(n)) for n in range(1, 301)]
    linked = [chain[0]] + [
        new.model_copy(update={"supersedes": old.location.file}) for old, new in pairwise(chain)
    ]
    links, problems = resolved(*linked)
    assert problems == []
    assert links["300.md"] == "doc-plan-299"
