"""Whether a child's success advances its parent, and how it drifted if not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from assistant.analyse.compare import Similarity, slot_changes
from assistant.analyse.legible import english_only
from assistant.analyse.links import Link
from assistant.analyse.plain_drift import PlainDrift, plain_drift
from assistant.models import Cycle, DriftSubtype, Edge, EdgeVerdict, Noun, Objective, SlotChange


class Opinion(Protocol):
    """What a judge says about a child and a parent; see ``EdgeOpinion`` of the trained reader."""

    @property
    def serves(self) -> float:
        """How likely the child's success advances the parent."""

    @property
    def unrelated(self) -> float:
        """How likely there is no causal path at all."""

    @property
    def subtypes(self) -> Mapping[DriftSubtype, float]:
        """If it drifted, how likely in which way."""


Pair = tuple[Objective, Objective]
Judge = Callable[[Sequence[Pair]], Sequence[Opinion | None]]
"""Takes pairs, child first; returns an opinion on each, in their order; None if it has none."""

Label = Literal["aligned", "drifted", "unrelated"]


class Thresholds(Noun):
    """Where probabilities become words. All from 0 to 1, chosen on the dev split.

    Attributes:
        drifted_below: less likely to serve its parent than this is ``drifted``. So low that the
            trained reader, of whose lowest verdicts on dev two in three were right, never gets
            there: it says where to look, and plain signs or a stronger judge decide.
        look_below: less likely than this is ``look``.
        fine_from: at least as likely as this is ``fine``; between the two nothing is told.
        unrelated_from: more likely to have no causal path than this is ``unrelated``.
        aligned_from: where the eval labels part.
        sure_from: a judge this sure that the child serves its parent turns what a rule other than
            that of copies says into ``look``.
        denied_from: a judge this sure that the child serves its parent silences a weak sign.
        subtype_from: a subtype less likely than this is not named.
    """

    drifted_below: float = 0.06
    look_below: float = 0.4
    fine_from: float = 0.6
    unrelated_from: float = 0.2
    aligned_from: float = 0.5
    sure_from: float = 0.85
    denied_from: float = 0.7
    subtype_from: float = 0.4


THRESHOLDS = Thresholds()


class Decision(NamedTuple):
    """One label for a pair, as the eval cases carry it; ``score`` is how likely it is aligned."""

    label: Label
    subtype: DriftSubtype | None
    score: float


class Assessment(Noun):
    """An edge with what it rests on."""

    link: Link
    edge: Edge
    plain: PlainDrift | None = None


