"""What objectives of different teams are to each other, across the whole organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple, Protocol

from assistant.analyse.candidates import Candidate
from assistant.analyse.legible import english_only
from assistant.analyse.mechanisms import Facets, Mechanism, Needs, facets, find_mechanism
from assistant.analyse.overlap import Overlap, find_overlap, is_elsewhere
from assistant.analyse.remedies import remedy
from assistant.models import (
    ConflictSubtype,
    Evidence,
    KeyResult,
    Noun,
    Objective,
    PeerKind,
    PeerLink,
)

HARMFUL: tuple[PeerKind, ...] = ("conflict", "duplicate", "dependency")
"""The kinds that somebody has to act on, in the order in which a tie is settled."""

MOST_JUDGED = 300
"""How many pairs the judge is asked about unless told otherwise; the nearest go first."""


class Opinion(Protocol):
    """What a judge says about two objectives; see ``PeerOpinion`` of the trained reader."""

    @property
    def kinds(self) -> Mapping[PeerKind, float]:
        """How likely each kind is; sums to 1."""

    @property
    def subtypes(self) -> Mapping[ConflictSubtype, float]:
        """If it is a conflict, how likely in which way."""

    @property
    def a_needs_b(self) -> float:
        """If it is a dependency, how likely the first needs the second."""


Judge = Callable[[Sequence[tuple[Objective, Objective]]], Sequence[Opinion]]
"""Takes pairs; returns an opinion on each, in their order."""


class Thresholds(Noun):
    """Where probabilities become words. All from 0 to 1, chosen on the dev split.

    Attributes:
        conflict: at least so likely is said to be a conflict.
        duplicate: likewise.
        dependency: likewise.
        complementary: likewise; whatever reaches nothing is ``unrelated``.
        contested_from: a judge this sure of another kind overrules a rule of the words.
        borne_out_from: so likely a kind has to be for a rule that speaks by chance too.
        subtype_from: a kind of conflict less likely than this is not named.
    """

    conflict: float = 0.45
    duplicate: float = 0.3
    dependency: float = 0.3
    complementary: float = 0.3
    contested_from: float = 0.95
    borne_out_from: float = 0.2
    subtype_from: float = 0.35

    def of(self, kind: PeerKind) -> float:
        """From where a kind is said; ``unrelated`` always may be."""
        return {
            "conflict": self.conflict,
            "duplicate": self.duplicate,
            "dependency": self.dependency,
            "complementary": self.complementary,
            "unrelated": 0.0,
        }[kind]


THRESHOLDS = Thresholds()
NEAR_FROM = 0.9
"""From this score of a candidate two objectives touch closely enough to be worth a look."""
TOUCHING = 0.25
"""The confidence of a link between two that touch and show nothing else.

