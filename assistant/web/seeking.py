"""Search as the strategy tab shows it: hits with their sources, and who serves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.analyse.choices import read_strategy, replaced_documents
from assistant.analyse.snapshots import audience_names
from assistant.errors import InputError
from assistant.history import LAST, HistoryUnavailable, opened, scope_of
from assistant.models import EntryKind, Hit, Objective, Organisation
from assistant.retrieve import search
from assistant.web.view import day_words

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.services import Services

LONGEST_QUERY = 1000
"""Characters of a query."""

MOST = 15
"""Hits that are shown."""

KINDS: Mapping[str, tuple[EntryKind, ...]] = {
    "Everything": tuple(EntryKind),
    "Strategy documents": (EntryKind.PASSAGE,),
    "Objectives and key results": (EntryKind.OBJECTIVE, EntryKind.KEY_RESULT),
}
"""What can be looked for, as the page calls it."""

_NAMES = {
    EntryKind.PASSAGE: "Strategy",
    EntryKind.OBJECTIVE: "Objective",
    EntryKind.KEY_RESULT: "Key result",
}


@dataclass(frozen=True)
class Server:
    """An objective that serves what was found."""

    id: str
    text: str
    team: str


@dataclass(frozen=True)
class Result:
    """A hit with its source.

    Attributes:
        heading: what stands above a passage, or the objective of a key result.
        facts: version, day and place; or team, cycle and place.
        superseded: title of the document that replaced this one.
        served_by: who serves it.
        served: what is known about that, in a few words, where the list alone does not say it.
    """

    id: str
    kind: str
    title: str
    text: str
    heading: str
    facts: str
    superseded: str = ""
    served_by: Sequence[Server] = ()
    served: str = ""


def seek(query: str, kind: str, services: Services) -> list[Result]:
    """Search what the reader may see.

    Args:
        query: any words.
        kind: one of :data:`KINDS`; anything else means everything.
        services: hold the index.

    Raises:
        InputError: the query is empty or too long.
        IndexUnavailable: there is no index, or it cannot be searched.
        ModelUnavailable: the query cannot be embedded.
    """
    if not query.strip():
        raise InputError("Write what you look for: a question, a few words, or a draft objective.")
    if len(query) > LONGEST_QUERY:
        raise InputError(
            f"The query has {len(query):,} characters; {LONGEST_QUERY:,} are searched at once."
        )
    settings = services.settings
    hits = search(
        services.index(),
        query,
        kinds=KINDS.get(kind, tuple(EntryKind)),
        audiences=settings.audiences,
        limit=MOST,
    )
    known = services.organisation()
    passages = [item.owner_id for item in hits if item.kind is EntryKind.PASSAGE]
    served = _served_passages(known, settings) if passages else None
    return [_result(hit, known, served) for hit in hits]


def _result(hit: Hit, known: Organisation, served: Mapping[str, Sequence[str]] | None) -> Result:
    if hit.kind is EntryKind.PASSAGE:
        return _passage(hit, known, served)
    owner = known.objective(hit.owner_id)
    team = known.team(owner.team_id) if owner else None
    cycle = known.cycle(owner.cycle_id) if owner else None
    below = _children(hit, known)
    facts = (cycle.name if cycle else "", str(hit.location or ""))
    return Result(
        id=hit.id,
        kind=_NAMES[hit.kind],
        title=team.name if team else "No team",
        text=hit.text,
        heading=owner.text if owner and hit.kind is EntryKind.KEY_RESULT else "",
        facts=" · ".join(fact for fact in facts if fact),
        served_by=[_server(item, known) for item in below],
        served="" if below else "No objective names it as its parent.",
    )


def _passage(hit: Hit, known: Organisation, served: Mapping[str, Sequence[str]] | None) -> Result:
    document = known.document(hit.owner_id)
    passages = document.passages if document else ()
    heading = next((item.heading for item in passages if item.id == hit.id), "")
    newer = known.document(replaced_documents(known.documents).get(hit.owner_id))
    facts = (
        f"version {document.version}" if document and document.version else "",
        day_words(document.published) if document else "",
        str(hit.location or ""),
    )
    objectives = map(known.objective, (served or {}).get(hit.id, ()))
    return Result(
        id=hit.id,
        kind=_NAMES[hit.kind],
        title=hit.title,
        text=hit.text,
        heading=heading,
        facts=" · ".join(fact for fact in facts if fact),
        superseded=" ".join((newer.title, newer.version or "")).strip() if newer else "",
        served_by=[_server(item, known) for item in objectives if item],
        served=_how_served(hit.id, served),
    )


def _how_served(passage: str, served: Mapping[str, Sequence[str]] | None) -> str:
    if served is None:
        return "Who serves it is known once the organisation was scanned."
    if passage not in served:
        return "It states no choice that a team could serve."
    return "" if served[passage] else "Nobody served it at the last scan."


def _served_passages(known: Organisation, settings: Settings) -> dict[str, list[str]] | None:
    """The ids of the objectives that serve each passage with a choice, as of the last scan."""
    if not settings.history:
        return None
    scope = scope_of(None, audience_names(settings.audiences))
    try:
        with opened(settings.home) as history:
            scan = history.scan_since(LAST, scope)
    except (InputError, HistoryUnavailable):
        return None
    passages = read_strategy(known).passages
    found: dict[str, list[str]] = {}
    for item in scan.coverage:
        if item.choice_id in passages:
            found.setdefault(passages[item.choice_id], []).extend(item.served_by)
    return {key: list(dict.fromkeys(ids)) for key, ids in found.items()}


def _children(hit: Hit, known: Organisation) -> list[Objective]:
    return [item for item in known.objectives if hit.id in _above(item)]


def _above(objective: Objective) -> Iterator[str]:
    links: Iterable[tuple[str | None, str | None]] = (
        (link.objective_id, link.key_result_id) for link in objective.parents
    )
    return (key for pair in links for key in pair if key)


def _server(objective: Objective, known: Organisation) -> Server:
    team = known.team(objective.team_id)
    return Server(objective.id, objective.text, team.name if team else "")
