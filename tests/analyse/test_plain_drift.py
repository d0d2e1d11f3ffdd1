"""Rules of drift that the words alone decide."""

from __future__ import annotations

import pytest

from assistant.analyse.links import Link
from assistant.analyse.plain_drift import plain_drift
from assistant.models import Objective
from tests.analyse.organisations import cycle, objective

FERRIES = objective("Islanders cross without waiting", "Median wait at the pier from 55 to 20 min")


def found(child: Objective, parent: Objective = FERRIES, cosine: float | None = None) -> str | None:
    link = Link(
        child=child,
        parent=parent,
        child_cycle=cycle("2026-Q3"),
        parent_cycle=cycle("FY26"),
        cosine=cosine,
    )
    drift = plain_drift(link)
    return drift.subtype if drift else None


@pytest.mark.parametrize(
    ("child", "cosine", "subtype"),
    [
        (
            objective("Full decks", "Median wait at the pier from 20 to 35 min"),
            0.2,
            "contradiction",
        ),
        (objective("Short queues", "Median wait at the pier from 55 to 30 min"), 0.6, None),
        (objective("No queue", "Wait at the ticket desk from 5 to 9 min"), 0.4, None),
        (objective("Crossing takes islanders no waiting", "From 55 to 20 min"), 0.9, "copy_paste"),
        (objective("Islanders cross without waiting"), None, "copy_paste"),
        (objective("Islanders book a place ahead", "Booked from 10 % to 60 %"), 0.9, None),
        (
            objective("A third ferry", "Keel laid, first crossing in May 2028"),
            0.3,
            "horizon_mismatch",
        ),
        (objective("A third crew", "Crew contracted until the end of 2028"), 0.3, None),
        (objective("A third crew", "Crew trained for 2028"), 0.3, None),
        (objective("Lorries cross without waiting", "Lorries left behind 9 to 2"), 0.7, None),
    ],
    ids=[
        "same measure, other way",
        "same measure, same way",
        "other measure, other way",
        "copied in other words",
        "copied word for word",
        "close, with numbers of its own",
        "a year after the parent's",
        "something that lasts",
        "something to be ready for",
        "no group that the text names as such",
    ],
)
def test_words_decide_or_stay_silent(
    child: Objective, cosine: float | None, subtype: str | None
) -> None:
    assert found(child, cosine=cosine) == subtype


@pytest.mark.parametrize(
    ("above", "below", "subtype"),
    [
        ("Nurses do not repeat their story", "Suppliers do not repeat their story", "scope_change"),
        ("Customers in Norway reorder early", "Customers in Chile reorder early", "scope_change"),
        ("Customers in Europe reorder early", "Customers in Spain reorder early", None),
        ("Customers in Norway reorder early", "Customers in Bergen reorder early", None),
        ("Nurses do not repeat their story", "Night nurses do not repeat their story", None),
    ],
    ids=["other people", "other country", "a country of the region", "a town", "the own slice"],
)
def test_the_same_sentence_about_another_group(above: str, below: str, subtype: str | None) -> None:
    child = objective(below, "Cases from 40 to 7")
    assert found(child, objective(above, "Cases from 90 to 30")) == subtype


def test_a_copy_is_told_from_the_whole_parent_although_it_hangs_under_one_key_result() -> None:
    parent = objective("Islanders cross safely", "Falls on deck from 9 to 2", "Wait from 55 to 20")
    child = objective("Islanders cross safely", "Falls on deck from 9 to 2", "Wait from 55 to 20")
    one = parent.model_copy(update={"key_results": parent.key_results[:1]})
    drift = plain_drift(Link(child=child, parent=one, whole=parent))
    assert drift is not None
    assert drift.subtype == "copy_paste"