Of 61 such pairs that are labelled in the train and dev pools 50 are a conflict, a duplicate or a
dependency, each about as often; neither words nor reader tell which, so none of them is claimed.
"""

CAREFUL = Thresholds(conflict=0.5, duplicate=0.5, dependency=0.5, complementary=0.4)
"""For a whole organisation, where nearly all pairs are unrelated; the others suit pairs of which
most are something to each other."""


class Decision(NamedTuple):
    """What a pair is; ``score`` is how sure, from 0 to 1, and 0 where nothing could judge it."""

    kind: PeerKind
    subtype: ConflictSubtype | None
    needs: Needs | None
    score: float


def decide(
    a: Objective,
    b: Objective,
    opinion: Opinion | None,
    thresholds: Thresholds = THRESHOLDS,
) -> Decision:
    """Say what two objectives are to each other, as the scan does.

    Args:
        a: with its key results.
        b: of another team, with its key results.
        opinion: what the trained reader says, if it was asked.
        thresholds: where the kinds begin.
    """
    return _decide(a, b, opinion, find_mechanism(facets(a), facets(b)), thresholds)


def assess_peers(
    candidates: Sequence[Candidate],
    objectives: Iterable[Objective],
    judge: Judge | None,
    *,
    most: int = MOST_JUDGED,
    thresholds: Thresholds = CAREFUL,
) -> tuple[PeerLink, ...]:
    """Judge the candidates and keep those that are something to each other.

    Args:
        candidates: nearest first, as :func:`assistant.analyse.candidates.find_candidates` gives.
        objectives: those that the candidates name, and any others.
        judge: asked once, about the nearest pairs in English; rules of the words need no judge.
        most: how many pairs the judge is asked about.
        thresholds: where probabilities become words.

    Returns:
        A link for each pair that is not unrelated, surest first.
    """
    known = {item.id: item for item in objectives}
    named = dict.fromkeys(key for pair in candidates for key in (pair.a_id, pair.b_id))
    read = {key: facets(known[key]) for key in named}
    opinions = _ask(candidates, known, judge, most)
    links = [
        _link(pair, known, read, opinions.get((pair.a_id, pair.b_id)), thresholds)
        for pair in candidates
    ]
    return tuple(
        sorted(
            (link for link in links if link),
            key=lambda link: (-link.confidence, link.a_id, link.b_id),
        )
    )


def _ask(
    candidates: Sequence[Candidate],
    known: Mapping[str, Objective],
    judge: Judge | None,
    most: int,
) -> dict[tuple[str, str], Opinion]:
    if judge is None:
        return {}
    is_english = english_only()
    readable = (
        (pair.a_id, pair.b_id)
        for pair in candidates
        if is_english(known[pair.a_id]) and is_english(known[pair.b_id])
    )
    asked = list(islice(readable, most))
    if not asked:
        return {}
    opinions = judge([(known[one], known[other]) for one, other in asked])
    return dict(zip(asked, opinions, strict=True))


def _decide(
    a: Objective,
    b: Objective,
    opinion: Opinion | None,
    mechanism: Mechanism | None,
    thresholds: Thresholds,
) -> Decision:
    kinds = _likely(a, b, opinion)
    if mechanism and _carries(mechanism, kinds, thresholds):
        score = max(mechanism.confidence, kinds.get(mechanism.kind, 0.0))
        return Decision(mechanism.kind, mechanism.subtype, mechanism.needs, round(score, 4))
    if opinion is None:
        return Decision("unrelated", None, None, 0.0)
    kind = _said(kinds, thresholds)
    return Decision(
        kind,
        _subtype(opinion, thresholds) if kind == "conflict" else None,
        ("a" if opinion.a_needs_b >= 0.5 else "b") if kind == "dependency" else None,  # noqa: PLR2004
        round(kinds.get(kind, 0.0), 4),
    )


def _likely(a: Objective, b: Objective, opinion: Opinion | None) -> Mapping[PeerKind, float]:
    """How likely each kind is; one sentence about two populations is no duplicate."""
    if opinion is None:
        return {}
    kinds = dict(opinion.kinds)
    if kinds.get("duplicate", 0.0) and is_elsewhere(a, b):
        kinds["unrelated"] = kinds.get("unrelated", 0.0) + kinds.pop("duplicate")
    return kinds


def _carries(mechanism: Mechanism, kinds: Mapping[PeerKind, float], thresholds: Thresholds) -> bool:
    others = max((value for kind, value in kinds.items() if kind != mechanism.kind), default=0.0)
    if mechanism.stands_alone:
        return others < thresholds.contested_from
    return kinds.get(mechanism.kind, 0.0) >= thresholds.borne_out_from


def _said(kinds: Mapping[PeerKind, float], thresholds: Thresholds) -> PeerKind:
    """The likeliest kind among those that are likely enough."""
    order: tuple[PeerKind, ...] = (*HARMFUL, "complementary")
    likely = [kind for kind in order if kinds.get(kind, 0.0) >= thresholds.of(kind)]
    return max(likely, key=lambda kind: kinds[kind], default="unrelated")


def _subtype(opinion: Opinion, thresholds: Thresholds) -> ConflictSubtype | None:
    found = max(opinion.subtypes.items(), key=lambda item: item[1], default=None)
    return found[0] if found and found[1] >= thresholds.subtype_from else None


# The link with its words


def _link(
    pair: Candidate,
    known: Mapping[str, Objective],
    read: Mapping[str, Facets],
    opinion: Opinion | None,
    thresholds: Thresholds,
) -> PeerLink | None:
    a, b = known[pair.a_id], known[pair.b_id]
    mechanism = find_mechanism(read[a.id], read[b.id])
    decision = _decide(a, b, opinion, mechanism, thresholds)
    if decision.kind not in HARMFUL and _touch(pair, a, b):
        decision = Decision("complementary", None, None, TOUCHING)
    if decision.kind == "unrelated":
        return None
    is_shown = mechanism is not None and mechanism.kind == decision.kind
    overlap = (
        Overlap(mechanism.on_a, mechanism.on_b, mechanism.shared)
        if mechanism and is_shown
        else find_overlap(a, b, read[a.id].elements, read[b.id].elements)
    )
    return PeerLink(
        a_id=a.id,
        b_id=b.id,
        kind=decision.kind,
        subtype=decision.subtype,
        needs=decision.needs,
        confidence=decision.score,
        similarity=pair.similarity,
        shared=overlap.shared,
        unless=remedy(decision.kind, decision.subtype, decision.needs, a, b, overlap),
        evidence=(
            quote("peer", a, overlap.on_a, pair.similarity),
            quote("peer", b, overlap.on_b, pair.similarity),
        ),
    )


def _touch(pair: Candidate, a: Objective, b: Objective) -> bool:
    """Whether one is the nearest of the other's period, and they are no sentence about two things."""
    is_near = pair.rank == 0 and pair.score >= NEAR_FROM
    return is_near and a.cycle_id == b.cycle_id and not is_elsewhere(a, b)


def quote(
    kind: Literal["draft", "peer"], objective: Objective, on: str, similarity: float | None = None
) -> Evidence:
    """The words of one element of an objective, verbatim."""
    result = _result(objective, on)
    return Evidence(
        kind=kind,
        id=result.id if result else objective.id,
        title=objective.text,
        quote=result.text if result else objective.text,
        location=(result.location if result else None) or objective.location,
        similarity=similarity,
    )


def _result(objective: Objective, on: str) -> KeyResult | None:
    return objective.key_results[int(on[3:]) - 1] if on.startswith("kr:") else None


def element_of(objective: Objective, evidence: Iterable[Evidence]) -> str:
    """Which element of an objective the evidence quotes: ``objective`` or ``kr:N``."""
    return next(_elements_of(objective, evidence), "objective")


def _elements_of(objective: Objective, evidence: Iterable[Evidence]) -> Iterator[str]:
    places = {item.id: f"kr:{at}" for at, item in enumerate(objective.key_results, start=1)}
    return (places[item.id] for item in evidence if item.id in places)
