"""Brings a folder into the index: read every file, resolve names, embed what is new.

When neither a file nor the readers changed since the last run, nothing is read at all: what that
run found, problems included, is remembered beside the index and said again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant import memory
from assistant.errors import IndexUnavailable, InputError
from assistant.models import Noun, Organisation, Problem

if TYPE_CHECKING:
    from assistant.settings import Settings

Progress = Callable[[int, int], None]
"""Takes how many entries are done and how many there are."""

OnFile = Callable[[Path], None]
"""Takes the file that is read next."""

MEMORY = "last-run.json"
_READERS = ("sources", "language", "models.py")


class Ingestion(Noun):
    """What a run found and changed.

    Attributes:
        teams: how many teams were read; likewise ``objectives``, ``key_results``, ``documents``.
        problems: what could not be read, or not as it stands.
        added: index entries that were not there before; likewise ``updated``, ``deleted``,
            ``unchanged``.
    """

    teams: int
    objectives: int
    key_results: int
    documents: int
    problems: tuple[Problem, ...] = ()
    added: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0


class LastRun(Noun):
    """What is remembered of the last run.

    Attributes:
        digest: changes when a file does, or how it would be read.
        finished_at: when the index last changed, in UTC.
        folder: what was read; None where a version that did not note it ran.
    """

    digest: str
    finished_at: datetime
    outcome: Ingestion
    folder: Path | None = None


def last_run(home: Path) -> LastRun | None:
    """What is remembered of the last run that went to its end; None where nothing is."""
    try:
        return LastRun.model_validate_json((home / MEMORY).read_bytes())
    except (OSError, ValidationError):
        return None


def is_current(run: LastRun, folder: Path, settings: Settings) -> bool:
    """Whether another run over a folder would find what the last one found."""
    return run.digest == _digest(folder, settings)


def ingest(
    folder: Path,
    settings: Settings,
    *,
    on_file: OnFile | None = None,
    progress: Progress | None = None,
    rebuild: bool = False,
) -> Ingestion:
    """Bring the index in step with a folder.

    Args:
        folder: holds OKRs and strategy documents.
        settings: name the index and the embedding model.
        on_file: told before each file is read.
        progress: told after each batch of entries.
        rebuild: throw the index away first.

    Raises:
        InputError: the folder does not exist, or holds nothing that can be indexed; what was
            indexed before is then forgotten, so that nothing refused is ever cited again.
        IndexUnavailable: the index is locked, damaged or cannot be written.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder '{folder}'. Name one that holds OKRs and documents.")
    digest = _digest(folder, settings)
    known = None if rebuild else _same_again(settings, digest)
    if known is not None:
        return known
    organisation, problems = _read(folder, settings, on_file)
    from assistant.index import Index

    nothing = not organisation.objectives and not organisation.documents
    if nothing and not settings.home.exists():
        raise InputError(_nothing_in(folder, problems, "There is no index yet."))
    with Index.open(settings, writable=True, rebuild=rebuild) as index:
        report = index.sync(organisation, progress)
        finished_at = index.summary().finished_at
    if nothing:
        raise InputError(_nothing_in(folder, problems, "The index is empty now."))
    outcome = Ingestion(
        teams=len(organisation.teams),
        objectives=len(organisation.objectives),
        key_results=sum(len(item.key_results) for item in organisation.objectives),
        documents=len(organisation.documents),
        problems=problems,
        added=report.added,
        updated=report.updated,
        deleted=report.deleted,
        unchanged=report.unchanged,
    )
    if finished_at is not None:
        made = LastRun(
            digest=digest, finished_at=finished_at, outcome=outcome, folder=folder.resolve()
        )
        _remember(settings, made)
    return outcome


def _read(
    folder: Path, settings: Settings, on_file: OnFile | None
) -> tuple[Organisation, tuple[Problem, ...]]:
    from assistant.analyse.addressed import addressed
    from assistant.sources.assemble import assemble, known_measures
    from assistant.sources.read import read_folder
    from assistant.sources.records import ObjectiveRecord

    records = [*read_folder(folder, max_mb=settings.max_input_mb, on_file=on_file)]
    # A folder with nothing to index must not leave a home behind.
    is_kept = settings.home.exists() or any(isinstance(item, ObjectiveRecord) for item in records)
    with memory.opened(settings.home if is_kept else None) as known:
        organisation, problems = assemble(records, measure=known_measures(known))
    problems = (*problems, *addressed(organisation))
    return organisation.model_copy(update={"name": _name(organisation, folder)}), problems


def _nothing_in(folder: Path, problems: tuple[Problem, ...], consequence: str) -> str:
    found = "".join(f"\n{problem}" for problem in problems)
    return (
        f"Nothing in '{folder}' could be indexed: no objective and no document was found. "
        f"{consequence}{found}"
    )


def _name(organisation: Organisation, folder: Path) -> str:
    tops = [team for team in organisation.teams if team.parent_id is None]
    return tops[0].name if len(tops) == 1 else folder.resolve().name


def _digest(folder: Path, settings: Settings) -> str:
    """Changes when a file does, or how it would be read."""
    digest = blake2b(f"{folder.resolve()}\0{settings.max_input_mb}".encode(), digest_size=16)
    for path, name in (*_files(folder), *_reader_files()):
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
        try:
            digest.update(blake2b(path.read_bytes()).digest())
        except OSError as error:
            digest.update(str(error.errno).encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    from assistant.sources.files import Found, find

    for item in find(folder):
        if isinstance(item, Found):
            yield item.path, item.name


def _reader_files() -> Iterator[tuple[Path, str]]:
    here = Path(__file__).parent
    for part in _READERS:
        found = [here / part] if part.endswith(".py") else sorted((here / part).rglob("*"))
        for path in found:
            if path.is_file() and path.suffix != ".pyc":
                yield path, path.relative_to(here).as_posix()


def _same_again(settings: Settings, digest: str) -> Ingestion | None:
    """What the last run found, if it saw the same input and the index is still its own."""
    from assistant.index import Index

    known = last_run(settings.home)
    if known is None or known.digest != digest:
        return None
    try:
        with Index.open(settings, writable=False) as index:
            summary = index.summary()
    except IndexUnavailable:
        return None
    if summary.finished_at != known.finished_at:
        return None
    entries = sum(summary.entries.values())
    changes = {"added": 0, "updated": 0, "deleted": 0, "unchanged": entries}
    return known.outcome.model_copy(update=changes)


def _remember(settings: Settings, memory: LastRun) -> None:
    path = settings.home / MEMORY
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(memory.model_dump_json(), encoding="utf-8")
    unfinished.replace(path)
