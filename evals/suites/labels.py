"""Figures of suites in which a case gets one label out of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.metrics import (
    Counts,
    Figure,
    Floats,
    auroc,
    draw_weights,
    kappa,
    ratio,
    scored,
    summarise,
)
from evals.suites.base import Outcome, Row

SAID = "macro_f1.subtype_said"
"""The mean F1 of subtypes over all cases, as they are said."""


class Scored(NamedTuple):
    """Cases with a score, of two kinds.

    ``gold`` is what should score higher; ``groups`` are drawn together.
    """

    gold: NDArray[np.bool_]
    scores: Floats
    weights: Floats

    @classmethod
    def of(cls, rows: Sequence[tuple[bool, float, str]]) -> Scored:
        """From rows of gold, score and group."""
        return cls(
            gold=np.array([gold for gold, _, _ in rows], dtype=np.bool_),
            scores=np.array([score for _, score, _ in rows], dtype=np.float64),
            weights=draw_weights([group for _, _, group in rows]),
        )

    @property
    def can_rank(self) -> bool:
        """Whether there is something of both kinds."""
        return bool(self.gold.any() and not self.gold.all())


class Told(NamedTuple):
    """What is right and what was said, one label a case; None where there is none."""

    gold: Sequence[str | None]
    said: Sequence[str | None]
    weights: Floats

    @classmethod
    def of(cls, rows: Sequence[tuple[str | None, str | None]], weights: Floats) -> Told:
        """From rows of what is right and what was said."""
        return cls([gold for gold, _ in rows], [said for _, said in rows], weights)


def verdict_figures(told: Told, labels: Sequence[str]) -> dict[str, Figure]:
    """The figures of the labels of a suite, and how far they agree."""
    return {**label_figures(told, labels, "macro_f1"), **agreement_figures(told)}


def label_figures(told: Told, labels: Sequence[str], macro: str) -> dict[str, Figure]:
    """Precision, recall and F1 of every label, and their mean over the labels that occur.

    Args:
        told: the cases.
        labels: those that get figures.
        macro: what the mean F1 is called.
    """
    known, given = _plain(told.gold), _plain(told.said)
    figures, f1s = {}, []
    for label in labels:
        counts = Counts.of(known == label, given == label, told.weights)
        positives = int((known == label).sum())
        figures[f"precision.{label}"] = summarise(counts.precision, positives)
        figures[f"recall.{label}"] = summarise(counts.recall, positives)
        figures[f"f1.{label}"] = summarise(counts.f1, positives)
        if positives:
            f1s.append(np.nan_to_num(counts.f1))
    if f1s:
        figures[macro] = summarise(np.mean(f1s, axis=0), len(known))
    return figures


def subtype_figures(guilty: Told, everything: Told, subtypes: Sequence[str]) -> dict[str, Figure]:
    """The figures of subtypes: by themselves, and as they are said.

    Args:
        guilty: the cases that have a subtype, with what the critic takes it to be.
        everything: all cases, with the subtypes that the critic says there are.
        subtypes: those that get figures.
    """
    if not any(guilty.said):
        return {}
    figures = label_figures(guilty, subtypes, "macro_f1.subtype")
    said = label_figures(everything, subtypes, SAID)
    return figures | {name: figure for name, figure in said.items() if name == SAID}


def agreement_figures(told: Told) -> dict[str, Figure]:
    """How far labels and verdicts agree: the plain share, and Cohen's kappa."""
    known, given = _plain(told.gold), _plain(told.said)
    return {
        "accuracy": share(known == given, told.weights),
        "kappa": summarise(kappa(known, given, told.weights), len(known)),
    }


def _plain(labels: Sequence[str | None]) -> NDArray[np.str_]:
    return np.array([label or "" for label in labels], dtype=np.str_)


def share(happened: NDArray[np.bool_] | Floats, weights: Floats) -> Figure:
    """How often something happened; a half counts half."""
    values = np.asarray(happened, dtype=np.float64)
    return summarise(ratio(weights @ values, weights.sum(axis=1)), len(values))


def area(given: Scored) -> Figure:
    """The area under the ROC curve."""
    return summarise(auroc(given.gold, given.scores, given.weights), len(given.gold))


def average_precision(given: Scored) -> Figure:
    """The average precision."""
    from sklearn.metrics import average_precision_score

    values = scored(average_precision_score, given.gold, given.scores, given.weights)
    return summarise(values, len(given.gold))


def figure_rows(
    outcome: Outcome, baselines: Mapping[str, Outcome], names: Sequence[str]
) -> Iterator[Row]:
    """The cells of the table: a line a figure.

    Args:
        outcome: of the critic.
        baselines: the outcomes beside it.
        names: the figures to show.
    """
    for name in names:
        own = outcome.metrics.get(name)
        others = [other.metrics.get(name) for other in baselines.values()]
        if own is None and not any(others):
            continue
        cases = next(figure.n for figure in (own, *others) if figure is not None)
        yield (name, str(cases), with_interval(own), *map(plain, others))


def plain(figure: Figure | None) -> str:
    """The value with two decimals, or a dash."""
    return "-" if figure is None or isnan(figure.value) else f"{figure.value:.2f}"


def with_interval(figure: Figure | None) -> str:
    """The value with its interval, or a dash."""
    if figure is None or isnan(figure.value):
        return "-"
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"
