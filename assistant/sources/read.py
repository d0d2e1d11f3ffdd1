"""Reads a file or a folder: decides what each file is and hands it to the reader of its format.

OKRs are read from Markdown, plain text, YAML, JSON, CSV and Excel; strategy documents from Word,
PDF and HTML, and from Markdown and plain text that says so (see ``docs/documents.md``). Whatever
goes wrong with a file costs that file, and a ``Problem`` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from assistant.errors import InputError
from assistant.models import EVERYONE, Location, Problem, Severity, StrategyDocument
from assistant.sources import files
from assistant.sources.dispatch import (
    DOCUMENTS,
    FORMATS,
    MARKDOWN,
    PROSE,
    document_reader,
    guarded,
    guesses,
    not_a_format,
    read_data,
    read_okrs,
    read_workbook,
)
from assistant.sources.documents import lineage
from assistant.sources.documents.document import binary, not_read
from assistant.sources.documents.metadata import (
    MANIFESTS,
    FrontMatter,
    Manifest,
    Refused,
    front_matter,
)
from assistant.sources.drafts import read_draft_file, read_draft_text
from assistant.sources.encoding import NotText, decode
from assistant.sources.files import Found, Unread
from assistant.sources.manifests import Manifests
from assistant.sources.records import Record

__all__ = ["FORMATS", "read_draft_file", "read_draft_text", "read_folder", "read_path"]

STRATEGY_FOLDERS = frozenset({"strategy", "documents"})
"""Folders whose Markdown and text files are strategy documents."""


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


def _read_all(
    found: Iterable[Found | Problem],
    root: Path,
    max_mb: float,
    on_file: Callable[[Path], None] | None,
) -> Iterator[Record]:
    manifests = Manifests(root, max_mb)
    documents: list[StrategyDocument] = []
    for item in found:
        if isinstance(item, Problem):
            yield item
            continue
        if on_file:
            on_file(item.path)
        for record in guarded(_read_found(item, manifests, max_mb), item.name):
            if isinstance(record, StrategyDocument):
                documents.append(record)
            else:
                yield record
    yield from lineage.resolve(documents)


def _read_found(found: Found, manifests: Manifests, max_mb: float) -> Iterator[Record]:
    manifest = manifests.of(found)
    if found.path.name.casefold() in MANIFESTS:
        yield from manifest.problems
        yield from manifests.refusal(found)
        return
    if found.suffix not in FORMATS:
        yield _problem(found, not_a_format(_base(found)), "info")
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


def _read_document(found: Found, data: bytes, manifests: Manifests) -> Iterator[Record]:
    manifest = manifests.of(found)
    if manifest.refusal:
        yield from manifests.refusal(found)
        yield _untrusted(found, manifest)
        return
    yield from document_reader(found.suffix)(data, found.name, manifest.entry(_base(found)))


def _read_prose(found: Found, data: bytes, manifests: Manifests) -> Iterator[Record]:
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
    yield from guesses(decoded, found.name)
    if _is_document(found, front, manifest):
        yield from _read_document(found, data, manifests)
        return
    if "audience" in front.fields or _limits(manifest):
        yield _cannot_limit(found)
        return
    records = read_okrs(decoded.text, found.name, found.suffix)
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
        yield from read_workbook(data, found.name)
        return
    try:
        decoded = decode(data)
    except NotText:
        yield binary(found.name)
        return
    if not decoded.text.strip():
        yield _problem(found, f"{_base(found)!r} is empty.", "warning")
        return
    yield from guesses(decoded, found.name)
    yield from read_data(decoded.text, found.name, found.suffix)


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


def _problem(found: Found, message: str, severity: Severity) -> Problem:
    return Problem(message=message, location=Location(file=found.name), severity=severity)


def _base(found: Found) -> str:
    return PurePosixPath(found.name).name


def _is_root_readme(item: Found | Problem) -> bool:
    return isinstance(item, Found) and item.name.casefold() == "readme.md"
