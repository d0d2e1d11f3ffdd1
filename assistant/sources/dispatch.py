"""Which format a suffix means, and the reader that it goes to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from assistant.models import Location, Problem, StrategyDocument
from assistant.sources.documents.metadata import Metadata
from assistant.sources.encoding import Decoded
from assistant.sources.records import Record

log = logging.getLogger(__name__)

MARKDOWN = (".md", ".markdown")
PROSE = (*MARKDOWN, ".txt")
DATA = (".yaml", ".yml", ".json", ".csv", ".xlsx")
DOCUMENTS = (".docx", ".pdf", ".html", ".htm")
FORMATS = (*PROSE, *DATA, *DOCUMENTS)

LONGEST_ERROR = 200
"""Characters of an unforeseen error that a message repeats."""

DocumentReader = Callable[[bytes, str, Metadata], Iterator[StrategyDocument | Problem]]


def read_okrs(text: str, file: str, suffix: str) -> Iterator[Record]:
    """Read OKRs written as plain text (``.txt``) or as Markdown (any other suffix)."""
    if suffix == ".txt":
        from assistant.sources.plain import read_okrs as read_plain

        return read_plain(text, file)
    from assistant.sources.markdown import read_okrs as read_markdown

    return read_markdown(text, file)


def read_data(text: str, file: str, suffix: str) -> Iterator[Record]:
    """Read the OKRs of a ``.csv``, ``.json``, ``.yaml`` or ``.yml`` file."""
    if suffix == ".csv":
        from assistant.sources.tabular import read_csv

        return read_csv(text, file)
    from assistant.sources.structured import read_json, read_yaml

    return read_json(text, file) if suffix == ".json" else read_yaml(text, file)


def read_workbook(data: bytes, file: str) -> Iterator[Record]:
    """Read the OKRs of an Excel workbook."""
    from assistant.sources.tabular import read_xlsx

    return read_xlsx(data, file)


def document_reader(suffix: str) -> DocumentReader:
    """The reader of strategy documents with this suffix."""
    if suffix == ".docx":
        from assistant.sources.documents.docx import read_docx

        return read_docx
    if suffix == ".pdf":
        from assistant.sources.documents.pdf import read_pdf

        return read_pdf
    if suffix == ".txt":
        from assistant.sources.documents.text_doc import read_text

        return read_text
    if suffix in MARKDOWN:
        from assistant.sources.documents.markdown_doc import read_markdown

        return read_markdown
    from assistant.sources.documents.html import read_html

    return read_html


def guarded(records: Iterator[Record], name: str) -> Iterator[Record]:
    """Turn whatever a reader raises into a problem of its file: the other files are read."""
    try:
        yield from records
    except Exception as error:  # a reader met what nobody foresaw: it costs its file alone
        log.debug("reading %s", name, exc_info=True)
        said = f"{type(error).__name__}: {error}".strip(": ")[:LONGEST_ERROR]
        message = (
            f"{PurePosixPath(name).name!r} could not be read to its end ({said}). Save or export "
            "it again; if that does not help, please report it with the file."
        )
        yield Problem(message=message, location=Location(file=name))


def guesses(decoded: Decoded, file: str) -> tuple[Problem, ...]:
    """A note where the encoding had to be guessed."""
    if not decoded.guessed:
        return ()
    message = (
        f"{PurePosixPath(file).name!r} is not UTF-8 and was read as {decoded.encoding}. If letters "
        "look wrong, save it as UTF-8."
    )
    return (Problem(message=message, location=Location(file=file), severity="info"),)


def not_a_format(name: str) -> str:
    """The sentence about a file in a format that is not read."""
    *most, last = FORMATS
    return f"{name!r} is not read; formats are {', '.join(most)} and {last}."
