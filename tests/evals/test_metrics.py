"""Figures and their intervals, against other implementations and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, roc_auc_score, roc_curve

from evals.metrics import auroc, draw_pair_weights, draw_weights, kappa, recall_at


def test_auroc_agrees_with_scikit_learn_in_every_resample() -> None:
    generator = np.random.default_rng(1)
    gold = generator.random(60) > 0.6
    scores = generator.integers(0, 5, 60).astype(float)
    weights = draw_weights([str(number // 2) for number in range(60)], resamples=20)
    expected = [roc_auc_score(gold, scores, sample_weight=row) for row in weights]
    assert auroc(gold, scores, weights) == pytest.approx(expected)


def test_recall_at_is_the_highest_point_of_the_curve_within_the_rate() -> None:
    generator = np.random.default_rng(2)
    gold = generator.random(80) > 0.5
    scores = generator.normal(size=80) + gold
    alarms, recall, _ = roc_curve(gold, scores, drop_intermediate=False)
    found = recall_at(gold, scores, np.ones((1, 80)), 0.2)
    assert found[0] == pytest.approx(recall[alarms <= 0.2].max())


@pytest.mark.parametrize(
    ("scores", "recall"),
    [
        ([9, 8, 7, 6, 5, 4, 3], 1.0),
        ([1, 1, 8, 6, 5, 4, 3], 0.0),
        ([9, 5, 8, 6, 5, 4, 3], 0.5),
        ([9, 5, 6, 5, 4, 3, 2], 0.5),
    ],
    ids=["all", "none", "half", "a tie counts as an alarm"],
)
def test_recall_at_by_hand(scores: list[float], recall: float) -> None:
    gold = np.array([True, True, False, False, False, False, False])
    found = recall_at(gold, np.array(scores, dtype=float), np.ones((1, 7)), 0.2)
    assert found[0] == recall


def test_recall_at_needs_both_kinds() -> None:
    assert np.isnan(recall_at(np.array([True]), np.array([1.0]), np.ones((1, 1)), 0.2))


def test_kappa_of_several_labels_agrees_with_scikit_learn() -> None:
    generator = np.random.default_rng(3)
    gold = generator.choice(["aligned", "drifted", "unrelated"], 70)
    said = np.where(generator.random(70) > 0.4, gold, "drifted")
    assert kappa(gold, said, np.ones((1, 70)))[0] == pytest.approx(cohen_kappa_score(gold, said))


def test_kappa_of_one_label_alone_is_undefined() -> None:
    same = np.array(["aligned"] * 3)
    assert np.isnan(kappa(same, same, np.ones((1, 3)))[0])


def test_a_pair_counts_as_often_as_both_its_sides() -> None:
    weights = draw_pair_weights(["x", "x", "y"], ["y", "z", "z"], resamples=200)
    assert weights.shape == (201, 3)
    assert (weights[0] == 1).all()
    x_y, x_z, y_z = weights[1:].T
    drawn_alone = (x_y > 0) & (x_z > 0)
    assert (y_z[drawn_alone] > 0).all()
    assert not (x_y == x_z).all()


def test_nothing_weighs_nothing() -> None:
    assert draw_weights([], resamples=4).shape == (5, 0)
    assert draw_pair_weights([], [], resamples=4).shape == (5, 0)
