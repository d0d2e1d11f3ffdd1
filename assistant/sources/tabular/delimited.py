"""Reads delimited text into a grid. A broken record costs only its line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from assistant.models import Problem
from assistant.sources import cells
from assistant.sources.tabular.grid import MOST_COLUMNS, MOST_ROWS, Grid, Row, locate

DELIMITERS = (",", ";", "\t", "|")

LONGEST_RECORD = 100
"""Lines that the quoted cells of one record may span."""

MOST_BROKEN = 1000
"""Lines with a fault after which the rest of a file is given up."""

_SAMPLE = 60
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS = 0.01


def what_is_not_text(text: str) -> str | None:
    """What a file is that cannot be a table in text form, as the end of a sentence, or None."""
    if text.startswith("PK\x03\x04"):
        return "an Excel workbook or another zip archive; give it the ending .xlsx if it is one"
    if "\x00" in text:
        return "binary, not text; save the table as CSV or as .xlsx"
    if len(_CONTROLS.findall(text[:10_000])) > _MOST_CONTROLS * min(len(text), 10_000):
        return "binary, not text; save the table as CSV or as .xlsx"
    return None


def read_grid(text: str, file: str, delimiter: str | None = None) -> Grid:
    """Cut a text into rows.

    Args:
        text: the file, decoded, without control over how it came about.
        file: its name, for locations.
        delimiter: the character between cells; sniffed where it is None.

    Returns:
        The rows that are not empty, each with the line on which it begins, and the problems
        of those that could not be read.
    """
    lines = list(io.StringIO(text, newline=""))
    first = 0
    if lines and (told := re.fullmatch(r'"?sep=(.)"?\s*', lines[0])):
        delimiter, first = delimiter or told[1], 1
    delimiter = delimiter or sniff(lines[first : first + _SAMPLE])
    rows: list[Row] = []
    problems: list[Problem] = []
    for item in _records(lines, first, delimiter, file):
        if isinstance(item, Problem):
            problems.append(item)
            if len(problems) >= MOST_BROKEN:
                problems.append(_too_broken(item))
                break
        elif len(rows) >= MOST_ROWS:
            problems.append(_too_many(file, item.number))
            break
        elif not item.is_empty:
            rows.append(item)
    return Grid(file, tuple(rows), problems=tuple(problems))


def _too_many(file: str, line: int) -> Problem:
    message = f"The table has more than {MOST_ROWS:,} rows; what follows was not read."
    return Problem(message=message, location=locate(file, None, line))


def _too_broken(last: Problem) -> Problem:
    message = f"{MOST_BROKEN:,} lines cannot be read; what follows was not read."
    return Problem(message=message, location=last.location)


def sniff(lines: list[str]) -> str:
    """The delimiter that cuts the first lines into the most even rows of several cells."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    records = (item for item in _records(lines, 0, delimiter, "") if isinstance(item, Row))
    widths = [len(row.values) for row in records if not row.is_empty]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0, 0
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    return count / len(widths), width


def _records(lines: list[str], at: int, delimiter: str, file: str) -> Iterator[Row | Problem]:
    while at < len(lines):
        row, used = _record(lines, at, delimiter)
        if row is None:
            message = (
                "A quote is opened in this line and not closed where a cell can end, or a cell "
                "is endless; the line was left out."
            )
            yield Problem(message=message, location=locate(file, None, at + 1))
        else:
            values = tuple(cells.plain(value) for value in row[:MOST_COLUMNS])
            yield Row(at + 1, values)
        at += used


def _record(lines: list[str], at: int, delimiter: str) -> tuple[list[str] | None, int]:
    """One record and the number of lines it takes; None for a line that cannot be read.

    Strictness finds the quote that swallows the rows behind it. A line that only strictness
    refuses, such as ``"a"b,c``, is read as spreadsheets read it.
    """
    window = range(at, min(at + LONGEST_RECORD, len(lines)))
    reader = csv.reader(map(lines.__getitem__, window), delimiter=delimiter, strict=True)
    try:
        return next(reader), max(reader.line_num, 1)
    except csv.Error:
        return _lenient(lines[at], delimiter), 1
    except StopIteration:
        return [], 1


def _lenient(line: str, delimiter: str) -> list[str] | None:
    try:
        next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "expected after" not in str(error):
            return None
    return next(csv.reader([line], delimiter=delimiter), [])
