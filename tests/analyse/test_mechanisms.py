"""What words alone say about two objectives, and how often they are right."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.analyse.mechanisms import Mechanism, facets, find_mechanism
from assistant.models import KeyResult, Objective
from evals.cases import CASES, PeerCase, read_cases
from evals.drafts import okr_objective
from tests.analyse.organisations import objective


def between(a: Objective, b: Objective) -> Mechanism | None:
    return find_mechanism(facets(a), facets(b))


FERRY_RATES = objective("Islanders pay less", "Fare per crossing from 12.40 to 9.80 euro")
CASH = objective("The crossing pays for itself", "Fare per crossing from 12.40 to 14 euro")
LATE = objective("Boats leave on time", "Late departures from 37 % to 12 %")
LATE_TOO = objective("The harbour keeps its hours", "Departures that are late from 37 % to 10 %")
PUNCTUAL = objective("Boats leave on time", "Departures on time from 63 % to 90 %")
CHANCE = objective("Decks are clean", "Complaints about dirt from 37 % to 13 %")
ELSEWHERE = objective("Decks are clean", "Complaints about dirt from 37 % to 2 %")
SMALL = objective("New films", "Films finished from 9 to 40")
SMALL_TOO = objective("New tests", "Tests finished from 9 to 40")
CREW_A = objective("Night boats run", "Night crossings 0 to 200, with the 14 deckhands of the pool")
CREW_B = objective("Every deck is repainted", "Decks painted by the 14 deckhands: 2 to 11")
CREW_C = objective("Every deck is repainted", "Decks painted by the 6 deckhands: 2 to 11")
SCHEDULE = objective("Buses meet the boat", "Meetings missed 20 to 5, based on live arrival times")
ARRIVALS = objective("Live arrival times are right", "Error of arrival times from 14 to 3 minutes")
ALSO_USES = objective("Porters wait less", "Idle hours 90 to 30, planned with live arrival times")


@pytest.mark.parametrize(
    ("a", "b", "kind", "subtype", "shared"),
    [
        (FERRY_RATES, CASH, "conflict", "opposite_direction", "Fare per crossing"),
        (LATE, LATE_TOO, "duplicate", None, "Late departures"),
        (LATE, PUNCTUAL, "duplicate", None, "Late departures"),
        (CREW_A, CREW_B, "conflict", "resource_contention", "14 deckhands"),
    ],
    ids=[
        "one start, opposite ways",
        "one start, one way",
        "counted from its two ends",
        "one pool taken twice",
    ],
)
def test_words_that_decide(
    a: Objective, b: Objective, kind: str, subtype: str | None, shared: str
) -> None:
    found = between(a, b)
    assert found is not None
    assert (found.kind, found.subtype, found.shared, found.is_sure) == (kind, subtype, shared, True)
    back = between(b, a)
    assert back is not None
    assert (back.kind, back.subtype) == (kind, subtype)


@pytest.mark.parametrize(("a", "b"), [(LATE, CHANCE), (SMALL, SMALL_TOO)])
def test_numbers_that_meet_by_chance_need_to_be_borne_out(a: Objective, b: Objective) -> None:
    found = between(a, b)
    assert found is not None
    assert (found.kind, found.is_sure) == ("duplicate", False)


@pytest.mark.parametrize(
    ("a", "b"),
    [(LATE, ELSEWHERE), (CREW_A, CREW_C), (SCHEDULE, ALSO_USES), (LATE, FERRY_RATES)],
    ids=["same start, other end", "another pool", "both use one thing", "nothing in common"],
)
def test_words_that_decide_nothing(a: Objective, b: Objective) -> None:
    assert between(a, b) is None


def test_what_rests_on_another_names_the_side_that_needs() -> None:
    found, back = between(SCHEDULE, ARRIVALS), between(ARRIVALS, SCHEDULE)
    assert found is not None
    assert back is not None
    assert (found.kind, found.needs, found.on_a, found.on_b) == (
        "dependency",
        "a",
        "kr:1",
        "objective",
    )
    assert (back.kind, back.needs, back.on_a, back.on_b) == ("dependency", "b", "objective", "kr:1")
    assert found.shared == "live arrival times"


def test_dropped_key_results_do_not_count() -> None:
    result: KeyResult = LATE_TOO.key_results[0]
    dropped = LATE_TOO.model_copy(
        update={"key_results": (result.model_copy(update={"status": "dropped"}),)}
    )
    assert between(LATE, dropped) is None


@pytest.fixture(scope="module")
def told() -> Counter[tuple[str, bool]]:
    """How often a rule that stands alone is right and wrong, by kind, on labelled pairs."""
    found: Counter[tuple[str, bool]] = Counter()
    for split in ("train", "dev"):
        for case in read_cases(CASES / "peers" / split, PeerCase):
            said = between(okr_objective(f"{case.id}-a", case.a), okr_objective("b", case.b))
            if said and said.is_sure:
                is_right = (
                    said.kind == case.label
                    and said.subtype in (None, case.subtype)
                    and said.needs == case.needs
                )
                found[said.kind, is_right] += 1
    return found


@pytest.mark.parametrize("kind", ["conflict", "duplicate", "dependency"])
def test_each_rule_is_right_in_nine_of_ten_labelled_pairs(
    kind: str, told: Counter[tuple[str, bool]]
) -> None:
    right, wrong = told[kind, True], told[kind, False]
    assert right >= 5
    assert right / (right + wrong) >= 0.9
