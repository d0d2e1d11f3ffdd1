"""Reads a file or a folder: decides what each file is and hands it to the reader of its format.

OKRs are read from Markdown, plain text, YAML, JSON, CSV and Excel; strategy documents from Word,
PDF and HTML, and from Markdown and plain text that says so (see ``docs/documents.md``). Whatever
goes wrong with a file costs that file, and a ``Problem`` says why.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from assistant.errors import InputError
from assistant.models import EVERYONE, Location, Problem, Severity, StrategyDocument
from assistant.sources import files
from assistant.sources.documents import lineage
from assistant.sources.documents.document import binary, holds_no_text, not_read
from assistant.sources.documents.metadata import (
    MANIFESTS,
    FrontMatter,
    Manifest,
    Metadata,
    Refused,
    front_matter,
    read_manifest,
    refused_manifest,
)
from assistant.sources.documents.passages import Block
from assistant.sources.encoding import Decoded, NotText, decode
from assistant.sources.files import Empty, Found, Unread
from assistant.sources.records import ObjectiveRecord, Record

log = logging.getLogger(__name__)

MARKDOWN = (".md", ".markdown")
PROSE = (*MARKDOWN, ".txt")
DATA = (".yaml", ".yml", ".json", ".csv", ".xlsx")
DOCUMENTS = (".docx", ".pdf", ".html", ".htm")
FORMATS = (*PROSE, *DATA, *DOCUMENTS)
STRATEGY_FOLDERS = frozenset({"strategy", "documents"})
"""Folders whose Markdown and text files are strategy documents."""

LONGEST_ERROR = 200


def read_path(path: Path, *, max_mb: float) -> Iterator[Record]:
    """Read one file; a folder is read as by :func:`read_folder`.

    Args:
        path: the file.
        max_mb: the largest file that is read, in megabytes.

    Yields:
        Its records, with locations that name the file as ``path`` does.

    Raises:
        InputError: there is no such file or folder.
    """
    if path.is_dir():
        return read_folder(path, max_mb=max_mb)
    if not path.exists():
        raise InputError(f"There is no file or folder {files.shown(path)!r}.")
    return _read_all([files.single(path)], path.parent, max_mb, None)


def read_folder(
    root: Path, *, max_mb: float, on_file: Callable[[Path], None] | None = None
) -> Iterator[Record]:
    """Read every file below a folder, in the order of their names; documents come last.

    Args:
        root: the folder.
        max_mb: the largest file that is read, in megabytes; larger ones are problems.
        on_file: called with each file before it is read.

    Yields:
        The records of all files, with locations relative to ``root``.

    Raises:
        InputError: there is no such folder.
    """
    if not root.is_dir():
        raise InputError(
            f"There is no folder {files.shown(root)!r}. Name one that holds OKRs and documents."
        )
    found = (item for item in files.find(root) if not _is_root_readme(item))
    return _read_all(found, root, max_mb, on_file)


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
        raise InputError(f"{name!r} is not read; formats are {_listed(FORMATS)}.")
    try:
        data = files.content(path, max_mb, name)
    except Empty:
        raise InputError(_nothing_in(name)) from None
    except Unread as error:
        raise InputError(str(error)) from None
    if suffix == ".xlsx" or suffix in DOCUMENTS:
        return _guarded(_read_office_draft(data, name, suffix), name)
    try:
        decoded = decode(data)
    except NotText:
        raise InputError(holds_no_text(name)) from None
    return _draft(decoded.text, name, _guesses(decoded, name))


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
    return _guarded(_read_draft(text, file, notes), file)


def _read_draft(text: str, file: str, notes: Iterable[Problem]) -> Iterator[Record]:
    yield from notes
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in DATA:
        yield from _read_data(text, file, suffix)
        return
    records = tuple(_read_okrs(text, file, suffix))
    if not _has_objective(records):
        other = tuple(_read_okrs(text, file, ".txt" if suffix != ".txt" else ".md"))
        records = other if _has_objective(other) else records
    yield from records


def _nothing_in(name: str) -> str:
    return f"{name!r} is empty: there is nothing to review."


def _read_office_draft(data: bytes, file: str, suffix: str) -> Iterator[Record]:
    """Rows of a workbook; of a document its words, as if they had been typed as plain text."""
    if suffix == ".xlsx":
        yield from _read_workbook(data, file)
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
    for record in _read_okrs(text, file, ".txt"):
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


def _read_all(
    found: Iterable[Found | Problem],
    root: Path,
    max_mb: float,
    on_file: Callable[[Path], None] | None,
) -> Iterator[Record]:
    manifests = _Manifests(root, max_mb)
    documents: list[StrategyDocument] = []
    for item in found:
        if isinstance(item, Problem):
            yield item
            continue
        if on_file:
            on_file(item.path)
        for record in _guarded(_read_found(item, manifests, max_mb), item.name):
            if isinstance(record, StrategyDocument):
                documents.append(record)
            else:
                yield record
    yield from lineage.resolve(documents)


def _guarded(records: Iterator[Record], name: str) -> Iterator[Record]:
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


def _read_found(found: Found, manifests: _Manifests, max_mb: float) -> Iterator[Record]:
    manifest = manifests.of(found)
    if found.path.name.casefold() in MANIFESTS:
        yield from manifest.problems
        yield from manifests.refusal(found)
        return
    if found.suffix not in FORMATS:
        message = f"{_base(found)!r} is not read; formats are {_listed(FORMATS)}."
        yield _problem(found, message, "info")
        return
    try:
        data = files.content(found.path, max_mb)
    except Unread as error:
        yield _problem(found, str(error), error.severity)
        return
    if found.suffix in DOCUMENTS:
        yield from _read_document(found, data, manifests)
    elif found.suffix in PROSE:
        yield from _read_prose(found, data, manifests)
    else:
        yield from _read_data_file(found, data, manifest)


def _read_document(found: Found, data: bytes, manifests: _Manifests) -> Iterator[Record]:
    manifest = manifests.of(found)
    if manifest.refusal:
        yield from manifests.refusal(found)
        yield _untrusted(found, manifest)
        return
    yield from _reader(found.suffix)(data, found.name, manifest.entry(_base(found)))


def _reader(
    suffix: str,
) -> Callable[[bytes, str, Metadata], Iterator[StrategyDocument | Problem]]:
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


def _read_prose(found: Found, data: bytes, manifests: _Manifests) -> Iterator[Record]:
    """Markdown or plain text: a strategy document or OKRs."""
    manifest = manifests.of(found)
    try:
        decoded = decode(data)
        front = front_matter(decoded.text)
    except NotText:
        yield binary(found.name)
        return
    except Refused as error:
        yield not_read(found.name, str(error), error.line)
        return
    if not decoded.text.strip():
        yield _problem(found, f"{_base(found)!r} is empty.", "warning")
        return
    yield from _guesses(decoded, found.name)
    if _is_document(found, front, manifest):
        yield from _read_document(found, data, manifests)
        return
    if "audience" in front.fields or _limits(manifest):
        yield _cannot_limit(found)
        return
    records = _read_okrs(decoded.text, found.name, found.suffix)
    yield from _with_warning(records, found)


def _is_document(found: Found, front: FrontMatter, manifest: Manifest) -> bool:
    """Whether prose is a strategy document. Doubt about who may see it speaks for yes."""
    if manifest.lists(_base(found)):
        return True
    kind = (front.fields["kind"].text or "").strip().casefold() if "kind" in front.fields else ""
    if kind in ("okr", "okrs", "strategy"):
        return kind == "strategy"
    doubtful = manifest.refusal or _limits(manifest) or manifest.doubts(_base(found))
    if doubtful or STRATEGY_FOLDERS & set(found.folders):
        return True
    return any(name in front.fields for name in ("published", "supersedes", "audience"))


def _read_data_file(found: Found, data: bytes, manifest: Manifest) -> Iterator[Record]:
    if manifest.lists(_base(found)) or _limits(manifest):
        yield _cannot_limit(found)
        return
    if found.suffix == ".xlsx":
        yield from _read_workbook(data, found.name)
        return
    try:
        decoded = decode(data)
    except NotText:
        yield binary(found.name)
        return
    if not decoded.text.strip():
        yield _problem(found, f"{_base(found)!r} is empty.", "warning")
        return
    yield from _guesses(decoded, found.name)
    yield from _read_data(decoded.text, found.name, found.suffix)


def _read_data(text: str, file: str, suffix: str) -> Iterator[Record]:
    if suffix == ".csv":
        from assistant.sources.tabular import read_csv

        return read_csv(text, file)
    from assistant.sources.structured import read_json, read_yaml

    return read_json(text, file) if suffix == ".json" else read_yaml(text, file)


def _read_workbook(data: bytes, file: str) -> Iterator[Record]:
    from assistant.sources.tabular import read_xlsx

    return read_xlsx(data, file)


def _read_okrs(text: str, file: str, suffix: str) -> Iterator[Record]:
    if suffix == ".txt":
        from assistant.sources.plain import read_okrs as read_plain

        return read_plain(text, file)
    from assistant.sources.markdown import read_okrs

    return read_okrs(text, file)


def _with_warning(records: Iterator[Record], found: Found) -> Iterator[Record]:
    """Say so where nothing at all was found: the file may be meant as a document."""
    said = False
    for record in records:
        said = said or not isinstance(record, Problem) or record.severity != "info"
        yield record
    if said:
        return
    mark = (
        "a heading such as '## Objective: ...'" if found.suffix in MARKDOWN else "'Objective: ...'"
    )
    message = (
        f"No objective is found in {_base(found)!r}. Mark objectives with {mark}, or, if it is a "
        "strategy document, put 'kind: strategy' into front matter or list it in documents.yaml."
    )
    yield _problem(found, message, "warning")


def _has_objective(records: Iterable[Record]) -> bool:
    return any(isinstance(record, ObjectiveRecord) for record in records)


class _Manifests:
    """The manifest of each folder, read when first asked for."""

    def __init__(self, root: Path, max_mb: float) -> None:
        self._root = root
        self._max_mb = max_mb
        self._read: dict[Path, Manifest] = {}
        self._told: set[Path] = set()

    def of(self, found: Found) -> Manifest:
        """The manifest that stands beside a file; one that says nothing where there is none."""
        folder = found.path.parent
        if folder not in self._read:
            self._read[folder] = self._open(folder, PurePosixPath(found.name).parent)
        return self._read[folder]

    def refusal(self, found: Found) -> Iterator[Problem]:
        """Why the manifest beside a file cannot be used, the first time that this is asked."""
        refusal, folder = self.of(found).refusal, found.path.parent
        if refusal and folder not in self._told:
            self._told.add(folder)
            yield refusal

    def _open(self, folder: Path, shown: PurePosixPath) -> Manifest:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            return refused_manifest(str(shown / MANIFESTS[0]), files.reason(error))
        there = [path for path in paths if path.name.casefold() in MANIFESTS]
        if not there:
            return Manifest()
        file = str(shown / there[0].name)
        names = frozenset(unicodedata.normalize("NFC", path.name) for path in paths)
        try:
            return read_manifest(self._text(there), file, names)
        except (Refused, Unread) as error:
            return refused_manifest(file, str(error).rstrip("."))

    def _text(self, there: list[Path]) -> str:
        first, *others = there
        if others:
            raise Refused(f"{others[0].name!r} stands beside it")
        if first.is_symlink() and not first.resolve().is_relative_to(self._root.resolve()):
            raise Refused("it is a link that leaves the folder")
        try:
            return decode(files.content(first, self._max_mb)).text
        except NotText:
            raise Refused("it holds binary data") from None


def _limits(manifest: Manifest) -> bool:
    return manifest.audience not in (None, EVERYONE)


def _untrusted(found: Found, manifest: Manifest) -> Problem:
    name = PurePosixPath(manifest.file or MANIFESTS[0]).name
    return not_read(found.name, f"{name} beside it, which decides who may see it, cannot be used")


def _cannot_limit(found: Found) -> Problem:
    return not_read(
        found.name,
        "it is declared like a document with an audience, but it would be read as OKRs, which "
        "everyone may see; take it out of documents.yaml, or move it to another folder",
    )


def _guesses(decoded: Decoded, file: str) -> tuple[Problem, ...]:
    if not decoded.guessed:
        return ()
    message = (
        f"{PurePosixPath(file).name!r} is not UTF-8 and was read as {decoded.encoding}. If letters "
        "look wrong, save it as UTF-8."
    )
    return (Problem(message=message, location=Location(file=file), severity="info"),)


def _problem(found: Found, message: str, severity: Severity) -> Problem:
    return Problem(message=message, location=Location(file=found.name), severity=severity)


def _base(found: Found) -> str:
    return PurePosixPath(found.name).name


def _listed(suffixes: Iterable[str]) -> str:
    *most, last = suffixes
    return f"{', '.join(most)} and {last}"


def _is_root_readme(item: Found | Problem) -> bool:
    return isinstance(item, Found) and item.name.casefold() == "readme.md"
