"""What shortcuts score, on figures that can be checked by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from evals import pages, shortcuts
from evals.cases import DraftCase, Label
from evals.metrics import draw_weights


def lone(name: str, text: str, *, guilty: bool, **fields: object) -> DraftCase:
    labels = (Label(on="kr:1", rule="K1"),) if guilty else ()
    return DraftCase(
        id=name, objective="Win", key_results=(text,), labels=labels, only=("K1",), **fields
    )  # type: ignore[arg-type]


def test_auroc_agrees_with_scikit_learn_in_every_resample() -> None:
    generator = np.random.default_rng(1)
    gold = generator.random(60) > 0.6
    scores = generator.integers(0, 5, 60).astype(float)
    weights = draw_weights([str(number // 2) for number in range(60)], resamples=20)
    expected = [roc_auc_score(gold, scores, sample_weight=row) for row in weights]
    assert shortcuts.auroc(gold, scores, weights) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Repeat rate from 20 % to 30 %", True),
        ("raise it FROM about 3 to at most 7", True),
        ("stops: 19 a week -> 6", True),
        ("late repairs 9 % → 4 %", True),
        ("From Monday to Friday", False),
        ("12 posts from us to you", False),
        ("notes -> done", False),
    ],
)
def test_from_to_joins_two_figures(text: str, found: bool) -> None:
    assert bool(shortcuts.SIGNS["from X to Y"](text)) is found


def test_what_is_judged_respects_only_and_arguable() -> None:
    argued = lone("a-2", "Ship it", guilty=False, arguable=(Label(on="kr:1", rule="K1"),))
    found = shortcuts.judged([lone("a-1", "Launch it", guilty=True), argued])
    assert set(found) == {"K1"}
    assert found["K1"].texts == ("Launch it",)
    assert found["K1"].gold.tolist() == [True]


def test_a_split_that_words_give_away_is_found_out() -> None:
    train = [lone(f"t-{n}", f"Launch portal {n}", guilty=True) for n in range(12)]
    train += [lone(f"u-{n}", f"Fewer late repairs {n}", guilty=False) for n in range(12)]
    test = [lone(f"x-{n}", "Launch a site", guilty=True) for n in range(10)]
    test += [lone(f"y-{n}", "Fewer late calls a week", guilty=False) for n in range(10)]
    found = shortcuts.measure(train, test)
    assert set(found) == {"K1"}
    assert found["K1"][shortcuts.BAG].value == 1.0
    assert found["K1"]["words"].value == 0.0
    assert found["K1"]["a digit"].value == 0.5
    assert found["K1"]["words"].n == 10


def test_rules_with_few_positives_are_left_out() -> None:
    test = [lone(f"x-{n}", "Launch a site", guilty=n < 9) for n in range(20)]
    assert shortcuts.measure(test, test) == {}


def test_every_rule_with_enough_positives_is_published() -> None:
    stored = json.loads(shortcuts.STORED.read_text(encoding="utf-8"))
    assert {"O1", "K1"} <= set(stored)
    for figures in stored.values():
        assert set(figures) == {*shortcuts.SIGNS, shortcuts.BAG}
        assert figures["words"]["n"] >= shortcuts.ENOUGH


def test_rules_that_a_single_sign_gives_away_are_named() -> None:
    table = shortcuts.shortcuts_table()
    assert "| O5 not-crisp | " in table
    assert "O5 (words, characters)" in table.splitlines()[-1]
    assert "K1 (" not in table.splitlines()[-1]


def test_a_table_has_a_line_a_row() -> None:
    assert pages.table(("a", "b"), [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