def decide(
    child: Objective,
    parent: Objective,
    opinion: Opinion,
    *,
    child_cycle: Cycle | None = None,
    parent_cycle: Cycle | None = None,
    cosine: float | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> Decision:
    """Label a pair as the product would, for those who measure it.

    Args:
        child: with its key results.
        parent: with its key results.
        opinion: what the trained reader says.
        child_cycle: its planning period, if known.
        parent_cycle: its planning period, if known.
        cosine: of the texts of the two objectives; without it fewer copies are recognised.
        thresholds: where the labels part.
    """
    link = Link(
        child=child,
        parent=parent,
        child_cycle=child_cycle,
        parent_cycle=parent_cycle,
        cosine=cosine,
    )
    plain = plain_drift(link)
    if plain and _carries(plain, opinion, thresholds):
        return Decision("drifted", plain.subtype, min(opinion.serves, 1 - plain.confidence))
    score = opinion.serves
    if score >= thresholds.aligned_from:
        return Decision("aligned", None, score)
    if opinion.unrelated >= thresholds.unrelated_from:
        return Decision("unrelated", None, score)
    return Decision("drifted", _likeliest(opinion)[0], score)


def ask(links: Sequence[Link], judge: Judge) -> list[Opinion | None]:
    """The judge's opinion on each link; None where a side is not in English, which it reads."""
    is_english = english_only()
    asked = [is_english(link.child) and is_english(link.parent) for link in links]
    pairs = [
        (link.child, link.parent) for link, is_asked in zip(links, asked, strict=True) if is_asked
    ]
    opinions = iter(judge(pairs) if pairs else ())
    return [next(opinions) if is_asked else None for is_asked in asked]


class Rationed:
    """A judge that is asked about so many pairs only.

    Args:
        judge: the judge.
        most: how many pairs it is asked about at a time.
        rank: pairs of a lower rank go first; those of one rank in their order.

    Attributes:
        left: how many pairs it was not asked about, in all.
    """

    def __init__(self, judge: Judge, most: int, rank: Callable[[Pair], int]) -> None:
        self._judge, self._most, self._rank = judge, most, rank
        self.left = 0

    def __call__(self, pairs: Sequence[Pair]) -> Sequence[Opinion | None]:
        """Ask about those that come first; the others get no opinion."""
        first = sorted(range(len(pairs)), key=lambda at: self._rank(pairs[at]))[: self._most]
        chosen = sorted(first)
        self.left += len(pairs) - len(chosen)
        found = dict(zip(chosen, self._judge([pairs[at] for at in chosen]), strict=True))
        return [found.get(at) for at in range(len(pairs))]


def assess(
    link: Link,
    opinion: Opinion | None,
    *,
    thresholds: Thresholds = THRESHOLDS,
    with_slots: bool = True,
    similarity: Similarity | None = None,
) -> Assessment:
    """Judge one declared link.

    Args:
        link: with its cosine.
        opinion: what the trained reader says, if it was asked.
        thresholds: where probabilities become words.
        with_slots: whether to compare the slots where all is fine; elsewhere they always are.
        similarity: recognises synonyms in the slots.
    """
    item = weighed(link, opinion, plain_drift(link), thresholds)
    explained = with_slots or item.edge.verdict != "fine"
    return with_changes(item, changes_of(link, similarity)) if explained else item


def weighed(
    link: Link,
    opinion: Opinion | None,
    plain: PlainDrift | None,
    thresholds: Thresholds = THRESHOLDS,
) -> Assessment:
    """As :func:`assess`, where it is known what the words decide; slots are not compared."""
    plain = _heard(plain, opinion, thresholds)
    verdict = _verdict(opinion, plain, thresholds)
    edge = Edge(
        child_id=link.child.id,
        parent_id=link.parent.id,
        key_result_id=link.key_result_id,
        similarity=link.cosine or 0.0,
        serves=_serves(opinion, plain, thresholds),
        verdict=verdict,
        subtype=_subtype(opinion, plain, verdict, thresholds),
    )
    return Assessment(link=link, edge=edge, plain=plain)


def with_changes(item: Assessment, slots: tuple[SlotChange, ...]) -> Assessment:
    """An assessment with what became of the slots."""
    return item.model_copy(update={"edge": item.edge.model_copy(update={"slots": slots})})


def changes_of(link: Link, similarity: Similarity | None = None) -> tuple[SlotChange, ...]:
    """What became of each slot of the parent in the child."""
    return slot_changes(
        link.child,
        link.parent,
        child_cycle=link.child_cycle,
        parent_cycle=link.parent_cycle,
        similarity=similarity,
    )


def _serves(
    opinion: Opinion | None, plain: PlainDrift | None, thresholds: Thresholds
) -> float | None:
    if plain and _carries(plain, opinion, thresholds):
        by_words = 1 - plain.confidence
        return round(min(opinion.serves, by_words) if opinion else by_words, 4)
    if opinion is None:
        return round(1 - plain.confidence, 4) if plain else None
    return round(opinion.serves, 4)


def _carries(plain: PlainDrift, opinion: Opinion | None, thresholds: Thresholds) -> bool:
    """Whether a rule decides although the judge may see it otherwise: copies always do."""
    is_contested = opinion is not None and opinion.serves >= thresholds.sure_from
    return plain.is_sure and (plain.subtype == "copy_paste" or not is_contested)


def _heard(
    plain: PlainDrift | None, opinion: Opinion | None, thresholds: Thresholds
) -> PlainDrift | None:
    """What the words show, without a weak sign that the judge denies."""
    is_denied = opinion is not None and opinion.serves >= thresholds.denied_from
    return None if plain and not plain.is_sure and is_denied else plain


def _verdict(
    opinion: Opinion | None, plain: PlainDrift | None, thresholds: Thresholds
) -> EdgeVerdict:
    if plain:
        return "drifted" if _carries(plain, opinion, thresholds) else "look"
    if opinion is None:
        return "unclear"
    if opinion.serves < thresholds.drifted_below:
        return "drifted"
    if opinion.serves < thresholds.look_below:
        return "look"
    return "fine" if opinion.serves >= thresholds.fine_from else "unclear"


def _subtype(
    opinion: Opinion | None,
    plain: PlainDrift | None,
    verdict: EdgeVerdict,
    thresholds: Thresholds,
) -> DriftSubtype | None:
    """How it drifted; None where it did not, where nothing is likely, and where no path is."""
    if verdict not in ("drifted", "look"):
        return None
    if plain:
        return plain.subtype
    if opinion is None or opinion.unrelated >= thresholds.unrelated_from:
        return None
    subtype, likely = _likeliest(opinion)
    return subtype if likely >= thresholds.subtype_from else None


def _likeliest(opinion: Opinion) -> tuple[DriftSubtype | None, float]:
    found = max(opinion.subtypes.items(), key=lambda item: item[1], default=None)
    return found or (None, 0.0)
