"""What the model is shown beside the draft, within a budget, most useful first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import Literal

from assistant.llm.tokens import tokens
from assistant.models import (
    Cycle,
    Evidence,
    Location,
    Noun,
    Objective,
    ObjectiveReview,
    Organisation,
    Relation,
    shortened,
)

BUDGET = 800
"""Tokens that parents, peers and passages may take together, unless the settings say otherwise."""


_LEVELS = 4
"""How far the chain of parents is followed upwards."""

_OPENED_PEERS = 2
"""Of how many peers the key results are shown."""

_LONGEST = 700
_LONGEST_NOTES = 400
_DIRECTIVE = re.compile(r"\bokr\s*:\s*ignore", re.IGNORECASE)
_PER_LINE = 12
_NAMES = {
    "parent": ("parent", "parents"),
    "peer": ("peer", "peers"),
    "strategy": ("strategy passage", "strategy passages"),
    "part": ("key result of a parent or peer", "key results of parents or peers"),
}

SourceKind = Literal["parent", "peer", "strategy"]


class Source(Noun):
    """One text that may be cited.

    Attributes:
        ref: the short id that the model sees, such as ``parent:1``, or ``parent:1.kr:2`` for a
            key result of it.
        id: the id of the objective, key result or passage itself.
        title: whose it is, or which document.
        label: what the model is told about it.
        text: what is shown; a long one ends at a word with an ellipsis.
        declared: a parent that the author names, not one that we suggest and not one further up.
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
    superseded_by: str | None = None
    similarity: float | None = None

    @property
    def is_key_result(self) -> bool:
        """Whether it belongs to an objective that is a source itself."""
        return "." in self.ref

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
            superseded_by=self.superseded_by,
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


def pack(
    review: ObjectiveReview, organisation: Organisation | None = None, *, budget: int = BUDGET
) -> ContextPack:
    """Gather what the model should see of the surroundings of a draft.

    Declared parents come first, with their key results and the chain above them, then passages
    and peers in turn, then the key results of the nearest peers and suggested parents. What is too
    long for the room that is left is passed over, and something shorter may still fit.

    Args:
        review: the draft with its parents, peers and passages, each nearest first, already
            reduced to what the reader may see.
        organisation: where names, key results and the chain of parents are looked up.
        budget: tokens for all sources together.
    """
    around = organisation or Organisation()
    ranked = list(_distinct(_ranked(review, around), review.objective.id))
    kept, shown, room = [], set(), budget
    for source in ranked:
        cost = tokens(source.label + source.text) + _PER_LINE
        owner = source.ref.rpartition(".")[0]
        if cost <= room and (not owner or owner in shown):
            kept.append(source)
            shown.add(source.ref)
            room -= cost
    places = {source.ref: number for number, source in enumerate(kept)}
    kept.sort(key=lambda item: places[item.ref.partition(".")[0]])
    return ContextPack(
        sources=tuple(kept),
        facts=tuple(_facts(review.objective, around)),
        left_out=_told(source for source in ranked if source.ref not in shown),
    )


def _distinct(sources: Iterable[Source], draft_id: str) -> Iterator[Source]:
    """Each objective and passage once, and the draft itself never."""
    seen = {draft_id}
    for source in sources:
        if source.id not in seen:
            seen.add(source.id)
            yield source


def _ranked(review: ObjectiveReview, organisation: Organisation) -> Iterator[Source]:
    declared = [item for item in review.parents if item.declared]
    suggested = [item for item in review.parents if not item.declared]
    parents = [_relation(item, "parent", n) for n, item in enumerate([*declared, *suggested], 1)]
    peers = [_relation(item, "peer", n) for n, item in enumerate(review.peers, 1)]
    passages = [_passage(item, n) for n, item in enumerate(review.passages, 1)]
    served = {link.key_result_id for link in review.objective.parents}
    for parent in parents[: len(declared)]:
        yield parent
        yield from _key_results(parent, organisation, first=served)
    yield from _chain(parents[: len(declared)], organisation, len(parents))
    yield from (item for pair in zip_longest(passages, peers) for item in pair if item)
    for peer in peers[:_OPENED_PEERS]:
        yield from _key_results(peer, organisation)
    yield from parents[len(declared) :]


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


