"""Organisations of several industries, held against what they had decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.analyse.strategy import StrategyView
from assistant.models import Edge, Finding, Objective, Organisation
from assistant.sources.read import read_folder
from evals.demo.truth import load_truth, objective_ids
from tests.analyse.reading import declared, read, view, written

HERE = Path(__file__).parent / "strategies"
CORPUS = Path(__file__).parents[2] / "corpus"
SPRING = date(2026, 5, 15)


@pytest.fixture(scope="module")
def clinics() -> Organisation:
    return read(HERE / "clinics")


@pytest.fixture(scope="module")
def bakeries() -> Organisation:
    return read(HERE / "bakeries")


def keys(found: StrategyView, organisation: Organisation, code: str) -> list[str]:
    names = {item.id: item.key or "" for item in organisation.objectives}
    return sorted(names[item.objective_id] for item in found.findings if item.rule == code)


def about(found: StrategyView, organisation: Organisation, code: str, key: str) -> Finding:
    (item,) = [one for one in organisation.objectives if one.key == key]
    (finding,) = [one for one in found.findings if (one.rule, one.objective_id) == (code, item.id)]
    return finding


def gaps(found: StrategyView, severity: str = "warning") -> list[str]:
    return [item.words for item in found.findings if (item.rule, item.severity) == ("A2", severity)]


def test_clinics(clinics: Organisation) -> None:
    found = view(clinics, SPRING)
    assert keys(found, clinics, "A8") == ["E1", "N1", "S2"]
    assert keys(found, clinics, "A9") == ["A1", "C1", "E1", "S2"]
    assert [text[:6] for text in gaps(found)] == ["Bet 4.", "Bet 6."]


def test_bakeries(bakeries: Organisation) -> None:
    found = view(bakeries, SPRING)
    assert keys(found, bakeries, "A8") == ["L1", "O2"]
    assert keys(found, bakeries, "A9") == ["H1", "O2"]
    assert [text[:19] for text in gaps(found)] == ["Rye for the elderly"]
    assert gaps(found, "info") == ["New shops in suburbs"]


def test_a_finding_quotes_the_old_and_the_new_words_with_their_days(clinics: Organisation) -> None:
    found = view(clinics, SPRING)
    stale = about(found, clinics, "A9", "C1")
    assert stale.message == (
        "“Schools in which our nurse keeps medicines on the premises from 3 to 25” rests on "
        "“Schools let a nurse of ours keep medicines on their premises.” of Brookfield plan "
        "(10 February 2026), which Minutes of the management board took back on 4 June 2026: "
        "“Assumption B no longer holds.”"
    )
    assert about(found, clinics, "A9", "E1").message == (
        "“Private beds let in the Elmsford wing from 0 to 24” rests on “A private wing with 24 "
        "beds at Elmsford pays for what the public contract does not.” of Brookfield plan "
        "(1 March 2025), which Brookfield plan (10 February 2026) replaced; it now rules out "
        "“open a private wing or reserve beds for private patients”"
    )
    assert about(found, clinics, "A8", "N1").message == (
        "“Night shifts filled with agency nurses from 4 % to 20 %” goes against Brookfield plan "
        "(10 February 2026), which rules out “hire agency nurses for night shifts”"
    )


def test_every_quotation_is_verbatim(clinics: Organisation, bakeries: Organisation) -> None:
    for organisation in (clinics, bakeries):
        passages = {p.id: p for one in organisation.documents for p in one.passages}
        quoted = 0
        for finding in view(organisation, SPRING).findings:
            for item in finding.evidence:
                if item.kind == "strategy":
                    assert item.quote in passages[item.id].text
                    assert item.location == passages[item.id].location
                    quoted += 1
        assert quoted > 5


def test_a_gap_names_the_choice_and_the_nearest_objectives(bakeries: Organisation) -> None:
    found = view(bakeries, SPRING)
    (gap,) = [item for item in found.findings if item.severity == "warning" and item.rule == "A2"]
    choices = {item.choice.id: item.choice for item in found.coverage}
    assert gap.objective_id in choices
    assert gap.location == choices[gap.objective_id].location
    assert gap.message.startswith(
        "No objective serves “Rye for the elderly: soft, dark rye bread in half loaves, delivered "
        "to care homes before breakfast.” of Strategy 2026 to 2029 (20 January 2026); the nearest are “"
    )
    assert [item.kind for item in gap.evidence] == ["strategy", "peer", "peer", "peer"]


def test_who_serves_a_choice_is_handed_down_where_the_link_holds(clinics: Organisation) -> None:
    objectives = {item.key: item for item in clinics.objectives}

    def served(edges: Sequence[Edge]) -> set[str | None]:
        found = view(clinics, SPRING, edges=edges)
        (item,) = [one for one in found.coverage if one.choice.text.startswith("Bet 1.")]
        names = {item.id: item.key for item in clinics.objectives}
        return {names[one] for one in item.served_by}

    edges = declared(clinics)
    assert served(edges) >= {"B1", "K1", "K2"}
    drifted = [
        edge.model_copy(update={"verdict": "drifted"})
        if edge.child_id == objectives["K2"].id
        else edge
        for edge in edges
    ]
    assert "K2" not in served(drifted)


def test_a_reader_who_finds_somebody_makes_a_gap_a_question(clinics: Organisation) -> None:
    asked: list[tuple[Objective, Objective]] = []

    def judge(pairs: Sequence[tuple[Objective, Objective]]) -> list[SimpleNamespace]:
        asked.extend(pairs)
        return [
            SimpleNamespace(serves=0.9 if "letter" in parent.text else 0.1) for _, parent in pairs
        ]

    found = view(clinics, SPRING, judge=judge)
    assert [text[:6] for text in gaps(found)] == ["Bet 4."]
    assert [text[:6] for text in gaps(found, "info")] == ["Bet 6."]
    assert len(asked) == 6 * 8


def test_a_top_objective_whose_children_all_drifted_is_a_gap(clinics: Organisation) -> None:
    (top,) = [item for item in clinics.objectives if item.key == "B1"]
    edges = [
        edge.model_copy(update={"verdict": "drifted"}) if edge.parent_id == top.id else edge
        for edge in declared(clinics)
    ]
    found = view(clinics, SPRING, edges=edges)
    messages = [item.message for item in found.findings if item.objective_id == top.id]
    assert messages == [
        "Every objective below “Kidney patients run their own treatment at home” has drifted from it."
    ]


def test_periods_that_ended_serve_nothing(bakeries: Organisation) -> None:
    found = view(bakeries, date(2026, 7, 15))
    assert [text[:11] for text in gaps(found)] == ["Rye for the", "Apprentices"]


def test_what_was_planted_in_the_demo_organisation_is_found() -> None:
    truth, organisation = load_truth(), read(CORPUS)
    records = read_folder(CORPUS, max_mb=5)
    named = {value: key for key, value in objective_ids(truth, records, organisation).items()}
    found = view(organisation, date(2026, 11, 22))
    said = {
        (item.rule, named.get(item.objective_id, ""))
        for item in found.findings
        if item.severity != "info"
    }
    planted = {("A8", entry.keys[0]) for entry in truth.contradictions}
    planted |= {("A9", entry.keys[0]) for entry in truth.stale}
    arguable = {(entry.rule, entry.keys[0]) for entry in truth.arguable}
    assert planted <= said
    assert {pair for pair in said if pair[0] != "A2"} - planted - arguable == {("A9", "RS-Q3-2")}
    quotes = [entry.document.quote for entry in truth.coverage_gaps]
    about = [
        item for item in found.findings if item.rule == "A2" and item.objective_id not in named
    ]
    assert len(about) == len(quotes)
    for quote, finding in zip(quotes, about, strict=True):
        assert quote in finding.words


PLAN = """---
kind: strategy
title: Plan 2026
published: 2026-01-10
---
# What we will not do

