"""What the review tab shows of one objective, and of what was cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assistant.analyse.legible import language_of
from assistant.models import (
    Evidence,
    Finding,
    Objective,
    ObjectiveReview,
    Organisation,
    Relation,
    Review,
    Severity,
)
from assistant.report.html import marked_parts
from assistant.report.words import gravest_first


@dataclass(frozen=True)
class Piece:
    """A stretch of an element's text, how grave it is, and the findings that end with it."""

    text: str
    severity: Severity | None
    ends: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Peer:
    """An objective of another team, and what it is to this one where that can be told."""

    relation: Relation
    label: str = ""
    sign: str = ""
    tone: str = "plain"
    words: str = ""


@dataclass(frozen=True)
class Sheet:
    """One objective of the draft with all that was found about it."""

    number: int
    review: ObjectiveReview
    where: str
    many: bool
    peers: Sequence[Peer]

    @property
    def objective(self) -> Objective:
        """The objective as it was read."""
        return self.review.objective

    @property
    def parents(self) -> Sequence[Relation]:
        """What it serves, or might serve."""
        return self.review.parents

    @property
    def declared(self) -> bool:
        """Whether the author said what it serves."""
        return any(relation.declared for relation in self.parents)

    @property
    def passages(self) -> Sequence[Evidence]:
        """The strategy that it touches."""
        return self.review.passages

    @property
    def around(self) -> bool:
        """Whether anything stands beside it."""
        return bool(self.parents or self.peers or self.passages)

    @cached_property
    def foreign(self) -> bool:
        """Whether it is in a language that the rules do not read."""
        return language_of(self.objective) is not None

    @property
    def any(self) -> bool:
        """Whether anything was found."""
        return bool(self.review.findings)

    def findings(self, on: str) -> list[Finding]:
        """What is shown at an element, gravest first."""
        return [item for item in self._on(on) if item.severity != "info"]

    def notes(self, on: str) -> list[Finding]:
        """What is folded away at an element."""
        return [item for item in self._on(on) if item.severity == "info"]

    def key(self, finding: Finding) -> str:
        """Names the place of a finding, so that it stays open when its words change."""
        same = [item for item in self._on(finding.on) if item.rule == finding.rule]
        return f"{self.number}/{finding.on}/{finding.rule}/{same.index(finding)}"

    def pieces(self, on: str) -> Iterator[Piece]:
        """The text of an element, cut where what people see at once begins and ends."""
        own = [item for item in self.findings(on) if item.span]
        parts = list(marked_parts(self.objective, on, own))
        at = 0
        for text, severity, _ in parts:
            at += len(text)
            ends = tuple(item for item in own if item.span and item.span.end == at)
            yield Piece(text, severity, ends)

    def _on(self, on: str) -> list[Finding]:
        return [item for item in gravest_first(self.review.findings) if item.on == on]


def sheets(
    review: Review, organisation: Organisation | None, peers: Iterable[Sequence[Peer]] | None = None
) -> tuple[Sheet, ...]:
    """The objectives of a review, each with where it belongs and who stands beside it."""
    known = organisation or Organisation()
    beside = peers or ([Peer(relation) for relation in item.peers] for item in review.reviews)
    return tuple(
        Sheet(number, item, _where(item.objective, known), len(review.reviews) > 1, tuple(others))
        for number, (item, others) in enumerate(zip(review.reviews, beside, strict=True), start=1)
    )


def _where(objective: Objective, organisation: Organisation) -> str:
    team = organisation.team(objective.team_id)
    cycle = organisation.cycle(objective.cycle_id)
    names = (team.name if team else "", cycle.name if cycle else "")
    return ", ".join(name for name in names if name)


@dataclass(frozen=True)
class Block:
    """A paragraph of a source; ``here`` where the cited words stand, between before and after."""

    text: str
    heading: str = ""
    here: bool = False
    before: str = ""
    quote: str = ""
    after: str = ""


@dataclass(frozen=True)
class Source:
    """What is shown of a document or an objective that was cited."""

    kind: str
    title: str
    facts: str
    blocks: Sequence[Block]
    superseded: str = ""


def source(organisation: Organisation, key: str, quote: str = "") -> Source | None:
    """What stands behind a citation.

    Args:
        organisation: what the reader may see; nothing else is looked at.
        key: id of a passage, an objective or a key result.
        quote: the cited words, to be highlighted.

    Returns:
        None where there is no such thing, or the reader may not see it.
    """
    for document in organisation.documents:
        at = next((n for n, item in enumerate(document.passages) if item.id == key), None)
        if at is None:
            continue
        newer = next((d for d in organisation.documents if d.supersedes == document.id), None)
        facts = (
            f"version {document.version}" if document.version else "",
            day_words(document.published),
            str(document.passages[at].location),
        )
        return Source(
            kind="Strategy document",
            title=document.title,
            facts=" · ".join(fact for fact in facts if fact),
            blocks=tuple(
                _block(
                    item.text,
                    quote,
                    n == at,
                    item.heading
                    if n == 0 or document.passages[n - 1].heading != item.heading
                    else "",
                )
                for n, item in enumerate(document.passages)
            ),
            superseded=" ".join((newer.title, newer.version or "")).strip() if newer else "",
        )
    objective = next(
        (
            item
            for item in organisation.objectives
            if key in (item.id, *(kr.id for kr in item.key_results))
        ),
        None,
    )
    if objective is None:
        return None
    texts = objective.texts
    ids = (objective.id, *(item.id for item in objective.key_results))
    facts = (
        _where(objective, organisation),
        f"owner {objective.owner}" if objective.owner else "",
        str(objective.location or ""),
    )
    return Source(
        kind="Objective",
        title=objective.text,
        facts=" · ".join(fact for fact in facts if fact),
        blocks=tuple(
            _block(text, quote, bool(quote) and identity == key, "Key results" if n == 0 else "")
            for n, (text, identity) in enumerate(zip(texts[1:], ids[1:], strict=True))
        ),
    )


def _block(text: str, quote: str, here: bool, heading: str) -> Block:
    if not here:
        return Block(text, heading)
    words = quote if quote and quote in text else text
    before, _, after = text.partition(words)
    return Block(text, heading, True, before, words, after)


def day_words(on: date | None) -> str:
    """A day as people write it, ``4 May 2026``; empty where it is not known."""
    return f"{on.day} {on:%B %Y}" if on else ""
