"""Figures with their uncertainty: percentile bootstrap over cases.

Resampling draws whole groups of cases (contrast partners stay together), so that the interval
does not pretend that the elements of one draft are independent. Source: Efron and Tibshirani,
An Introduction to the Bootstrap, 1993, chapters 8 and 13.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 20261101
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A value with its 95 % interval and the number of cases it rests on; NaN where undefined."""

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, float | int | None]:
        """The figure with None in place of NaN."""
        rounded = (self.value, self.low, self.high)
        value, low, high = (None if np.isnan(item) else round(float(item), 4) for item in rounded)
        return {"value": value, "low": low, "high": high, "n": self.n}


def draw_weights(groups: Sequence[str], resamples: int = RESAMPLES) -> Floats:
    """How often each item counts in each resample of the groups.

    Args:
        groups: the group of each item.
        resamples: how many resamples are drawn.

    Returns:
        Shape (resamples + 1, items); the first row is the sample itself.
    """
    if not groups:
        return np.ones((resamples + 1, 0))
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    generator = np.random.default_rng(SEED)
    draws = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    weights = np.vstack([np.ones(len(names)), draws])
    return np.asarray(weights[:, index], dtype=np.float64)


def draw_pair_weights(
    one: Sequence[str], other: Sequence[str], resamples: int = RESAMPLES
) -> Floats:
    """How often each pair counts in each resample of the things that are paired.

    Where everything stands in several pairs, no group of pairs is independent of the rest; so the
    things are drawn, and a pair counts as often as its two things together. Source: Owen, The
    pigeonhole bootstrap, Annals of Applied Statistics 1, 2007.

    Args:
        one: the first thing of each pair.
        other: the second thing of each pair.
        resamples: how many resamples are drawn.

    Returns:
        Shape (resamples + 1, pairs); the first row is the sample itself.
    """
    if not one:
        return np.ones((resamples + 1, 0))
    names, index = np.unique(np.asarray([*one, *other]), return_inverse=True)
    drawn = draw_weights(names.tolist(), resamples)
    return drawn[:, index[: len(one)]] * drawn[:, index[len(one) :]]


def summarise(values: Floats, n: int) -> Figure:
    """The figure of a statistic: first its value on the sample, then on the resamples."""
    value, spread = float(values[0]), values[1:][~np.isnan(values[1:])]
    if np.isnan(value) or not spread.size:
        return Figure(value, float("nan"), float("nan"), n)
    low, high = np.percentile(spread, [2.5, 97.5])
    return Figure(value, float(low), float(high), n)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Element-wise ratio, NaN where the denominator is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


@dataclass(frozen=True)
class Counts:
    """True positives, false positives and false negatives, one entry a resample."""

    tp: Floats
    fp: Floats
    fn: Floats

    @classmethod
    def of(cls, gold: NDArray[np.bool_], said: NDArray[np.bool_], weights: Floats) -> Counts:
        """Count over items with the given weights (resamples, items)."""
        return cls(
            tp=weights @ (gold & said), fp=weights @ (~gold & said), fn=weights @ (gold & ~said)
        )

    @property
    def precision(self) -> Floats:
        """Share of what was said that is right; NaN where nothing was said."""
        return ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> Floats:
        """Share of what is there that was said; NaN where nothing is there."""
        return ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> Floats:
        """Harmonic mean of the two; NaN where nothing is there and nothing was said."""
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def kappa(gold: NDArray[Any], said: NDArray[Any], weights: Floats) -> Floats:
    """Cohen's kappa (1960) of two verdicts out of any number, one value a resample."""
    total = weights.sum(axis=1)
    agree = ratio(weights @ (gold == said), total)
    chance = np.zeros(len(weights))
    for verdict in {*gold.tolist(), *said.tolist()}:
        chance += ratio(weights @ (gold == verdict), total) * ratio(
            weights @ (said == verdict), total
        )
    certain = np.isclose(chance, 1.0)
    return ratio(np.where(certain, np.nan, agree - chance), 1 - chance)


def auroc(gold: NDArray[np.bool_], scores: Floats, weights: Floats) -> Floats:
    """Area under the ROC curve, ties counted half, one value a resample.

    Args:
        gold: what should score higher.
        scores: one a case.
        weights: shape (resamples, cases), from :func:`draw_weights`.
    """
    above, below = _by_score(gold, scores, weights)
    beaten = below.sum(axis=1, keepdims=True) - np.cumsum(below, axis=1) + 0.5 * below
    return ratio((above * beaten).sum(axis=1), above.sum(axis=1) * below.sum(axis=1))


def recall_at(
    gold: NDArray[np.bool_], scores: Floats, weights: Floats, false_alarms: float
) -> Floats:
    """The highest recall of a threshold that keeps to a share of false alarms.

    Args:
        gold: what should be found.
        scores: one a case, higher where it is likelier.
        weights: shape (resamples, cases), from :func:`draw_weights`.
        false_alarms: the share of the other cases that may lie above the threshold, from 0 to 1.
    """
    above, below = _by_score(gold, scores, weights)
    recall = np.cumsum(above, axis=1) / np.maximum(above.sum(axis=1, keepdims=True), 1e-12)
    alarms = np.cumsum(below, axis=1) / np.maximum(below.sum(axis=1, keepdims=True), 1e-12)
    best = np.where(alarms <= false_alarms + 1e-12, recall, 0.0).max(axis=1)
    defined = (above.sum(axis=1) > 0) & (below.sum(axis=1) > 0)
    return np.where(defined, best, np.nan)


def _by_score(gold: NDArray[np.bool_], scores: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """How much is guilty and how much is not at every score, from the highest to the lowest."""
    order = np.argsort(-scores, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) != 0])
    guilty = gold[order]
    drawn = weights[:, order]
    return (
        np.add.reduceat(drawn * guilty, starts, axis=1),
        np.add.reduceat(drawn * ~guilty, starts, axis=1),
    )


def scored(
    statistic: Callable[..., float],
    gold: NDArray[np.bool_],
    scores: Floats,
    weights: Floats,
    resamples: int = 100,
) -> Floats:
    """A scikit-learn score such as ``roc_auc_score``, one value a resample.

    Fewer resamples than elsewhere, since each costs a sort.
    """
    return np.array([_weighted(statistic, gold, scores, row) for row in weights[: resamples + 1]])


def _weighted(
    statistic: Callable[..., float], gold: NDArray[np.bool_], scores: Floats, row: Floats
) -> float:
    drawn = row > 0
    if gold[drawn].all() or not gold[drawn].any():
        return float("nan")
    return float(statistic(gold[drawn], scores[drawn], sample_weight=row[drawn]))
