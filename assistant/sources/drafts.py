"""Reads one draft as OKRs, whatever format it is in and whatever it says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from assistant.errors import InputError
from assistant.models import Location, Problem
from assistant.sources import files
from assistant.sources.dispatch import (
    DATA,
    DOCUMENTS,
    FORMATS,
    MARKDOWN,
    guarded,
    guesses,
    not_a_format,
    read_data,
    read_okrs,
    read_workbook,
)
from assistant.sources.documents.document import binary, holds_no_text, not_read
from assistant.sources.documents.passages import Block
from assistant.sources.encoding import NotText, decode
from assistant.sources.files import Empty, Unread
from assistant.sources.records import ObjectiveRecord, Record


def read_draft_file(path: Path, *, max_mb: float) -> Iterator[Record]:
    """Read a draft as OKRs, whatever folder it lies in and whatever it says about itself.

    Args:
        path: a file in any format that is read, or without a suffix, which is taken as Markdown.
        max_mb: the largest file that is read, in megabytes.

    Raises:
        InputError: the file is missing, a folder, empty, too large, unreadable, binary or in a
            format that is not read.
    """
    name = files.shown(path)
    if path.is_dir():
        raise InputError(f"{name!r} is a folder. Name one file with the draft.")
    if not path.exists():
        raise InputError(f"There is no file {name!r}.")
    suffix = path.suffix.lower() or MARKDOWN[0]
    if suffix not in FORMATS:
        raise InputError(not_a_format(name))
    try:
        data = files.content(path, max_mb, name)
    except Empty:
        raise InputError(_nothing_in(name)) from None
    except Unread as error:
        raise InputError(str(error)) from None
    if suffix == ".xlsx" or suffix in DOCUMENTS:
        return guarded(_read_office_draft(data, name, suffix), name)
    try:
        decoded = decode(data)
    except NotText:
        raise InputError(holds_no_text(name)) from None
    return _draft(decoded.text, name, guesses(decoded, name))


def read_draft_text(text: str, file: str = "draft.md") -> Iterator[Record]:
    """Read a draft given as text.

    Args:
        text: Markdown, plain text, or what the suffix of ``file`` says.
        file: what locations call it.

    Raises:
        InputError: the text is empty or binary.
    """
    if "\x00" in text:
        raise InputError(holds_no_text(file))
    return _draft(text.removeprefix("\ufeff").replace("\r\n", "\n"), file, ())


def _draft(text: str, file: str, notes: Iterable[Problem]) -> Iterator[Record]:
    if not text.strip():
        raise InputError(_nothing_in(file))
    return guarded(_read_draft(text, file, notes), file)


def _read_draft(text: str, file: str, notes: Iterable[Problem]) -> Iterator[Record]:
    yield from notes
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in DATA:
        yield from read_data(text, file, suffix)
        return
    records = tuple(read_okrs(text, file, suffix))
    if not _has_objective(records):
        other = tuple(read_okrs(text, file, ".txt" if suffix != ".txt" else ".md"))
        records = other if _has_objective(other) else records
    yield from records


def _has_objective(records: Iterable[Record]) -> bool:
    return any(isinstance(record, ObjectiveRecord) for record in records)


def _nothing_in(name: str) -> str:
    return f"{name!r} is empty: there is nothing to review."


def _read_office_draft(data: bytes, file: str, suffix: str) -> Iterator[Record]:
    """Rows of a workbook; of a document its words, as if they had been typed as plain text."""
    if suffix == ".xlsx":
        yield from read_workbook(data, file)
        return
    try:
        found = tuple(_blocks(data, file, suffix))
    except NotText:
        yield binary(file)
        return
    except ValueError as error:
        yield not_read(file, str(error))
        return
    yield from (item for item in found if isinstance(item, Problem))
    blocks = [item for item in found if isinstance(item, Block)]
    if not blocks:
        yield not_read(file, "there is no text in it")
        return
    text, places = _as_text(blocks, file)
    for record in read_okrs(text, file, ".txt"):
        yield _relocated(record, places)


def _as_text(blocks: Iterable[Block], file: str) -> tuple[str, list[Location]]:
    """One line a block, an empty one before each heading, and where each line comes from."""
    lines: list[str] = []
    places: list[Location] = []
    for block in blocks:
        place = Location(file=file, line=block.line, page=block.page)
        if block.kind == "heading":
            lines.append("")
            places.append(place)
        bullet = "  " * (block.level - 1) + "- " if block.kind == "item" else ""
        lines.append(bullet + " ".join(block.text.split()))
        places.append(place)
    return "\n".join(lines), places


def _blocks(data: bytes, file: str, suffix: str) -> Iterator[Block | Problem]:
    if suffix == ".docx":
        from assistant.sources.documents import docx

        return docx.blocks(docx.open_docx(data))
    if suffix == ".pdf":
        from assistant.sources.documents import pdf

        return pdf.blocks_and_damage(pdf.open_pdf(data), file)
    from assistant.sources.documents import html

    return html.blocks(html.open_html(data))


def _relocated(record: Record, places: list[Location]) -> Record:
    """The record with its place in the document instead of the line of the plain text."""

    def place(location: Location | None) -> Location | None:
        if location is None or location.line is None or location.line > len(places):
            return location
        return places[location.line - 1]

    update: dict[str, object] = {"location": place(record.location)}
    if isinstance(record, ObjectiveRecord):
        update["key_results"] = tuple(
            item.model_copy(update={"location": place(item.location)})
            for item in record.key_results
        )
    return record.model_copy(update=update)
