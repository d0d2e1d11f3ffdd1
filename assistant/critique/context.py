"""What the model is shown beside the draft, within a budget, most useful first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import Literal

from assistant.models import (
    Cycle,
    Evidence,
    Location,
    Noun,
    Objective,
    ObjectiveReview,
    Relation,
    Team,
)

BUDGET = 900
"""Tokens that parents, peers and passages may take together."""

CHARACTERS_PER_TOKEN = 4
"""A cautious rule of thumb for English; nothing here depends on a tokenizer."""

_LONGEST = 700
_PER_LINE = 12
_PLURALS = {"parent": "parents", "peer": "peers", "strategy": "strategy passages"}

SourceKind = Literal["parent", "peer", "strategy"]


class Source(Noun):
    """One text that may be cited.

    Attributes:
        ref: the short id that the model sees, such as ``parent:1``.
        id: the id of the objective or passage itself.
        title: whose it is, or which document.
        label: what the model is told about it.
        text: what is shown; a long one ends at a word with an ellipsis.
        declared: a parent that the author names, not one that we suggest.
    """

    ref: str
    kind: SourceKind
    id: str
    title: str
    label: str
    text: str
    declared: bool = False
    location: Location | None = None
    published: date | None = None
    version: str | None = None
    similarity: float | None = None

    def evidence(self, quote: str) -> Evidence:
        """The source as evidence of a finding. ``quote`` is verbatim."""
        return Evidence(
            kind=self.kind,
            id=self.id,
            title=self.title,
            quote=quote,
            location=self.location,
            published=self.published,
            version=self.version,
            similarity=self.similarity,
        )


class ContextPack(Noun):
    """What stands around a draft.

    Attributes:
        sources: in the order in which they are shown.
        facts: what is known about the draft, as name and value.
        left_out: what did not fit, such as ``2 peers``; empty if all did.
    """

    sources: tuple[Source, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    left_out: str = ""

    @property
    def parents(self) -> tuple[Source, ...]:
        """The objectives that the draft serves or may serve."""
        return self._of("parent")

    @property
    def peers(self) -> tuple[Source, ...]:
        """The nearest objectives of other teams."""
        return self._of("peer")

    @property
    def passages(self) -> tuple[Source, ...]:
        """The stretches of strategy documents."""
        return self._of("strategy")

    @property
    def texts(self) -> dict[str, str]:
        """The text of each source by the id under which the model sees it."""
        return {source.ref: source.text for source in self.sources}

    def _of(self, kind: SourceKind) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.kind == kind)


def tokens(text: str) -> int:
    """About how many tokens the text takes."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def pack(
    review: ObjectiveReview,
    *,
    team: Team | None = None,
    cycle: Cycle | None = None,
    budget: int = BUDGET,
) -> ContextPack:
    """Gather what the model should see of the surroundings of a draft.

    Declared parents come first, then passages and peers in turn, then suggested parents. What is
    too long for the room that is left is passed over, and something shorter may still fit.

    Args:
        review: the draft with its parents, peers and passages, each nearest first, already
            reduced to what the reader may see.
        team: the team of the draft.
        cycle: the period of the draft.
        budget: tokens for all sources together.
    """
    ranked = list(_ranked(review))
    kept, room = [], budget
    for source in ranked:
        cost = tokens(source.label + source.text) + _PER_LINE
        if cost <= room:
            kept.append(source)
            room -= cost
    shown = {source.ref for source in kept}
    return ContextPack(
        sources=tuple(kept),
        facts=tuple(_facts(review.objective, team, cycle)),
        left_out=_told(source.kind for source in ranked if source.ref not in shown),
    )


def _ranked(review: ObjectiveReview) -> Iterator[Source]:
    seen = {review.objective.id}
    declared = [item for item in review.parents if item.declared]
    suggested = [item for item in review.parents if not item.declared]
    parents = [_relation(item, "parent", n) for n, item in enumerate([*declared, *suggested], 1)]
    peers = [_relation(item, "peer", n) for n, item in enumerate(review.peers, 1)]
    passages = [_passage(item, n) for n, item in enumerate(review.passages, 1)]
    in_turn = (item for pair in zip_longest(passages, peers) for item in pair if item)
    for source in (*parents[: len(declared)], *in_turn, *parents[len(declared) :]):
        if source.id not in seen:
            seen.add(source.id)
            yield source


def _relation(relation: Relation, kind: SourceKind, position: int) -> Source:
    role = "the parent it names" if relation.declared else "a possible parent"
    about = (role if kind == "parent" else "", relation.team, relation.cycle)
    return Source(
        ref=f"{kind}:{position}",
        kind=kind,
        id=relation.objective_id,
        title=relation.team,
        label=", ".join(part for part in about if part),
        text=_clipped(relation.text),
        declared=relation.declared,
        location=relation.location,
        similarity=relation.similarity,
    )


def _passage(passage: Evidence, position: int) -> Source:
    version = f"version {passage.version}" if passage.version else ""
    published = passage.published.isoformat() if passage.published else ""
    return Source(
        ref=f"strategy:{position}",
        kind="strategy",
        id=passage.id,
        title=passage.title,
        label=", ".join(part for part in (passage.title, version, published) if part),
        text=_clipped(passage.quote),
        location=passage.location,
        published=passage.published,
        version=passage.version,
        similarity=passage.similarity,
    )


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST].rsplit(' ', 1)[0]} …"


def _facts(
    objective: Objective, team: Team | None, cycle: Cycle | None
) -> Iterator[tuple[str, str]]:
    facts = (
        ("team", team.name if team else None),
        ("cycle", _period(cycle) if cycle else None),
        ("type", objective.kind),
        ("phase", objective.phase),
        ("horizon", objective.horizon),
        ("drivers", ", ".join(objective.drivers)),
        ("says it serves", "; ".join(link.stated for link in objective.parents)),
        ("states as its contribution", objective.contribution),
    )
    for name, value in facts:
        if value:
            yield name, value


def _period(cycle: Cycle) -> str:
    if cycle.start and cycle.end:
        return f"{cycle.name} ({cycle.start.isoformat()} to {cycle.end.isoformat()})"
    return cycle.name


def _told(kinds: Iterable[SourceKind]) -> str:
    listed = list(kinds)
    parts = []
    for kind, plural in _PLURALS.items():
        number = listed.count(kind)  # type: ignore[arg-type]
        if number:
            parts.append(f"{number} {plural if number > 1 else plural.removesuffix('s')}")
    return ", ".join(parts)
