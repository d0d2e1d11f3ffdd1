"""How much the judge counts: samples, the one weight, and figures."""

from __future__ import annotations

import random

import numpy as np
import pytest

from assistant.critique.combine import Weights, probes
from evals.cases import CASES, DriftCase, PeerCase, read_cases
from evals.training import narrow
from evals.training.narrow import Seen


def seen(count: int, *, knows: float, seed: int = 3) -> list[Seen]:
    """Cases of which the local critic knows nothing and the model as much as is said."""
    source = random.Random(seed)
    cases = []
    for number in range(count):
        gold = source.random() < 0.5
        evidence = knows * (0.4 if gold else -0.4) + source.gauss(0, 0.3)
        cases.append(
            Seen(
                kind="direction",
                name="contrast:aligned" if gold else "contrast:drifted",
                org=("one", "other")[number % 2],
                group=str(number),
                gold=gold,
                local=0.5,
                evidence=max(-1.0, min(1.0, evidence)),
                cosine=0.0,
            )
        )
    return cases


def test_a_model_that_knows_more_gets_more_weight():
    assert narrow.fit(seen(200, knows=1)).judge > narrow.fit(seen(200, knows=0.3)).judge


def test_a_model_that_is_wrong_gets_none():
    assert narrow.fit(seen(200, knows=-1)).judge == 0


def test_a_small_sample_does_not_decide_alone():
    few = narrow.fit(seen(4, knows=1)).judge
    assert abs(few - narrow.PRIOR) < abs(narrow.fit(seen(200, knows=1)).judge - narrow.PRIOR)


def test_the_figures_of_both_are_at_least_those_of_a_critic_that_knows_nothing():
    cases = seen(120, knows=1)

    found = narrow.figures(cases, narrow.by_kind(cases, narrow.left_out))

    row = found["direction: contrast, aligned against the rest"]
    assert row["local"].value == 0.5
    assert row["both"].value == pytest.approx(row["narrow"].value, abs=0.03)
    assert row["narrow"].n == 120


def test_both_are_added_in_log_odds():
    case = seen(1, knows=1)[0]._replace(local=0.5, evidence=0.5)

    assert narrow.together([case], Weights(local=1, judge=2)) == pytest.approx(np.array([1.0]))


def test_contrast_groups_stay_whole():
    sample = narrow.edge_sample("dev", 12)
    groups = {case.group for case in sample if case.group}
    every = read_cases(CASES / "drift" / "dev", DriftCase)
    assert {case.id for case in every if case.group in groups} <= {case.id for case in sample}


def test_half_of_the_elements_are_guilty():
    sample = narrow.element_sample("dev", "K1", 20)
    assert sum(gold for _, _, gold in sample) == 10


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_no_probe_is_a_case(split: str):
    texts = {
        text
        for case in read_cases(CASES / "drift" / split, DriftCase)
        for okr in (case.parent, case.child)
        for text in (okr.objective, *okr.key_results)
    } | {
        text
        for case in (
            read_cases(CASES / "peers" / split, PeerCase)
            if (CASES / "peers" / split).exists()
            else ()
        )
        for okr in (case.a, case.b)
        for text in (okr.objective, *okr.key_results)
    }
    asked = {
        text
        for kind in ("direction", "conflict", "duplicate", "dependency")
        for probe in probes(kind)
        for text in (*probe.first, *probe.second)
    }
    assert not texts & asked
