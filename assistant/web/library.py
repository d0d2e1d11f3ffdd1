"""What is indexed, as the strategy tab shows it: only what the reader may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from assistant.analyse.choices import replaced_documents
from assistant.analyse.edits import edits
from assistant.analyse.snapshots import audience_names, take_snapshot
from assistant.errors import InputError
from assistant.history import LAST, HistoryUnavailable, opened, scope_of
from assistant.ingest import MEMORY, LastRun, is_current, last_run
from assistant.models import (
    SEVERITIES,
    Cycle,
    Objective,
    Organisation,
    Problem,
    Severity,
    StrategyDocument,
    Team,
)
from assistant.sources.files import Found, find
from assistant.web.view import Source, day_words, source

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.services import Services

KINDS = {
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".txt": "Text",
    ".docx": "Word",
    ".pdf": "PDF",
    ".html": "Web page",
    ".htm": "Web page",
}
"""What a document is, by the ending of its file."""


@dataclass(frozen=True)
class DocumentRow:
    """One version of a document; ``replaced_by`` where a newer one counts instead."""

    document: StrategyDocument
    kind: str
    published: str
    replaced_by: str = ""


@dataclass(frozen=True)
class TeamRow:
    """A team with its own objectives; ``depth`` counts from 0 at the top."""

    team: Team
    depth: int
    objectives: Sequence[tuple[Objective, str]]


@dataclass(frozen=True)
class CycleRow:
    """A planning period with how many objectives it holds."""

    cycle: Cycle
    dates: str
    objectives: int


@dataclass(frozen=True)
class FileProblems:
    """What could not be read of one file, or not as it stands; each with its place in the file."""

    file: str
    remarks: Sequence[tuple[Severity, str, str]]

    @property
    def worst(self) -> Severity:
        """How grave the gravest is."""
        return max((item[0] for item in self.remarks), key=SEVERITIES.index)


@dataclass(frozen=True)
class Library:
    """What is indexed, and what has happened since.

    Attributes:
        indexed: when the index last changed.
        problems: by file, in the order of the names.
        untold: remarks on files that are for others, or may be.
        waiting: files that are new, changed or gone since; the next run will see them.
        waiting_untold: how many more there are that must not be named.
        scanned: when the last scan was taken; empty where none is kept.
        since_scan: what was edited since then, a sentence each.
    """

    organisation: Organisation
    indexed: str
    documents: Sequence[DocumentRow]
    teams: Sequence[TeamRow]
    cycles: Sequence[CycleRow]
    problems: Sequence[FileProblems] = ()
    untold: int = 0
    waiting: Sequence[tuple[str, str]] = ()
    waiting_untold: int = 0
    scanned: str = ""
    since_scan: Sequence[str] = ()
    homeless: Sequence[Objective] = ()

    @property
    def remarks(self) -> int:
        """How many problems are shown."""
        return sum(len(item.remarks) for item in self.problems)


def library(services: Services) -> Library:
    """Look at the index.

    Raises:
        IndexUnavailable: there is none, or it cannot be read; the message says what to do.
    """
    index, settings = services.index(), services.settings
    known = services.organisation()
    summary, run = index.summary(), last_run(settings.home)
    hidden = index.hidden_documents(settings.audiences)
    names = _Names(known, restricted=bool(hidden))
    told, untold = [], 0
    if run and run.finished_at == summary.finished_at:
        told = [item for item in run.outcome.problems if names.may_tell(_file(item))]
        untold = len(run.outcome.problems) - len(told)
    waiting = _waiting(run, known, settings) if run else []
    shown = [item for item in waiting if names.may_tell(item[0])]
    scanned, since = _since_scan(known, settings, hidden)
    return Library(
        organisation=known,
        indexed=_moment(summary.finished_at),
        documents=_documents(known.documents),
        teams=_teams(known),
        cycles=[_cycle(item, known) for item in reversed(known.cycles)],
        homeless=[item for item in known.objectives if known.team(item.team_id) is None],
        problems=_by_file(told),
        untold=untold,
        waiting=shown,
        waiting_untold=len(waiting) - len(shown),
        scanned=scanned,
        since_scan=since,
    )


def folder_of(settings: Settings) -> Path:
    """The folder that is indexed: that of the last run, or else the one that the settings name."""
    run = last_run(settings.home)
    return run.folder if run and run.folder else settings.corpus


def opened_source(organisation: Organisation, key: str) -> Source | None:
    """A document or an objective as it stands, without anything highlighted.

    Args:
        organisation: what the reader may see.
        key: its id.
    """
    document = organisation.document(key)
    if document is None:
        return source(organisation, key)
    if not document.passages:
        return None
    found = source(organisation, document.passages[0].id)
    if found is None:
        return None
    return replace(
        found,
        facts=document_facts(document),
        blocks=tuple(replace(block, here=False) for block in found.blocks),
    )


def document_facts(document: StrategyDocument) -> str:
    """Version, day, audience and file of a document."""
    facts = (
        f"version {document.version}" if document.version else "",
        day_words(document.published),
        f"for {document.audience}",
        document.location.file,
    )
    return " · ".join(fact for fact in facts if fact)


class _Names:
    """Which files may be named to a reader.

    Nobody knows for whom a file is that could not be read. Where anything is kept from the reader,
    only files are named that hold something for them.
    """

    def __init__(self, known: Organisation, *, restricted: bool) -> None:
        self._restricted = restricted
        self._open = files_of(known)

    def may_tell(self, file: str) -> bool:
        return not self._restricted or file in self._open


def files_of(known: Organisation) -> frozenset[str]:
    """The files that something was read from."""
    places = (
        *(item.location for item in known.documents),
        *(item.location for item in known.objectives),
        *(item.location for item in known.teams),
    )
    return frozenset(place.file for place in places if place)


def _file(problem: Problem) -> str:
    return problem.location.file if problem.location else ""


def _documents(documents: Sequence[StrategyDocument]) -> list[DocumentRow]:
    replaced, by_id = replaced_documents(documents), {item.id: item for item in documents}

    def row(item: StrategyDocument) -> DocumentRow:
        newer = by_id.get(replaced.get(item.id, ""))
        return DocumentRow(
            document=item,
            kind=KINDS.get(PurePosixPath(item.location.file).suffix.lower(), "Document"),
            published=day_words(item.published),
            replaced_by=" ".join((newer.title, newer.version or "")).strip() if newer else "",
        )

    latest_first = sorted(documents, key=lambda item: item.published or date.min, reverse=True)
    return [row(item) for item in latest_first]


def _teams(known: Organisation) -> list[TeamRow]:
    depth: dict[str, int] = {}
    cycles = {item.id: item.name for item in known.cycles}
    own: defaultdict[str | None, list[tuple[Objective, str]]] = defaultdict(list)
    for objective in known.objectives:
        own[objective.team_id].append((objective, cycles.get(objective.cycle_id or "", "")))
    for team in known.teams:
        depth[team.id] = depth.get(team.parent_id or "", -1) + 1
    return [TeamRow(team, depth[team.id], own[team.id]) for team in known.teams]


def _cycle(cycle: Cycle, known: Organisation) -> CycleRow:
    number = Counter(item.cycle_id for item in known.objectives)[cycle.id]
    dates = " to ".join(filter(None, (day_words(cycle.start), day_words(cycle.end))))
    return CycleRow(cycle, dates, number)


def _by_file(problems: Iterable[Problem]) -> list[FileProblems]:
    found: defaultdict[str, list[tuple[Severity, str, str]]] = defaultdict(list)
    for item in problems:
        file = _file(item)
        place = str(item.location or "").removeprefix(file).lstrip(":, ")
        where = f"line {place}" if place.isdigit() else place
        found[file].append((item.severity, where, item.message))
    rows = [FileProblems(file, remarks) for file, remarks in sorted(found.items())]
    return sorted(rows, key=lambda item: -SEVERITIES.index(item.worst))


def _waiting(run: LastRun, known: Organisation, settings: Settings) -> list[tuple[str, str]]:
    """The files that the next run will see otherwise, each with what became of it."""
    folder = run.folder
    if folder is None or not folder.is_dir():
        return []
    there = {item.name: item.path for item in find(folder) if isinstance(item, Found)}
    before = files_of(known) | {_file(item) for item in run.outcome.problems}
    ended = _changed_at(settings.home / MEMORY) or 0.0
    found = [
        *((name, "new or changed") for name, path in there.items() if _younger(path, ended)),
        *((name, "gone") for name in sorted(before - {*there, ""})),
    ]
    return found if found and not is_current(run, folder, settings) else []


def _younger(path: Path, than: float) -> bool:
    changed_at = _changed_at(path)
    return changed_at is None or changed_at > than


def _changed_at(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _since_scan(
    known: Organisation, settings: Settings, hidden: AbstractSet[str]
) -> tuple[str, Sequence[str]]:
    """When the last scan was taken and what was edited since; nothing where it rests on a document
    that has been closed to the reader meanwhile.
    """
    if not settings.history:
        return "", ()
    scope = scope_of(None, audience_names(settings.audiences))
    try:
        with opened(settings.home) as history:
            before = history.scan_since(LAST, scope)
    except (InputError, HistoryUnavailable):
        return "", ()
    if any(item.id in hidden for item in before.documents):
        return "", ()
    now = take_snapshot(known, taken_at=datetime.now(UTC), findings=())
    return _moment(before.taken_at), edits(before, now)


def _moment(at: datetime | None) -> str:
    return f"{day_words(at.date())}, {at:%H:%M} UTC" if at else ""
