"""What became of each part of a parent's meaning in its child."""

from __future__ import annotations

import pytest

from assistant.analyse.compare import in_words, slot_changes
from assistant.models import Objective
from tests.analyse.organisations import cycle, objective

SHARE = objective("Grow in small clinics", "Market share among small clinics from 12 % to 18 %")


@pytest.mark.parametrize(
    ("parent", "child", "words"),
    [
        (
            SHARE,
            objective("Bigger contracts in small clinics", "Deal size from 20 to 30 thousand euro"),
            "metric changed: Market share -> Deal size; segment kept",
        ),
        (
            SHARE,
            objective("Win hospitals", "Market share among hospitals from 3 % to 9 %"),
            "metric kept; segment changed: small clinics -> hospitals; direction kept",
        ),
        (
            objective("Fewer faults", "Claims per 100 units from 46 to 30"),
            objective("Easy claims", "Claims per 100 units from 30 to 46"),
            "metric kept; segment kept; direction changed: decrease -> increase",
        ),
        (
            objective("Cut energy cost without closing wards", "Energy cost from 9 to 7 million"),
            objective("Darker nights", "Energy cost of the wards from 3 to 2 million"),
            "metric kept; segment added: wards; direction kept; guard lost: without closing wards",
        ),
    ],
    ids=["metric", "segment", "direction", "guard"],
)
def test_one_line_says_what_changed(parent: Objective, child: Objective, words: str) -> None:
    assert in_words(slot_changes(child, parent)) == words


@pytest.mark.parametrize(
    ("above", "below", "kept"),
    [
        ("FY26", "2026-Q3", True),
        ("2026-Q2", "2026-Q2", True),
        ("2026-H1", "2026-Q4", False),
    ],
)
def test_a_horizon_is_kept_inside_the_period_of_the_parent(
    above: str, below: str, kept: bool
) -> None:
    changes = slot_changes(
        objective("Fewer faults"),
        objective("Happy owners"),
        child_cycle=cycle(below),
        parent_cycle=cycle(above),
    )
    horizon = next(item for item in changes if item.slot == "horizon")
    assert (horizon.change, horizon.above, horizon.below) == (
        "kept" if kept else "changed",
        above,
        below,
    )


def test_synonyms_are_kept_where_a_similarity_recognises_them() -> None:
    parent = objective("Loyal owners", "Churn from 9 % to 5 %")
    child = objective("Owners stay", "Attrition from 9 % to 5 %")
    assert in_words(slot_changes(child, parent)).startswith("metric changed: Churn -> Attrition")
    same = slot_changes(child, parent, similarity=lambda _one, _other: 0.8)
    assert same[0].change == "kept"


def test_a_dropped_key_result_says_nothing() -> None:
    parent = objective("Loyal owners", "Churn from 9 % to 5 %")
    dropped = parent.key_results[0].model_copy(update={"status": "dropped"})
    child = objective("Owners stay").model_copy(update={"key_results": (dropped,)})
    assert slot_changes(child, parent)[0].change == "lost"