def _key_results(
    of: Source, organisation: Organisation, first: Iterable[str | None] = ()
) -> Iterator[Source]:
    """The key results of an objective, those that the draft names as what it serves first."""
    objective = organisation.objective(of.id)
    if objective is None:
        return
    wanted = set(first)
    numbered = list(enumerate(objective.key_results, start=1))
    for position, item in sorted(numbered, key=lambda pair: pair[1].id not in wanted):
        if item.status == "dropped":
            continue
        yield Source(
            ref=f"{of.ref}.kr:{position}",
            kind=of.kind,
            id=item.id,
            title=of.title,
            label="the key result it names" if item.id in wanted else "key result",
            text=_clipped(item.text),
            location=item.location,
        )


def _chain(below: list[Source], organisation: Organisation, taken: int) -> Iterator[Source]:
    """What stands above the declared parents, nearest first."""
    number = taken
    for start in below:
        lower, current = start.ref, organisation.objective(start.id)
        for _ in range(_LEVELS):
            current = _parent(current, organisation)
            if current is None:
                break
            number += 1
            team = organisation.team(current.team_id)
            cycle = organisation.cycle(current.cycle_id)
            about = (f"the level above {lower}", team and team.name, cycle and cycle.name)
            lower = f"parent:{number}"
            yield Source(
                ref=lower,
                kind="parent",
                id=current.id,
                title=team.name if team else "",
                label=", ".join(part for part in about if part),
                text=_clipped(current.text),
                location=current.location,
            )


def _parent(objective: Objective | None, organisation: Organisation) -> Objective | None:
    if objective is None:
        return None
    ids = (link.objective_id for link in objective.parents if link.objective_id)
    return next((found for id in ids if (found := organisation.objective(id))), None)


def _passage(passage: Evidence, position: int) -> Source:
    version = f"version {passage.version}" if passage.version else ""
    published = passage.published.isoformat() if passage.published else ""
    replaced = f"replaced by {passage.superseded_by}" if passage.superseded_by else ""
    about = (passage.title, version, published, replaced)
    return Source(
        ref=f"strategy:{position}",
        kind="strategy",
        id=passage.id,
        title=passage.title,
        label=", ".join(part for part in about if part),
        text=_clipped(passage.quote),
        location=passage.location,
        published=passage.published,
        version=passage.version,
        superseded_by=passage.superseded_by,
        similarity=passage.similarity,
    )


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST].rsplit(' ', 1)[0]} …"


def _facts(objective: Objective, organisation: Organisation) -> Iterator[tuple[str, str]]:
    team = organisation.team(objective.team_id)
    cycle = organisation.cycle(objective.cycle_id)
    facts = (
        ("team", team.name if team else None),
        ("cycle", _period(cycle) if cycle else None),
        ("type", objective.kind),
        ("phase", objective.phase),
        ("horizon", objective.horizon),
        ("drivers", ", ".join(objective.drivers)),
        ("says it serves", "; ".join(link.stated for link in objective.parents)),
        ("states as its contribution", objective.contribution),
        ("also says", _notes(objective)),
    )
    for name, value in facts:
        if value:
            yield name, value


def _notes(objective: Objective) -> str:
    """What stands beside the objective and its key results, without what is said to this tool."""
    all_notes = (objective.notes, *(item.notes for item in objective.key_results))
    notes = (note for own in all_notes for note in own if not _DIRECTIVE.search(note))
    return shortened("; ".join(notes), _LONGEST_NOTES)


def _period(cycle: Cycle) -> str:
    if cycle.start and cycle.end:
        return f"{cycle.name} ({cycle.start.isoformat()} to {cycle.end.isoformat()})"
    return cycle.name


def _told(sources: Iterable[Source]) -> str:
    counts = Counter("part" if item.is_key_result else item.kind for item in sources)
    named = ((counts[kind], names) for kind, names in _NAMES.items() if counts[kind])
    return ", ".join(f"{number} {names[number > 1]}" for number, names in named)
