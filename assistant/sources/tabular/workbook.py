"""Reads the sheets of an Excel workbook into grids, guarded against what a zip file can hold."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.models import Location, Problem
from assistant.sources import cells
from assistant.sources.tabular.formats import show
from assistant.sources.tabular.grid import MOST_COLUMNS, MOST_ROWS, Grid, Row, locate

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell

LARGEST_BYTES = 150_000_000
"""Bytes that the sheets and texts of a workbook may have once they are unpacked."""

MOST_CELLS = 5_000_000
"""Cells that are looked at in one sheet, empty ones included."""

MOST_MERGED_ROWS = 300_000
"""Rows of merged cells that are filled in one sheet."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the streamed rows do not tell: merged ranges and formulas without a stored value."""

    merged: dict[int, list[tuple[int, int]]]
    """By row: the columns that continue a merged cell, each with the row where it begins."""
    unsaved: tuple[str, ...]


def read_grids(data: bytes, file: str) -> Iterator[Grid | Problem]:
    """Read every sheet, hidden ones and hidden rows included.

    Args:
        data: the content of an ``.xlsx`` or ``.xlsm`` file.
        file: its name, for locations.

    Yields:
        A grid for every sheet with cells in it, and problems with what cannot be opened.
    """
    unusable = _why_unusable(data)
    if unusable:
        yield Problem(message=unusable, location=Location(file=file))
        return
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        except Exception as error:  # damaged parts raise whatever they run into
            yield _damaged(file, error)
            return
        for sheet in book.worksheets:
            yield _grid(sheet, file)
        book.close()


def _why_unusable(data: bytes) -> str | None:
    if data.startswith(_OLD_EXCEL):
        return (
            "The file is an old .xls workbook, or one with a password; "
            "save it as .xlsx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _why_refused(archive)
    except Exception:  # a damaged archive raises whatever it runs into
        return "The file is not an Excel workbook, or it is damaged; save the table as .xlsx."


def _why_refused(archive: zipfile.ZipFile) -> str | None:
    names = archive.namelist()
    if not any(name.startswith("xl/") and name.endswith(".xml") for name in names):
        return "The file is a zip archive, but no .xlsx workbook; save the table as .xlsx."
    left = LARGEST_BYTES
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        with archive.open(name) as part:
            start = part.read(_CHUNK)
            if _declares_entities(start):
                return f"The part {name!r} of the workbook declares entities; it was not opened."
            left -= len(start)
            while left >= 0 and (chunk := part.read(_CHUNK)):
                left -= len(chunk)
        if left < 0:
            return (
                f"The workbook unpacks to more than {LARGEST_BYTES // 1_000_000} MB; "
                "it was not opened. Split it, or save the OKRs alone."
            )
    return None


def _declares_entities(start: bytes) -> bool:
    """Whether the part brings a document type, which no workbook does and entity bombs need."""
    letters = start.replace(b"\x00", b"")
    return b"<!DOCTYPE" in letters or b"<!ENTITY" in letters


def _damaged(file: str, error: Exception, sheet: str | None = None) -> Problem:
    what = f"The sheet {sheet!r}" if sheet else "The workbook"
    return Problem(
        message=f"{what} is damaged and cannot be read to its end ({cells.shown(str(error))}).",
        location=Location(file=file, sheet=sheet),
    )


def _grid(sheet: Any, file: str) -> Grid:
    rows: list[Row] = []
    problems: list[Problem] = []
    title = str(sheet.title)
    try:
        marks = _marks(sheet)
        for unsaved in marks.unsaved:
            problems.append(
                Problem(
                    message="The cell holds a formula without a stored value and was read as "
                    "empty; open the workbook in a spreadsheet program and save it.",
                    location=Location(file=file, sheet=title, cell=unsaved),
                    severity="warning",
                )
            )
        for item in _rows(sheet, file, title, marks):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                rows.append(item)
    except Exception as error:  # damaged parts raise whatever they run into
        problems.append(_damaged(file, error, title))
    return Grid(file, tuple(rows), sheet=title, problems=tuple(problems))


def _rows(sheet: Any, file: str, title: str, marks: _Marks) -> Iterator[Row | Problem]:
    sheet.reset_dimensions()  # what the file says of its size can be wrong or hostile
    looked_at, last = 0, 0
    above: dict[tuple[int, int], str] = {}
    """What stands at the top of each merged cell, by column and row."""
    for number, cells_of_row in enumerate(sheet.iter_rows(), 1):
        looked_at += len(cells_of_row) + 1
        if number > MOST_ROWS or looked_at > MOST_CELLS:
            if any(cell.value is not None for cell in cells_of_row):
                message = f"The sheet goes on below row {last:,}; what follows was not read."
                yield Problem(message=message, location=locate(file, title, number))
                return
            if looked_at > 2 * MOST_CELLS:
                return
            continue
        last = number
        texts: list[str] = []
        for column, cell in enumerate(cells_of_row[:MOST_COLUMNS]):
            if cell.data_type == "e":
                yield _failed(cell, locate(file, title, number, column))
                texts.append("")
            else:
                texts.append(cells.plain(show(cell.value, cell.number_format or "General")))
        row = Row(number, _filled(number, texts, marks, above))
        if not row.is_empty:
            yield row


def _failed(cell: SheetCell, location: Location) -> Problem:
    message = f"The formula in this cell failed ({cell.value}); the cell was read as empty."
    return Problem(message=message, location=location, severity="warning")


def _filled(
    number: int, texts: list[str], marks: _Marks, above: dict[tuple[int, int], str]
) -> tuple[str, ...]:
    """The row with each vertically merged cell saying what its first row says."""
    for column, top in marks.merged.get(number, ()):
        texts.extend([""] * (column + 1 - len(texts)))
        if top == number:
            above[column, top] = texts[column]
        else:
            texts[column] = above.get((column, top), "")
    return tuple(texts)


def _marks(sheet: Any) -> _Marks:
    """Stream the sheet once more for what openpyxl leaves out when it streams."""
    from lxml import etree

    ranges: list[str] = []
    unsaved: list[str] = []
    with sheet._get_source() as source:
        parts = etree.iterparse(
            source, tag=("{*}mergeCell", "{*}row"), resolve_entities=False, no_network=True
        )
        for _, element in parts:
            if element.tag.endswith("}mergeCell"):
                ranges.append(element.get("ref") or "")
                continue
            unsaved.extend(_unsaved(element))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return _Marks(_merged(ranges), tuple(unsaved))


def _merged(ranges: list[str]) -> dict[int, list[tuple[int, int]]]:
    from openpyxl.utils import range_boundaries

    merged: dict[int, list[tuple[int, int]]] = {}
    left = MOST_MERGED_ROWS
    for written in ranges:
        column, top, _, bottom = range_boundaries(written)
        if column is None or top is None or bottom is None or column > MOST_COLUMNS:
            continue
        left -= bottom - top
        if left < 0:
            break
        for row in range(top, bottom + 1) if bottom > top else ():
            merged.setdefault(row, []).append((column - 1, top))
    return merged


def _unsaved(row: Any) -> Iterator[str]:
    """The cells of formulas that no program has calculated yet."""
    for cell in row.iterfind("{*}c"):
        value = cell.find("{*}v")
        is_hollow = value is None or (not value.text and cell.get("t") != "str")
        if is_hollow and cell.find("{*}f") is not None:
            yield cell.get("r") or ""
