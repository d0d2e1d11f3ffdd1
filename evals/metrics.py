"""Figures with their uncertainty: percentile bootstrap over cases.

Resampling draws whole groups of cases (contrast partners stay together), so that the interval
does not pretend that the elements of one draft are independent. Source: Efron and Tibshirani,
An Introduction to the Bootstrap, 1993, chapters 8 and 13.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    generator = np.random.default_rng(SEED)
    draws = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    weights = np.vstack([np.ones(len(names)), draws])
    return np.asarray(weights[:, index], dtype=np.float64)


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


def kappa(gold: NDArray[np.bool_], said: NDArray[np.bool_], weights: Floats) -> Floats:
    """Cohen's kappa (1960) of two verdicts, one value a resample."""
    total = weights.sum(axis=1)
    agree = ratio(weights @ (gold == said), total)
    gold_share, said_share = ratio(weights @ gold, total), ratio(weights @ said, total)
    chance = gold_share * said_share + (1 - gold_share) * (1 - said_share)
    return ratio(agree - chance, 1 - chance)


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
