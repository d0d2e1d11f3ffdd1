"""Writes the DOCX, PDF and XLSX files of the demo organisation from the texts in ``src/``.

Running it again changes nothing: dates are fixed, archives are stored without compression and
their entries carry one time, so every byte depends on the sources alone.

    python -m evals.demo.build_binary          # into corpus/
    python evals/demo/build_binary.py FOLDER   # into another folder
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

SOURCES = Path(__file__).parent / "src"
CORPUS = Path(__file__).parents[2] / "corpus"
MOMENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
COMPANY = "Kestrup A/S"

DOCUMENTS = {
    "plan-2028.md": "strategy/plan-2028.pdf",
    "plan-2029.md": "strategy/plan-2029.docx",
    "pricing-policy-2024.md": "strategy/pricing-policy-2024.pdf",
    "market-review-2026.md": "strategy/market-review-2026.pdf",
    "people-plan.md": "strategy/people-plan.docx",
    "board-memo-2026-10.md": "strategy/board-memo-2026-10.docx",
}
WORKBOOKS = {
    "2026-q3-commercial": "okrs/2026-q3/commercial.xlsx",
    "2026-q4-commercial": "okrs/2026-q4/commercial.xlsx",
}
"""Name of a folder in ``src/``, one CSV file a sheet, and the workbook made of it."""


class Block(NamedTuple):
    """A heading (level 1 to 3), a list item (``item``) or a paragraph (both 0) of a source."""

    text: str
    level: int = 0
    item: bool = False


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a source: headings, list items and paragraphs, lines joined."""
    for part in re.split(r"\n\s*\n", text.strip()):
        heading = re.match(r"(#{1,3}) (.+)", part)
        if heading:
            yield Block(heading[2].strip(), level=len(heading[1]))
        elif part.startswith("- "):
            for item in re.split(r"\n(?=- )", part):
                yield Block(" ".join(item[2:].split()), item=True)
        else:
            yield Block(" ".join(part.split()))


def write_pdf(text: str) -> bytes:
    """A PDF of A4 pages with the title in the header and page numbers in the footer."""
    from fpdf import FPDF

    parts = list(blocks(text))
    title = parts[0].text

    class Page(FPDF):
        def header(self) -> None:
            self.set_font("helvetica", size=8)
            self.cell(0, 8, f"{COMPANY}  |  {title}", align="R", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("helvetica", size=8)
            self.cell(0, 8, f"Page {self.page_no()} of {{nb}}", align="C")

    pdf = Page(format="A4")
    pdf.set_compression(False)
    pdf.set_creation_date(MOMENT)
    pdf.set_title(title)
    pdf.set_author(COMPANY)
    pdf.set_margins(24, 18, 24)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    for part in parts:
        size = {0: 10.5, 1: 18, 2: 13, 3: 11}[part.level]
        pdf.set_font("helvetica", "B" if part.level else "", size)
        if part.level:
            pdf.ln(3)
        words = f"- {part.text}" if part.item else part.text
        pdf.multi_cell(0, size * 0.5, words, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1 if part.item else 2.5)
    return bytes(pdf.output())


def write_docx(text: str) -> bytes:
    """A Word document with heading and list styles."""
    from docx import Document

    document = Document()
    _slim(document)
    parts = list(blocks(text))
    for part in parts:
        if part.level:
            document.add_heading(part.text, level=part.level)
        else:
            document.add_paragraph(part.text, style="List Bullet" if part.item else None)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = parts[0].text, COMPANY, ""
    properties.created = properties.modified = MOMENT.replace(tzinfo=None)
    buffer = io.BytesIO()
    document.save(buffer)
    return settled(buffer.getvalue())


def _slim(document: Any) -> None:
    """Drop what the template brings along and no text uses: nine tenths of the bytes."""
    from docx.enum.style import WD_STYLE_TYPE

    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE]:
        style.delete()
    for relations in (document.part.rels, document.part.package.rels):
        for name, relation in list(relations.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                relations.pop(name)


def write_xlsx(folder: Path) -> bytes:
    """A workbook with one sheet for each CSV file of a folder; figures become numbers."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    for source in sorted(folder.glob("*.csv")):
        sheet = workbook.create_sheet(source.stem.split("-", 1)[-1].replace("-", " ").capitalize())
        with source.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                sheet.append([_value(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
    workbook.properties.creator = COMPANY
    workbook.properties.created = MOMENT.replace(tzinfo=None)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return settled(buffer.getvalue())


def _value(cell: str) -> str | float | int | None:
    if re.fullmatch(r"-?\d+", cell):
        return int(cell)
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return float(cell)
    return cell or None


def settled(archive: bytes) -> bytes:
    """The same archive without compression, with one time for every entry and inside it."""
    moment = MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ")
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                times = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
                content = re.sub(times, rb"\g<1>" + moment.encode(), content)
            entry = zipfile.ZipInfo(name, date_time=MOMENT.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, content)
    return buffer.getvalue()


def build(corpus: Path) -> list[Path]:
    """Write every binary file.

    Args:
        corpus: the folder that gets ``strategy/`` and ``okrs/``.

    Returns:
        The files, in the order of writing.
    """
    written = []
    for source, target in DOCUMENTS.items():
        text = (SOURCES / source).read_text(encoding="utf-8")
        write = write_pdf if target.endswith(".pdf") else write_docx
        written.append(_put(corpus / target, write(text)))
    for source, target in WORKBOOKS.items():
        written.append(_put(corpus / target, write_xlsx(SOURCES / source)))
    return written


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS):
        print(path)
