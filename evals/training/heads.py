"""Trains the heads from the labelled drafts: `python -m evals.training.heads`.

Train split: weights of words and signs. Dev split: how much they and the reader count, and the
thresholds. The test split is not opened here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve, roc_auc_score

from assistant.learned.heads import FOLDER, Seen, elements, odds_of, seen_at
from assistant.learned.labels import COLUMN, LOOKS
from assistant.learned.ngrams import BUCKETS
from assistant.learned.reader import Odds
from assistant.learned.views import View, look_at
from assistant.models import Objective
from assistant.rules import find_rule
from evals.cases import CASES, DraftCase, read_cases
from evals.drafts import as_objective

REGULARISATION = {"objective": 1.0, "key-result": 1.0, "fit": 0.3, "set": 1.0}
PRECISION = {"warning": 0.85, "error": 0.9, "info": 0.5}
"""The precision on dev that a threshold must reach, by severity."""

LEAST_SURE = {"warning": 0.5, "error": 0.5, "info": 0.2}
"""The probability that a threshold must not lie below, by severity."""

FEWEST = 30
"""A head that was taught by fewer positives than this stays silent."""

SILENT = 2.0
"""A threshold that no probability reaches: the head has learned too little to speak."""

REPORT = Path(__file__).parent / "heads.json"


class Table(NamedTuple):
    """All labelled elements of a split, for one rule."""

    views: list[View]
    odds: NDArray[np.float64]
    gold: NDArray[np.bool_]


def train() -> None:
    """Train every head and write the artefacts with a report of their figures."""
    train_cases = read_cases(CASES / "drafts" / "train", DraftCase)
    dev_cases = read_cases(CASES / "drafts" / "dev", DraftCase)
    said = list(odds_of([as_objective(case) for case in dev_cases]))
    FOLDER.mkdir(exist_ok=True)
    report = {}
    for code in LOOKS:
        known, dev = _table(code, train_cases, None), _table(code, dev_cases, said)
        report[code] = _train_one(code, known, dev)
        print(code, report[code], flush=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _train_one(code: str, known: Table, dev: Table) -> dict[str, float]:
    model = _fit(code, _matrix(known.views), known.gold)
    scores = np.column_stack([model.decision_function(_matrix(dev.views)), dev.odds])
    both = _mix(scores, dev.gold)
    words, reader = (float(weight) for weight in both.coef_[0])
    offset = float(both.intercept_[0])
    probabilities = both.predict_proba(scores)[:, 1]
    threshold, precision, recall = SILENT, float("nan"), 0.0
    if known.gold.sum() >= FEWEST:
        threshold, precision, recall = _threshold(code, dev.gold, probabilities)
    _store(code, model, (float(model.intercept_[0]), words, reader, offset, threshold))
    return {
        "train": len(known.gold),
        "train_positive": int(known.gold.sum()),
        "dev": len(dev.gold),
        "dev_positive": int(dev.gold.sum()),
        "dev_auroc": round(float(roc_auc_score(dev.gold, probabilities)), 3),
        "dev_auroc_words": round(float(roc_auc_score(dev.gold, scores[:, 0])), 3),
        "dev_auroc_reader": round(float(roc_auc_score(dev.gold, scores[:, 1])), 3),
        "threshold": round(threshold, 4),
        "dev_precision": round(precision, 3),
        "dev_recall": round(recall, 3),
    }


def _mix(scores: NDArray[np.float64], gold: NDArray[np.bool_]) -> LogisticRegression:
    """How much words and reader count; neither may count against a rule that it was taught."""
    both = LogisticRegression(C=1.0, max_iter=1000).fit(scores, gold)
    for column in np.flatnonzero(both.coef_[0] < 0):
        kept = scores.copy()
        kept[:, column] = 0.0
        both = LogisticRegression(C=1.0, max_iter=1000).fit(kept, gold)
        both.coef_[0, column] = 0.0
    return both


def _table(
    code: str, cases: Sequence[DraftCase], said: Sequence[Mapping[Seen, Odds]] | None
) -> Table:
    views, odds, gold = [], [], []
    for number, case in enumerate(cases):
        if case.only is not None and code not in case.only:
            continue
        labels = {item.on for item in case.labels if item.rule == code}
        arguable = {item.on for item in case.arguable if item.rule == code}
        objective: Objective = as_objective(case)
        for on in elements(code, objective):
            if on in arguable:
                continue
            views.append(look_at(LOOKS[code], objective, on))
            if said is not None:
                odds.append(float(said[number][seen_at(LOOKS[code], on)][COLUMN[code]]))
            gold.append(on in labels)
    return Table(views, np.array(odds), np.array(gold))


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


def _threshold(
    code: str, gold: NDArray[np.bool_], probabilities: NDArray[np.float64]
) -> tuple[float, float, float]:
    """The threshold with the best F1 among those precise enough; :data:`SILENT` if none is."""
    precision, recall, thresholds = precision_recall_curve(gold, probabilities)
    precision, recall = precision[:-1], recall[:-1]
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    severity = find_rule(code).severity
    allowed = (precision >= PRECISION[severity]) & (thresholds >= LEAST_SURE[severity])
    fine = np.where(allowed, f1, -1.0)
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


if __name__ == "__main__":
    train()
