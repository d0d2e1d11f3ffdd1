"""Signs that two objectives collide: on which they speak, and how often they are right."""

from __future__ import annotations

import pytest

from assistant.analyse.collisions import Collision, find_collision, signs
from assistant.models import Objective
from evals.cases import CASES, PeerCase, read_cases
from evals.drafts import okr_objective
from tests.analyse.organisations import objective


def between(a: Objective, b: Objective) -> Collision | None:
    return find_collision(signs(a), signs(b))


MORE = objective("Boats are full", "Night crossings on the north line from 20 to 60")
LESS = objective("Villages sleep", "Night crossings past the village from 30 to 10")
STILL = objective("The booking site stays up in summer", "No release from June to August")
BUSY = objective("The booking site gets better weekly", "Releases from 2 to 8 a month")
AWAY = objective("Cargo is weighed at once", "Releases from 2 to 8 a month")
EARLY = objective("The booking site warns early", "Releases stopped by an alarm from 5 % to 70 %")
ALONE = objective("A refund takes a minute", "Refunds paid without a purser from 0 % to 60 %")
PURSER = objective("No refund is wrong", "Purser checks every refund")
COOK = objective("No soup is cold", "Cook checks every soup")
DROPPED = objective("Boarding is quick", "Luggage scan dropped")
SCANNED = objective("Nothing unknown on board", "Bags through the luggage scan from 10 % to 80 %")
DOCK = objective("Hulls last longer", "Hulls dried in 40 dock days")
DOCK_TOO = objective("New paint on all boats", "Boats painted in 55 dock days")
WEEK = objective("Answers come soon", "Letters answered within 5 working days")
WEEK_TOO = objective("Claims are settled", "Claims settled within 10 working days")


@pytest.mark.parametrize(
    ("a", "b", "subtype", "shared"),
    [
        (STILL, BUSY, "speed_vs_stability", "No release"),
        (ALONE, PURSER, "opposite_direction", "without a purser"),
        (DROPPED, SCANNED, "opposite_direction", "Luggage scan dropped"),
        (DOCK, DOCK_TOO, "resource_contention", "40 dock days"),
    ],
    ids=[
        "stopped and sped up",
        "gone round and checked",
        "dropped and wanted",
        "booked twice",
    ],
)
def test_signs_of_a_collision(a: Objective, b: Objective, subtype: str, shared: str) -> None:
    found, back = between(a, b), between(b, a)
    assert found is not None
    assert back is not None
    assert (found.subtype, found.shared) == (subtype, shared)
    assert (back.subtype, back.on_a, back.on_b) == (subtype, found.on_b, found.on_a)


@pytest.mark.parametrize(
    ("a", "b"),
    [(MORE, LESS), (STILL, AWAY), (STILL, EARLY), (ALONE, COOK), (WEEK, WEEK_TOO)],
    ids=[
        "one name of two things",
        "nothing else in common",
        "a share of the releases",
        "another check",
        "days are no resource",
    ],
)
def test_no_sign_of_a_collision(a: Objective, b: Objective) -> None:
    assert between(a, b) is None


def test_four_in_five_of_the_labelled_pairs_on_which_one_speaks_are_conflicts() -> None:
    said = [
        case.label
        for split in ("train", "dev")
        for case in read_cases(CASES / "peers" / split, PeerCase)
        if between(okr_objective("a", case.a), okr_objective("b", case.b))
    ]
    assert len(said) >= 9
    assert said.count("conflict") / len(said) >= 0.8
