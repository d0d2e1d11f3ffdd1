"""Trains the heads from the labelled drafts: `python -m evals.training.heads`.

Train split: weights. Leave-one-organisation-out predictions on the train split: calibration.
Dev split: thresholds. The test split is not opened here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve, roc_auc_score

from assistant.index.embedder import make_embedder
from assistant.learned.heads import FOLDER, LOOKS, elements
from assistant.learned.ngrams import BUCKETS
from assistant.learned.views import View, look_at
from assistant.models import Objective
from assistant.rules import find_rule
from assistant.settings import Settings
from evals.cases import CASES, DraftCase, read_cases
from evals.drafts import as_objective

REGULARISATION = {"objective": 1.0, "key-result": 1.0, "fit": 0.3, "set": 1.0}
PRECISION = {"warning": 0.85, "error": 0.9, "info": 0.5}
"""The precision on dev that a threshold must reach, by severity."""

SILENT = 2.0
"""A threshold that no probability reaches: the head has learned too little to speak."""

REPORT = Path(__file__).parent / "heads.json"


class Table(NamedTuple):
    """All labelled elements of a split, for one rule."""

    views: list[View]
    gold: NDArray[np.bool_]
    organisations: NDArray[np.str_]


def train() -> None:
    """Train every head and write the artefacts with a report of their figures."""
    train_cases = read_cases(CASES / "drafts" / "train", DraftCase)
    dev_cases = read_cases(CASES / "drafts" / "dev", DraftCase)
    vectors = _vectors([*train_cases, *dev_cases])
    FOLDER.mkdir(exist_ok=True)
    report = {}
    for code in LOOKS:
        report[code] = _train_one(code, train_cases, dev_cases, vectors)
        print(code, report[code], flush=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _train_one(
    code: str,
    train_cases: Sequence[DraftCase],
    dev_cases: Sequence[DraftCase],
    vectors: dict[str, NDArray[np.float32]],
) -> dict[str, float]:
    table, dev = _table(code, train_cases, vectors), _table(code, dev_cases, vectors)
    rows = _matrix(table.views)
    scores = _out_of_fold(code, rows, table)
    platt = LogisticRegression(C=1e6).fit(scores[:, None], table.gold)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    model = _fit(code, rows, table.gold)
    probabilities = _sigmoid(slope * model.decision_function(_matrix(dev.views)) + offset)
    threshold, precision, recall = _threshold(code, dev.gold, probabilities)
    _store(code, model, (float(model.intercept_[0]), slope, offset, threshold))
    return {
        "train": len(table.gold),
        "train_positive": int(table.gold.sum()),
        "dev": len(dev.gold),
        "dev_positive": int(dev.gold.sum()),
        "dev_auroc": round(float(roc_auc_score(dev.gold, probabilities)), 3),
        "threshold": round(threshold, 4),
        "dev_precision": round(precision, 3),
        "dev_recall": round(recall, 3),
    }


def _vectors(cases: Sequence[DraftCase]) -> dict[str, NDArray[np.float32]]:
    texts = sorted({text for case in cases for text in as_objective(case).texts})
    return dict(zip(texts, make_embedder(Settings()).embed(texts), strict=True))


def _table(code: str, cases: Sequence[DraftCase], vectors: dict[str, NDArray[np.float32]]) -> Table:
    views, gold, organisations = [], [], []
    for case in cases:
        if case.only is not None and code not in case.only:
            continue
        labels = {item.on for item in case.labels if item.rule == code}
        arguable = {item.on for item in case.arguable if item.rule == code}
        objective: Objective = as_objective(case)
        for on in elements(code, objective):
            if on in arguable:
                continue
            views.append(look_at(LOOKS[code], objective, on, vectors))
            gold.append(on in labels)
            organisations.append(case.id.rsplit("-", 1)[0])
    return Table(views, np.array(gold), np.array(organisations))


def _matrix(views: Sequence[View]) -> csr_matrix:
    columns, values, ends = [], [], [0]
    for view in views:
        columns.extend(view.sparse)
        values.extend(view.sparse.values())
        ends.append(len(columns))
    sparse = csr_matrix((values, columns, ends), shape=(len(views), 2 * BUCKETS))
    return hstack([csr_matrix(np.array([view.dense for view in views])), sparse]).tocsr()


def _fit(code: str, rows: csr_matrix, gold: NDArray[np.bool_]) -> LogisticRegression:
    strength = REGULARISATION[LOOKS[code]]
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=5000).fit(rows, gold)


def _out_of_fold(code: str, rows: csr_matrix, table: Table) -> NDArray[np.float64]:
    scores = np.zeros(len(table.gold))
    for name in np.unique(table.organisations):
        held = table.organisations == name
        scores[held] = _fit(code, rows[~held], table.gold[~held]).decision_function(rows[held])
    return scores


def _threshold(
    code: str, gold: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> tuple[float, float, float]:
    """The threshold with the best F1 among those precise enough; :data:`SILENT` if none is."""
    precision, recall, thresholds = precision_recall_curve(gold, probabilities)
    precision, recall = precision[:-1], recall[:-1]
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    wanted = PRECISION[find_rule(code).severity]
    fine = np.where(precision >= wanted, f1, -1.0)
    best = int(np.argmax(fine))
    if fine[best] <= 0:
        return SILENT, float("nan"), 0.0
    return float(thresholds[best]), float(precision[best]), float(recall[best])


def _store(code: str, model: LogisticRegression, scalars: tuple[float, ...]) -> None:
    weights = model.coef_[0]
    dense, sparse = weights[: -2 * BUCKETS], weights[-2 * BUCKETS :]
    buckets = np.flatnonzero(np.abs(sparse) > np.abs(sparse).max() * 0.01)
    np.savez_compressed(
        FOLDER / f"{code}.npz",
        dense=dense.astype(np.float16),
        buckets=buckets.astype(np.uint32),
        weights=sparse[buckets].astype(np.float16),
        scalars=np.array(scalars, dtype=np.float64),
    )


def _sigmoid(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-scores)))


if __name__ == "__main__":
    train()
