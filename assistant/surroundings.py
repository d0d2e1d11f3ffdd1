"""What stands around an objective: its parents, its nearest peers, the strategy it touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from assistant.models import (
    EntryKind,
    Evidence,
    Hit,
    Noun,
    Objective,
    Organisation,
    Relation,
    StrategyDocument,
)
from assistant.retrieve import search

if TYPE_CHECKING:
    from assistant.index import Index

PEERS = 4
PASSAGES = 3
SUGGESTED_PARENTS = 3
_POOL = 40
"""Hits asked for before they are reduced to distinct objectives."""

_OKRS = (EntryKind.OBJECTIVE, EntryKind.KEY_RESULT)


class Surroundings(Noun):
    """Parents (declared ones first, else suggested), peers and passages, nearest first."""

    parents: tuple[Relation, ...] = ()
    peers: tuple[Relation, ...] = ()
    passages: tuple[Evidence, ...] = ()


def look_around(
    objective: Objective, organisation: Organisation, index: Index, audiences: frozenset[str]
) -> Surroundings:
    """Find what the index knows around one objective.

    Args:
        objective: the draft; it need not be indexed itself.
        organisation: the indexed organisation.
        index: an open index of that organisation.
        audiences: whose documents may be cited.
    """
    query = objective.words("set")
    near = search(
        index,
        query,
        kinds=_OKRS,
        exclude_owners=(objective.id,),
        audiences=audiences,
        limit=_POOL,
    )
    parents = tuple(_declared_parents(objective, organisation, index))
    if not parents:
        parents = tuple(_suggested_parents(objective, organisation, near))[:SUGGESTED_PARENTS]
    taken = {relation.objective_id for relation in parents}
    peers = (
        relation
        for relation in _distinct(near, organisation)
        if relation.objective_id not in taken and _is_peer(relation, objective, organisation)
    )
    passages = search(index, query, kinds=(EntryKind.PASSAGE,), audiences=audiences, limit=PASSAGES)
    return Surroundings(
        parents=parents,
        peers=tuple(peers)[:PEERS],
        passages=tuple(_citation(hit, organisation) for hit in passages),
    )


def _declared_parents(
    objective: Objective, organisation: Organisation, index: Index
) -> Iterator[Relation]:
    for link in objective.parents:
        parent = organisation.objective(link.objective_id)
        if parent is None:
            continue
        (child,), (above,) = index.embedder.embed([objective.text]), index.vectors([parent.id])
        similarity = round(float(child @ above), 4)
        yield _relation(parent, organisation, similarity, declared=True)


def _suggested_parents(
    objective: Objective, organisation: Organisation, near: Iterable[Hit]
) -> Iterator[Relation]:
    above = set(ancestors(objective.team_id, organisation))
    for relation in _distinct(near, organisation):
        found = organisation.objective(relation.objective_id)
        if found is None or found.team_id == objective.team_id:
            continue
        if not above or found.team_id in above:
            yield relation


def ancestors(team_id: str | None, organisation: Organisation) -> Iterator[str]:
    """The ids of the teams above this one, nearest first; a loop in the tree ends it."""
    seen = {team_id}
    team = organisation.team(team_id)
    while team and team.parent_id and team.parent_id not in seen:
        yield team.parent_id
        seen.add(team.parent_id)
        team = organisation.team(team.parent_id)


def _is_peer(relation: Relation, objective: Objective, organisation: Organisation) -> bool:
    other = organisation.objective(relation.objective_id)
    if other is None or other.team_id == objective.team_id:
        return False
    return objective.cycle_id is None or other.cycle_id == objective.cycle_id


def _distinct(hits: Iterable[Hit], organisation: Organisation) -> Iterator[Relation]:
    best: dict[str, Hit] = {}
    for hit in hits:
        known = best.get(hit.owner_id)
        if known is None or hit.similarity > known.similarity:
            best[hit.owner_id] = hit
    for hit in sorted(best.values(), key=lambda item: -item.similarity):
        found = organisation.objective(hit.owner_id)
        if found is not None:
            yield _relation(found, organisation, hit.similarity, declared=False)


def _relation(
    objective: Objective, organisation: Organisation, similarity: float, *, declared: bool
) -> Relation:
    team = organisation.team(objective.team_id)
    cycle = organisation.cycle(objective.cycle_id)
    return Relation(
        objective_id=objective.id,
        text=objective.text,
        team=team.name if team else "",
        cycle=cycle.name if cycle else None,
        similarity=similarity,
        declared=declared,
        location=objective.location,
    )


def _successor(document: StrategyDocument | None, organisation: Organisation) -> str | None:
    if document is None:
        return None
    newer = next((item for item in organisation.documents if item.supersedes == document.id), None)
    if newer is None:
        return None
    return f"{newer.title}, version {newer.version}" if newer.version else newer.title


def _citation(hit: Hit, organisation: Organisation) -> Evidence:
    document = organisation.document(hit.owner_id)
    return Evidence(
        kind="strategy",
        id=hit.id,
        title=hit.title,
        quote=hit.text,
        location=hit.location,
        published=document.published if document else None,
        version=document.version if document else None,
        superseded_by=_successor(document, organisation),
        similarity=hit.similarity,
    )
