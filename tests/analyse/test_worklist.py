"""The worklist holds every finding once, in the order of one formula."""

from __future__ import annotations

from math import log2

import pytest

from assistant.analyse.worklist import FORMULA, GRAVITY, make_worklist, people_with_below, weigh
from assistant.models import Evidence, Finding, Organisation, Severity, Team
from tests.analyse.organisations import objective, organisation


def finding(
    rule: str,
    on: str,
    severity: Severity = "warning",
    *,
    confidence: float = 1.0,
    peer: str | None = None,
    words: str = "",
    known: bool = False,
) -> Finding:
    quotes = (Evidence(kind="peer", id=peer, title=peer, quote=peer),) if peer else ()
    return Finding(
        rule=rule, slug=rule.lower(), severity=severity, on="objective", objective_id=on,
        message=f"{rule} on {on}", evidence=quotes, confidence=confidence, words=words, known=known,
    )  # fmt: skip


def plant(people: dict[str, int | None]) -> Organisation:
    """A top team with two teams below it; `small-1` hangs under `big-1`, that under `top-1`."""
    found = organisation(
        objective("top-1", team="top"),
        objective("big-1", team="big", under=["top-1"]),
        objective("small-1", team="small", under=["big-1"]),
    )
    above = {"top": None, "big": "top", "small": "top"}
    teams = tuple(
        Team(id=key, name=key, parent_id=up, people=people.get(key)) for key, up in above.items()
    )
    return found.model_copy(update={"teams": teams})


PEOPLE = {"top": 3, "big": 60, "small": 4}


@pytest.mark.parametrize(
    ("severity", "confidence", "affected", "weight"),
    [
        pytest.param("info", 1.0, 1, 1.0, id="one person, the mildest"),
        pytest.param("info", 1.0, 0, 1.0, id="nobody counts as one"),
        pytest.param("warning", 1.0, 1, 4.0, id="four times an info"),
        pytest.param("error", 0.5, 1, 8.0, id="half as sure, half the weight"),
        pytest.param("warning", 1.0, 1024, 44.0, id="ten doublings"),
    ],
)
def test_the_weight_is_severity_confidence_and_reach(
    severity: Severity, confidence: float, affected: int, weight: float
) -> None:
    assert weigh(finding("A3", "x", severity, confidence=confidence), affected) == weight


def test_the_formula_in_words_names_the_numbers_of_the_formula() -> None:
    said = ", ".join(f"{name} {GRAVITY[name]:g}" for name in ("error", "warning", "info"))
    assert f"severity ({said})" in FORMULA


@pytest.mark.parametrize(
    ("on", "people", "affected", "counted"),
    [
        pytest.param("top-1", PEOPLE, 67, "people", id="a team with all below it"),
        pytest.param("big-1", PEOPLE, 60, "people", id="a team with none below it"),
        pytest.param("choice-9", PEOPLE, 67, "people", id="nobody's objective concerns all"),
        pytest.param("top-1", {}, 3, "objectives", id="no figures: itself and all below"),
        pytest.param("small-1", {}, 1, "objectives", id="no figures: itself"),
        pytest.param("big-1", {"small": 4}, 2, "objectives", id="no figure for this branch"),
        pytest.param("choice-9", {}, 3, "objectives", id="no figures: all objectives"),
    ],
)
def test_who_is_affected(
    on: str, people: dict[str, int | None], affected: int, counted: str
) -> None:
    (item,) = make_worklist([finding("A3", on)], plant(people))
    assert (item.affected, item.counted) == (affected, counted)
    assert item.weight == pytest.approx(4 * (1 + log2(affected)), abs=0.01)


def test_circles_of_teams_and_of_parents_end() -> None:
    teams = (Team(id="a", name="a", parent_id="b", people=2), Team(id="b", name="b", parent_id="a"))
    round_and_round = organisation(
        objective("one", under=["two"]), objective("two", under=["one"])
    ).model_copy(update={"teams": teams})
    assert people_with_below(round_and_round) == {"a": 2, "b": 2}
    (item,) = make_worklist([finding("A3", "one")], round_and_round)
    assert item.affected == 2


def test_the_order() -> None:
    findings = [
        finding("K1", "top-1", "error"),
        finding("A3", "big-1", known=True),
        finding("A3", "small-1"),
        finding("A9", "big-1", "info"),
        finding("A3", "big-1", confidence=0.9, words="another"),
    ]
    items = make_worklist(findings, plant(PEOPLE))
    assert [item.rank for item in items] == [1, 2, 3, 4, 5]
    assert [item.lead.message for item in items] == [
        "A3 on big-1", "A3 on small-1", "A9 on big-1", "K1 on top-1", "A3 on big-1",
    ]  # fmt: skip
    assert [item.known for item in items] == [False, False, False, False, True]


def test_remarks_on_one_objective_share_a_line() -> None:
    findings = [
        finding("S9", "big-1", "info"),
        finding("K1", "big-1", words="one"),
        finding("A3", "big-1"),
        finding("K1", "small-1"),
    ]
    items = make_worklist(findings, plant(PEOPLE))
    assert [[found.rule for found in item.findings] for item in items] == [
        ["A3"], ["K1", "S9"], ["K1"],
    ]  # fmt: skip
    assert [item.wording for item in items] == [False, True, True]


@pytest.mark.parametrize(
    ("rule", "lines"), [("A5", 1), ("A6", 1), ("A2", 2)], ids=["conflict", "duplicate", "coverage"]
)
def test_what_holds_between_two_is_one_line(rule: str, lines: int) -> None:
    findings = [
        finding(rule, "small-1", peer="big-1"),
        finding(rule, "big-1", peer="small-1"),
    ]
    items = make_worklist(findings, plant(PEOPLE))
    assert len(items) == lines
    assert items[0].lead.objective_id == "big-1"
    assert sum(len(item.findings) for item in items) == 2


def test_a_peer_quoted_by_its_key_result_is_the_same_peer() -> None:
    one, other = (
        objective("One", "Wait from 9 to 4 min"),
        objective("Other", "Wait from 9 to 5 min"),
    )
    findings = [
        finding("A5", one.id, peer=other.key_results[0].id),
        finding("A5", other.id, peer=one.key_results[0].id),
    ]
    assert len(make_worklist(findings, organisation(one, other))) == 1


def test_no_findings_make_no_lines() -> None:
    assert make_worklist([], Organisation()) == ()
