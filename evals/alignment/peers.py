"""The critics of peers: the product's own, and the baselines beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import cast

from assistant.models import ConflictSubtype, PeerKind
from evals.alignment.local import LocalPeers
from evals.alignment.second import SecondPeers
from evals.alignment.signals import Thresholds, Two, cosines, likeliest, overlaps
from evals.cases import CASES, PeerCase, read_cases
from evals.metrics import Floats
from evals.suites.peers import PeerCritic, PeerVerdict
from evals.words import fit_words, likely

STEPS = 5
"""The stretches that a number is cut into: one a label."""


class OneNumber:
    """Cuts one number into labels, at thresholds from the train split."""

    def __init__(self, measure: Callable[[Sequence[Two]], Floats]) -> None:
        self._measure = measure

    def judge(self, cases: Sequence[PeerCase]) -> Iterator[PeerVerdict]:
        """One verdict a pair, in order."""
        for found in _thresholds(self._measure).likely(self._measure(_sides(cases))):
            yield _verdict(found)


class SidesApart:
    """Reads each side by itself, never one beside the other, and takes the mean of the two."""

    def judge(self, cases: Sequence[PeerCase]) -> Iterator[PeerVerdict]:
        """One verdict a pair, in order."""
        known = _train()
        conflicts = [case for case in known if case.subtype]
        model = fit_words(_texts(known), [case.label for case in known for _ in range(2)])
        kinds = fit_words(_texts(conflicts), [case.subtype for case in conflicts for _ in range(2)])
        labels, subtypes = likely(model, _texts(cases)), likely(kinds, _texts(cases))
        for one, other in zip(_halved(labels), _halved(subtypes), strict=True):
            yield _verdict(one, other)


def _verdict(found: Mapping[str, float], ways: Mapping[str, float] | None = None) -> PeerVerdict:
    return PeerVerdict(
        label=cast("PeerKind", likeliest(found)),
        subtype=cast("ConflictSubtype", likeliest(ways)) if ways else None,
        scores=cast("Mapping[PeerKind, float]", found),
    )


@lru_cache
def _thresholds(measure: Callable[[Sequence[Two]], Floats]) -> Thresholds:
    known = _train()
    return Thresholds(measure(_sides(known)), [case.label for case in known], STEPS)


def _train() -> list[PeerCase]:
    return read_cases(CASES / "peers" / "train", PeerCase)


def _sides(cases: Sequence[PeerCase]) -> list[Two]:
    return [(case.a, case.b) for case in cases]


def _texts(cases: Sequence[PeerCase]) -> list[str]:
    """The texts of both sides, case by case."""
    return [okr.text for case in cases for okr in (case.a, case.b)]


def _halved(found: Sequence[Mapping[str, float]]) -> Iterator[Mapping[str, float]]:
    """The mean of each two."""
    for one, other in zip(found[::2], found[1::2], strict=True):
        yield {label: (value + other[label]) / 2 for label, value in one.items()}


def cosine() -> PeerCritic:
    """How near the two texts are."""
    return OneNumber(cosines)


CRITICS: Mapping[str, Callable[[], PeerCritic]] = {
    "local": LocalPeers,
    "baseline": cosine,
    "cosine": cosine,
    "one_side": SidesApart,
    "word_overlap": lambda: OneNumber(overlaps),
    "llm": partial(SecondPeers, "full"),
    "narrow": partial(SecondPeers, "narrow"),
}
"""``baseline`` is the best of the simple ones."""

BASELINES = ("cosine", "one_side", "word_overlap")
