"""Figures about a whole organisation: value, formula, and what was counted."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.analyse.figures import organisation_figures
from assistant.analyse.findings import corpus_finding
from assistant.analyse.horizons import reach_of
from assistant.models import (
    Choice,
    Coverage,
    Edge,
    EdgeVerdict,
    Evidence,
    Figure,
    Finding,
    Location,
    Objective,
    Organisation,
    PeerLink,
    StrategyDocument,
    Team,
)
from tests.analyse.organisations import cycle, objective, organisation

TEAMS = (
    Team(id="top", name="Harbour", people=4, budget=100.0),
    Team(id="piers", name="Piers", parent_id="top", people=30, budget=900.0),
    Team(id="north", name="North", parent_id="piers", people=12),
    Team(id="cranes", name="Cranes", parent_id="top"),
)
ROOT = objective(
    "Ships turn round in a day", "Median hours from 40 to 24", team="top", cycle="2026"
)
BERTH = objective(
    "Berths are free on arrival", "Wait from 9 to 3 hours", team="piers", cycle="2026-Q3", under=["Ships turn round in a day"]
)  # fmt: skip
TIDE = objective(
    "No berth is lost to the tide", "Berths lost from 8 to 2", team="piers", cycle="2026-Q3", under=["Ships turn round in a day"]
)  # fmt: skip
PILOT = objective(
    "A pilot is aboard in time", "Late pilots from 30 % to 10 %", team="north", cycle="2026-Q3", under=["Berths are free on arrival"]
)  # fmt: skip
CRANE = objective("Cranes run at night", "Idle hours from 6 to 2", team="cranes", cycle="2026-Q3")
HARBOUR = organisation(ROOT, BERTH, TIDE, PILOT, CRANE).model_copy(update={"teams": TEAMS})


def figures(whole: Organisation = HARBOUR, **given: object) -> dict[str, Figure]:
    return {item.name: item for item in organisation_figures(whole, **given)}  # type: ignore[arg-type]


def finding(rule: str, item: Objective, *cited: Objective) -> Finding:
    evidence = tuple(Evidence(kind="peer", id=one.id, title="", quote=one.text) for one in cited)
    return corpus_finding(rule, item, "It is so.", evidence=evidence)


def edge(child: Objective, parent: Objective, verdict: EdgeVerdict) -> Edge:
    return Edge(child_id=child.id, parent_id=parent.id, similarity=0.4, verdict=verdict)


def test_exposure_is_the_share_of_a_team_that_the_faulty_objectives_are() -> None:
    found = figures(findings=[finding("A3", BERTH), finding("A3", PILOT)])
    people = found["People behind work drifted"]
    assert (people.value, people.unit, people.of) == (27.0, "people", (BERTH.id, PILOT.id))
    assert people.formula == (
        "sum over teams of people x objectives drifted / objectives of the team; supposes that a "
        "team spreads itself evenly over its objectives"
    )
    budget = found["Budget behind work drifted"]
    assert budget.value == 450.0
    assert budget.note == (
        "1 objectives of 1 team without stated budget, or of no team, are left out"
    )


def test_an_objective_counts_once_in_the_total() -> None:
    found = figures(findings=[finding("A3", BERTH), finding("A9", BERTH), finding("A9", TIDE)])
    assert found["People behind work drifted"].value == 15.0
    assert found["People behind work with any of these"].value == 30.0


def test_the_other_side_of_a_conflict_is_exposed_too() -> None:
    link = PeerLink(a_id=TIDE.id, b_id=PILOT.id, kind="conflict", confidence=0.9, similarity=0.3)
    found = figures(findings=[finding("A5", TIDE, PILOT)], peers=[link])
    assert found["People behind work in conflict"].of == (TIDE.id, PILOT.id)


def test_remarks_expose_nobody() -> None:
    remark = finding("A3", BERTH).model_copy(update={"severity": "info"})
    assert figures(findings=[remark])["People behind work drifted"].value == 0.0


def test_without_people_there_is_no_sum() -> None:
    teams = tuple(team.model_copy(update={"people": None, "budget": None}) for team in TEAMS)
    found = figures(HARBOUR.model_copy(update={"teams": teams}), findings=[finding("A3", BERTH)])
    figure = found["People behind work drifted"]
    assert figure.value is None
    assert figure.note == "no team states its people; add 'people' to the teams to see this figure"
    assert figure.of == (BERTH.id,)
    assert not any(name.startswith("Budget") for name in found)
    assert found["Objectives for every hundred people"].value is None


def test_what_nobody_looked_at_is_no_zero() -> None:
    found = figures(unchecked=["A3", "A4", "A11", "A8", "A9"])
    assert "People behind work drifted" not in found
    assert found["People behind work in conflict"].value == 0.0
    assert found["Objectives that nothing in the strategy opposes"].value is None


def test_number_of_objectives_against_teams_and_people() -> None:
    found = figures()
    assert (found["Objectives"].value, found["Objectives"].unit) == (5.0, "of at most 14")
    assert found["Objectives for every hundred people"].value == pytest.approx(8.70)
    assert found["Objectives for every hundred people"].note == (
        "46 people; 1 teams without stated people are left out"
    )
    crowd = [objective(f"Aim {number}", team="piers", cycle="2026-Q3") for number in range(2)]
    whole = HARBOUR.model_copy(update={"objectives": (*HARBOUR.objectives, *crowd)})
    over = figures(whole)["Teams with more objectives than they can keep in mind"]
    assert (over.value, over.unit, over.of, over.note) == (1.0, "of 4", ("piers",), "Piers")


def test_only_running_periods_count() -> None:
    assert figures(today=date(2026, 8, 1))["Objectives"].value == 5.0
    assert figures(today=date(2026, 11, 1))["Objectives"].of == (ROOT.id,)
    assert figures(today=date(2031, 1, 1))["Objectives"].value == 5.0


def test_drivers_are_handed_down_where_the_link_holds() -> None:
    root = ROOT.model_copy(update={"drivers": ("Retention", "cost")})
    crane = CRANE.model_copy(update={"drivers": ("Safety",)})
    whole = HARBOUR.model_copy(update={"objectives": (root, BERTH, TIDE, PILOT, crane)})
    choice = Choice(id="d", kind="driver", text="Referrals by captains")
    found = figures(whole, choices=[choice], edges=[edge(BERTH, ROOT, "drifted")])
    assert found["Objectives that move Retention"].of == (TIDE.id,)
    assert found["Objectives that move Safety"].of == (CRANE.id,)
    idle = found["Drivers that nobody moves"]
    assert (idle.value, idle.unit, idle.note) == (1.0, "of 4", "Referrals by captains")


def test_without_drivers_there_is_no_figure_about_them() -> None:
    assert not any("river" in name for name in figures())


@pytest.mark.parametrize(
    ("text", "horizon", "period", "reach"),
    [
        ("Berths are free", None, "2026-Q3", "quarter"),
        ("Berths are free", None, "2026", "year"),
        ("Berths are free by 2029", None, "2026", "beyond"),
        ("Berths are free", "to 2030", "2026-Q3", "beyond"),
        ("Berths are free", "three years", "2026-Q3", "beyond"),
        ("Berths are free", "this year", "2026-Q3", "year"),
        ("Berths are free", None, "Spring push", None),
    ],
)
def test_reach(text: str, horizon: str | None, period: str, reach: str | None) -> None:
    item = objective(text, cycle=period).model_copy(update={"horizon": horizon})
    assert reach_of(item, cycle(period)) == reach


def test_horizon_balance_of_teams_and_branches() -> None:
    far = BERTH.model_copy(update={"horizon": "to 2030"})
    idle = CRANE.model_copy(update={"horizon": "to 2031"})
    whole = HARBOUR.model_copy(update={"objectives": (ROOT, far, TIDE, PILOT, idle)})
    found = figures(whole)
    assert found["Horizon balance"].value == 60.0
    assert found["Horizon balance of Piers and below"].of == (BERTH.id, PILOT.id)
    assert found["Horizon balance of Piers"].note == ("1 up to a quarter, 0 up to a year, 1 beyond")
    assert found["Horizon balance of North"].value == 100.0
    forgotten = found["Aims beyond a year that nothing serves now"]
    assert (forgotten.value, forgotten.unit, forgotten.of) == (1.0, "of 2", (CRANE.id,))


def test_maturity_stops_at_the_first_step_that_falls_short() -> None:
    level = figures()["Alignment maturity"]
    assert level.value == 1.0
    assert level.note == (
        "step 2, linked, is not reached: Objectives that say what they serve: 75 %"
    )
    assert figures()["Objectives that say what they serve"].of == (CRANE.id,)


def test_maturity_climbs_as_far_as_it_is_known() -> None:
    items = [
        objective(f"Aim {n}", "Wait from 9 to 3 days", team="piers", under=[ROOT.id])
        for n in range(9)
    ]
    document = StrategyDocument(id="plan", title="Plan", location=Location(file="plan.md"))
    whole = organisation(ROOT, *items).model_copy(
        update={"teams": TEAMS[:2], "documents": (document,)}
    )
    edges = [edge(item, ROOT, "fine") for item in items]
    choice = Choice(id="c", kind="choice", text="We win by speed")
    unserved = Coverage(choice=choice)
    assert figures(whole)["Alignment maturity"].value == 2.0
    third = figures(whole, edges=edges, coverage=[unserved])["Alignment maturity"]
    assert (third.value, third.note) == (
        3.0,
        "step 4, coordinated, is not reached: Choices that somebody serves: 0 %",
    )
    served = unserved.model_copy(update={"served_by": {items[0].id: 0.8}})
    assert figures(whole, edges=edges, coverage=[served])["Alignment maturity"].value == 4.0
    doubted = [edge(item, ROOT, "drifted") for item in items]
    assert figures(whole, edges=doubted, coverage=[served])["Alignment maturity"].value == 2.0


def test_nothing_at_all() -> None:
    found = figures(Organisation())
    assert found["Alignment maturity"].value is None
    assert found["Objectives"].value == 0.0


def test_every_figure_shows_its_formula_and_stays_within_what_is_there() -> None:
    known = {item.id for item in HARBOUR.objectives} | {team.id for team in TEAMS}
    for item in figures().values():
        assert item.formula, item.name
        assert set(item.of) <= known, item.name
