"""Which pairs are compared, in which order, and how much of what is labelled is among them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.analyse import candidates
from assistant.analyse.candidates import find_candidates
from assistant.index.onnx import OnnxEmbedder
from assistant.models import Objective, Organisation
from evals.cases import CASES, PeerCase, read_cases
from evals.drafts import okr_objective
from tests.analyse.organisations import half_alike, objective, organisation

PIER = objective("Nobody waits at the pier", id="pier", team="boats", cycle="2031-Q1")
QUAY = objective("Nobody waits at the quay", id="quay", team="quays", cycle="2031-Q1")
OWN = objective("Nobody waits at the pier again", id="own", team="boats", cycle="2031-Q1")
LATER = objective("Nobody waits at the pier in spring", id="later", team="port", cycle="2031-Q2")
YEAR = objective("Nobody waits on this coast", id="year", team="board", cycle="FY31")
UNDER = objective(
    "Tickets are bought at home", id="under", team="web", cycle="2031-Q1", under=["pier"]
)
BELOW = objective("The shop loads fast", id="below", team="it", cycle="2031-Q1", under=["under"])


def pairs(*objectives: Objective, **options: object) -> set[tuple[str, str]]:
    found = find_candidates(organisation(*objectives), half_alike, **options)  # type: ignore[arg-type]
    return {(item.a_id, item.b_id) for item in found}


@pytest.mark.parametrize(
    ("objectives", "expected"),
    [
        ((PIER, QUAY), {("pier", "quay")}),
        ((PIER, OWN), set()),
        ((PIER, LATER), set()),
        ((PIER, YEAR, LATER), {("pier", "year"), ("year", "later")}),
        ((PIER, LATER.model_copy(update={"cycle_id": None})), {("pier", "later")}),
        ((PIER, QUAY.model_copy(update={"status": "dropped"})), set()),
        ((PIER, UNDER, BELOW), set()),
        ((PIER, PIER, QUAY), {("pier", "quay")}),
        ((PIER,), set()),
        ((), set()),
    ],
    ids=[
        "other teams",
        "own team",
        "another quarter",
        "the year around both",
        "no period touches all",
        "dropped",
        "above and below, however far",
        "named twice",
        "alone",
        "nothing",
    ],
)
def test_who_may_meet_whom(
    objectives: tuple[Objective, ...], expected: set[tuple[str, str]]
) -> None:
    assert pairs(*objectives) == expected


def test_links_in_a_circle_end() -> None:
    one = objective("One", id="one", team="a", under=["two"])
    two = objective("Two", id="two", team="b", under=["one"])
    assert pairs(one, two) == set()


def test_objectives_without_a_team_may_meet_each_other() -> None:
    assert pairs(objective("One", id="one"), objective("Two", id="two")) == {("one", "two")}


def test_a_scope_keeps_the_pairs_that_touch_it() -> None:
    assert pairs(PIER, QUAY, YEAR, scope=["quay"]) == {("pier", "quay"), ("quay", "year")}


def test_shared_words_and_parents_come_before_others() -> None:
    noise = [objective(f"Something{at} else{at}", id=f"n{at}", team=f"t{at}") for at in range(30)]
    one = objective("The climate chamber is ours in March", id="one", team="a", under=["n0"])
    two = objective("Cold tests take the climate chamber", id="two", team="b")
    three = objective("Porters sleep", id="three", team="c", under=["n0"])
    found = find_candidates(organisation(*noise, one, two, three), half_alike, each=2)
    near = sorted((item for item in found if "one" in item[:2]), key=lambda item: -item.score)
    assert [item.b_id for item in near] == ["two", "three"]


def test_at_most_so_many_each_in_one_order() -> None:
    many = organisation(*(objective(f"Goal {at}", id=f"g{at}", team=f"t{at}") for at in range(40)))
    found = find_candidates(many, half_alike, each=3)
    assert len(found) <= 3 * 40
    assert max(item.rank for item in found) == 2
    assert all(one.rank <= other.rank for one, other in pairwise(found))
    assert found == find_candidates(many, half_alike, each=3)


def test_neighbourhoods_find_what_the_whole_table_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    centres = random.normal(size=(12, 64))
    rows = np.repeat(centres, 10, axis=0) + random.normal(size=(120, 64)) * 0.3
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    many = organisation(
        *(objective(f"w{at}", id=str(at), team=f"t{at % 7}") for at in range(len(rows)))
    )

    def vectors(ids: Sequence[str]) -> NDArray[np.float32]:
        return rows[[int(key) for key in ids]]

    whole = {(item.a_id, item.b_id) for item in find_candidates(many, vectors, each=3)}
    monkeypatch.setattr(candidates, "_CELLS_FROM", 50)
    monkeypatch.setattr(candidates, "_CELL", 10)
    parts = {(item.a_id, item.b_id) for item in find_candidates(many, vectors, each=3)}
    assert len(whole & parts) / len(whole) > 0.95


def recall(org: str, split: str) -> float:
    """How many of the labelled pairs that somebody has to act on are found, all in one pool."""
    cases = read_cases(CASES / "peers" / split / f"{org}.jsonl", PeerCase)
    okrs = {okr.key: okr for case in cases for okr in (case.a, case.b)}
    pool = {key: okr_objective(key, okr) for key, okr in okrs.items()}
    texts = {
        part: text
        for item in pool.values()
        for part, text in [(item.id, item.text), *((kr.id, kr.text) for kr in item.key_results)]
    }
    matrix = dict(zip(texts, OnnxEmbedder().embed(list(texts.values())), strict=True))
    found = find_candidates(
        Organisation(objectives=tuple(pool.values())),
        lambda ids: np.array([matrix[key] for key in ids]),
    )
    said = {frozenset((item.a_id, item.b_id)) for item in found}
    wanted = [
        frozenset((case.a.key, case.b.key))
        for case in cases
        if case.label in ("conflict", "duplicate", "dependency") and case.a.team != case.b.team
    ]
    return sum(pair in said for pair in wanted) / len(wanted)


@pytest.mark.parametrize(("org", "least"), [("bexley", 0.98), ("ravelin", 0.98)])
def test_labelled_pairs_of_the_dev_split_are_among_the_candidates(org: str, least: float) -> None:
    assert recall(org, "dev") >= least