- We will not open branches outside Norway before 2028.
- We will not sell tents to shops with fewer than 40 employees.
- We will not close the repair shop in Bergen.

# Assumptions

Assumption A1. Wool costs less than 9 euro a kilogram until 2027.
"""
OKRS = """company: Fjell
cycles:
  - {{name: 2026-Q2, start: 2026-04-01, end: 2026-06-30}}
  - {{name: 2025-Q2, start: 2025-04-01, end: 2025-06-30}}
  - {{name: 2028-Q2, start: 2028-04-01, end: 2028-06-30}}
objectives:
- objective: {text}
  team: Shops
  cycle: {cycle}
  {more}
  key_results: ["{result}"]
"""


def found_in(
    folder: Path,
    text: str,
    result: str,
    cycle: str = "2026-Q2",
    more: str = "owner: Ida",
    **files: str,
) -> list[tuple[str, str]]:
    okrs = OKRS.format(text=text, result=result, cycle=cycle, more=more)
    named = {f"strategy/{name}.md": body for name, body in files.items()}
    organisation = written(folder, {"okrs.yaml": okrs, "strategy/plan.md": PLAN, **named})
    found = view(organisation)
    return [(item.rule, item.on) for item in found.findings if item.rule != "A2"]


@pytest.mark.parametrize(
    ("text", "result", "cycle", "fires"),
    [
        ("Sweden knows our tents", "Branches outside Norway opened from 0 to 3", "2026-Q2", True),
        ("Sweden knows our tents", "Branches outside Norway opened from 0 to 3", "2028-Q2", False),
        ("Sweden knows our tents", "Branches outside Norway opened from 0 to 3", "2025-Q2", False),
        ("We leave Sweden", "Branches outside Norway closed from 0 to 3", "2026-Q2", False),
        ("Branches stay clean", "Branches with a clean floor from 40 % to 90 %", "2026-Q2", False),
        ("Small shops sell tents", "Tents sold to shops with fewer than 40 employees from 0 to 900", "2026-Q2", True),
        ("Large shops sell tents", "Tents sold to shops with more than 200 employees from 0 to 900", "2026-Q2", False),
        ("One roof", "Repair shop in Bergen closed by 1 June", "2026-Q2", True),
        ("Repairs are quick", "Days in the repair shop in Bergen from 9 to 4", "2026-Q2", False),
    ],
    ids=[
        "does it", "after it has run out", "before it was said", "ends it", "shares a word",
        "with its number", "with another number", "shrinks what must not shrink", "betters it",
    ],
)  # fmt: skip
def test_what_contradicts_a_refusal(
    tmp_path: Path, text: str, result: str, cycle: str, fires: bool
) -> None:
    assert found_in(tmp_path, text, result, cycle) == ([("A8", "kr:1")] if fires else [])


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ("Average order value from 80 to 60 euro", [("A8", "kr:1")]),
        ("Average order value from 80 to 90 euro", []),
        ("Average delivery time from 80 to 60 hours", []),
    ],
    ids=["the other way", "the same way", "another measure"],
)
def test_what_moves_a_measure_against_a_choice(
    tmp_path: Path, result: str, found: list[tuple[str, str]]
) -> None:
    choice = PLAN.replace("Plan 2026", "Course").partition("# What")[0]
    choice += "Choice 1. Fewer, larger orders. Average order value rises to 90 euro.\n"
    assert found_in(tmp_path, "Carts get lighter", result, course=choice) == found


LOG = """---
kind: strategy
title: Log
published: 2026-03-03
---
We withdraw assumption A1.
"""


@pytest.mark.parametrize(
    ("text", "more", "cycle", "found"),
    [
        ("Prices hold because of assumption A1", "owner: Ida", "2026-Q2", [("A9", "objective")]),
        ("Prices hold", "notes: rests on assumption A1", "2026-Q2", [("A9", "objective")]),
        ("Prices hold because of assumption A1", "owner: Ida", "2025-Q2", []),
        ("Prices hold because of assumption A12", "owner: Ida", "2026-Q2", []),
        ("Prices hold", "owner: Ida", "2026-Q2", []),
    ],
    ids=["named", "named in a note", "its period was over", "another one", "not named"],
)
def test_an_objective_that_names_what_was_taken_back(
    tmp_path: Path, text: str, more: str, cycle: str, found: list[tuple[str, str]]
) -> None:
    result = "Complaints about prices from 40 to 20"
    assert found_in(tmp_path, text, result, cycle, more, log=LOG) == found


def test_a_number_that_is_left_behind_is_no_reliance(tmp_path: Path) -> None:
    results = "Wool price per kilogram from 9 to 7 euro"
    assert found_in(tmp_path, "Wool gets cheaper", results, log=LOG) == []


def test_without_documents_and_without_objectives_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert view(Organisation()).findings == ()
    okrs = OKRS.format(
        text="Prices hold", result="Complaints from 4 to 2", cycle="2026-Q2", more="owner: I"
    )
    found = view(written(tmp_path, {"okrs.yaml": okrs}))
    assert (found.findings, found.figures) == ((), ())
