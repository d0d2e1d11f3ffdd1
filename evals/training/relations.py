"""Sets the scales of the reader on the dev split: `python -m evals.training.relations`.

Few numbers, so that the dev split is not learned by heart. The test split is not opened here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from assistant.index.onnx import OnnxEmbedder
from assistant.learned.labels import COLUMN, CONFLICTS, DRIFTS, EDGES, PEERS
from assistant.learned.reader import read
from assistant.learned.relations import WEIGHTS, Scales, closeness
from evals.training.texts import Item, alignment_items

Numbers = NDArray[np.float64]
STRETCHED = 10.0
"""Brings cosines to the range of log odds, so that one regularisation fits both."""


def train() -> None:
    """Write the scales."""
    known = alignment_items("dev")
    odds = np.array([row[0] for row in read([(item.text, ()) for item in known])], dtype=np.float64)
    near = closeness([item.sides for item in known], OnnxEmbedder().embed)
    scales = Scales(
        serves=_platt(known, odds, near, "edge:aligned"),
        unrelated=_platt(known, odds, near, "edge:unrelated"),
        subtypes=_temperature(known, odds, [f"drift:{name}" for name in DRIFTS]),
        kinds=(
            _temperature(known, odds, [f"peer:{name}" for name in PEERS]),
            *(0.0 for _ in PEERS),
        ),
        conflicts=_temperature(known, odds, [f"conflict:{name}" for name in CONFLICTS]),
        needs=_needs(known, odds),
    )
    text = json.dumps(scales.model_dump(), indent=1)
    WEIGHTS.write_text(text + "\n", encoding="utf-8")
    print(text)


def _platt(known: Sequence[Item], odds: Numbers, near: Numbers, name: str) -> tuple[float, ...]:
    rows = [number for number, item in enumerate(known) if name in item.labels]
    gold = np.array([known[number].labels[name] for number in rows])
    columns = [COLUMN[f"edge:{edge}"] for edge in EDGES]
    seen = np.hstack([odds[np.ix_(rows, columns)], near[rows] * STRETCHED])
    model = LogisticRegression(C=0.3, max_iter=1000).fit(seen, gold)
    edges, close = model.coef_[0][: len(columns)], model.coef_[0][len(columns) :] * STRETCHED
    return tuple(round(float(x), 4) for x in (*edges, *close, model.intercept_[0]))


def _known(known: Sequence[Item], names: Sequence[str]) -> list[tuple[int, int]]:
    return [
        (row, number)
        for row, item in enumerate(known)
        for number, name in enumerate(names)
        if item.labels.get(name)
    ]


def _temperature(known: Sequence[Item], odds: Numbers, names: Sequence[str]) -> float:
    """The inverse temperature with the best likelihood (Guo et al., 2017)."""
    rows = _known(known, names)
    values = odds[np.ix_([row for row, _ in rows], [COLUMN[name] for name in names])]
    gold = np.array([number for _, number in rows])

    def loss(scale: float) -> float:
        scaled = values * scale
        top = scaled.max(axis=1)
        total = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top
        return float((total - scaled[np.arange(len(gold)), gold]).mean())

    return round(float(minimize_scalar(loss, bounds=(0.05, 3.0), method="bounded").x), 4)


def _needs(known: Sequence[Item], odds: Numbers) -> float:
    rows = [number for number, item in enumerate(known) if "needs" in item.labels]
    pairs = [(rows[at], rows[at + 1]) for at in range(0, len(rows), 2)]
    differences = np.array(
        [odds[one, COLUMN["needs"]] - odds[two, COLUMN["needs"]] for one, two in pairs]
    )
    gold = np.array([known[one].labels["needs"] for one, _ in pairs])
    both = np.concatenate([differences, -differences])[:, None]
    model = LogisticRegression(C=1.0, fit_intercept=False).fit(both, np.concatenate([gold, ~gold]))
    return round(float(model.coef_[0, 0]), 4)


if __name__ == "__main__":
    train()
