"""The critics of parents and children, and of cascades: the product's own, and the baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Literal, cast

from assistant.models import DriftSubtype
from evals.alignment.local import LocalChains, LocalEdges
from evals.alignment.second import SecondEdges
from evals.alignment.signals import Thresholds, Two, cosines, likeliest, overlaps
from evals.cases import CASES, ChainCase, DriftCase, EdgeLabel, Pair, read_cases
from evals.metrics import Floats
from evals.suites.chains import ChainCritic, ChainVerdict, LevelVerdict
from evals.suites.drift import EdgeCritic, EdgeVerdict
from evals.words import fit_words, likely

STEPS = 4
"""The stretches that a number is cut into: one a label, and one for copies."""


class OneNumber:
    """Cuts one number into labels, at thresholds from the train split."""

    def __init__(self, measure: Callable[[Sequence[Two]], Floats]) -> None:
        self._measure = measure

    def judge(self, cases: Sequence[Pair]) -> Iterator[EdgeVerdict]:
        """One verdict a pair, in order."""
        thresholds = _thresholds(self._measure)
        values = self._measure(_sides(cases))
        for value, found in zip(values.tolist(), thresholds.likely(values), strict=True):
            label = cast("EdgeLabel", likeliest(found))
            yield EdgeVerdict(label=label, serves=value, unrelated=-value)


class OneText:
    """Reads one side alone, by the words that go with a label on the train split."""

    def __init__(self, side: Literal["child", "parent"]) -> None:
        self._side = side

    def judge(self, cases: Sequence[Pair]) -> Iterator[EdgeVerdict]:
        """One verdict a pair, in order."""
        known, texts = _train(), self._texts(cases)
        drifted = [case for case in known if case.subtype]
        model = fit_words(self._texts(known), [case.label for case in known])
        ways = fit_words(self._texts(drifted), [case.subtype for case in drifted])
        for label, way in zip(likely(model, texts), likely(ways, texts), strict=True):
            yield EdgeVerdict(
                label=cast("EdgeLabel", likeliest(label)),
                subtype=cast("DriftSubtype", likeliest(way)),
                serves=label["aligned"],
                unrelated=label["unrelated"],
            )

    def _texts(self, cases: Sequence[Pair]) -> list[str]:
        return [getattr(case, self._side).text for case in cases]


class Levels:
    """Judges a cascade edge by edge: each level against the level above, and against the top."""

    def __init__(self, critic: EdgeCritic) -> None:
        self._critic = critic

    def judge(self, cases: Sequence[ChainCase]) -> Iterator[ChainVerdict]:
        """One verdict a cascade, in order."""
        pairs = [pair for case in cases for pair in case.edges()]
        verdicts = self._critic.judge(pairs)
        for case in cases:
            found = [(next(verdicts), next(verdicts)) for _ in case.levels[1:]]
            error = next((item.error for pair in found for item in pair if item.error), None)
            yield ChainVerdict(
                levels=tuple(LevelVerdict(hop=hop, cum=cum) for hop, cum in found), error=error
            )


@lru_cache
def _thresholds(measure: Callable[[Sequence[Two]], Floats]) -> Thresholds:
    known = _train()
    return Thresholds(measure(_sides(known)), [case.label for case in known], STEPS)


def _train() -> list[DriftCase]:
    return read_cases(CASES / "drift" / "train", DriftCase)


def _sides(cases: Sequence[Pair]) -> list[Two]:
    return [(case.child, case.parent) for case in cases]


def cosine() -> EdgeCritic:
    """How near the two texts are."""
    return OneNumber(cosines)


def word_overlap() -> EdgeCritic:
    """How many content words the two texts share."""
    return OneNumber(overlaps)


def _levels(make: Callable[[], EdgeCritic]) -> ChainCritic:
    return Levels(make())


CRITICS: Mapping[str, Callable[[], EdgeCritic]] = {
    "local": LocalEdges,
    "baseline": cosine,
    "cosine": cosine,
    "child_only": lambda: OneText("child"),
    "word_overlap": word_overlap,
    "llm": partial(SecondEdges, "full"),
    "narrow": partial(SecondEdges, "narrow"),
}
"""``baseline`` is the best of the simple ones; ``llm`` and ``narrow`` are the product with the
language model that the settings name, asked for objects with quotes or for one word."""

CHAIN_CRITICS: Mapping[str, Callable[[], ChainCritic]] = {
    **{name: partial(_levels, make) for name, make in CRITICS.items()},
    "local": LocalChains,
}

BASELINES = ("cosine", "child_only", "word_overlap")
