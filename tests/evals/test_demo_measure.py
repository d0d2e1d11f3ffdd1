"""What counts as found in the demo organisation, on values made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from assistant.analyse.worklist import WorkItem
from assistant.models import Evidence, Finding, Location, Severity
from evals.demo import measure
from evals.demo.measure import (
    Verdict,
    by_objective,
    claims_of,
    count,
    demo_table,
    fine_chains,
    judge,
    judge_top,
)
from evals.demo.truth import Entry, Quote, Truth

OLD = Quote(file="plan.md", quote="We build it ourselves.")
CHOICE = Quote(file="plan.md", quote="Quiet at night.")
IDS = {key: f"obj-{key}" for key in "ABCDEFGH"}
EMPTY: dict[str, tuple[Entry, ...]] = {name: () for name in Truth.model_fields if name != "keyless"}
TRUTH = Truth(
    **EMPTY
    | {
        "drift": (
            Entry(id="drift-1", objectives=("A", "B"), subtype="scope_change"),
            Entry(id="drift-2", objectives=("C", "B"), subtype="copy_paste"),
        ),
        "chains": (
            Entry(
                id="creep",
                objectives=("G", "B", "D"),
                hops=("aligned", "aligned"),
                cumulative=("aligned", "drifted"),
            ),
            Entry(
                id="recover",
                objectives=("G", "B", "A"),
                hops=("drifted", "aligned"),
                cumulative=("drifted", "aligned"),
            ),
        ),
        "conflicts": (Entry(id="conflict-1", objectives=("A", "C")),),
        "dependencies": (Entry(id="dependency-1", objectives=("A", "D")),),
        "coverage_gaps": (Entry(id="gap-1", document=CHOICE),),
        "stale": (Entry(id="stale-1", objectives=("D",), document=OLD),),
        "wrong_parents": (Entry(id="wrong-1", objectives=("E", "B"), better="F"),),
        "orphans": (Entry(id="orphan-1", objectives=("H",)),),
        "complementary": (Entry(id="complementary-1", objectives=("D", "E")),),
        "fine_edges": (Entry(id="fine-1", objectives=("F", "G")),),
        "good_objectives": (Entry(id="good-1", objectives=("B",)),),
        "arguable": (Entry(id="arguable-1", objectives=("D",), rule="A8"),),
    },
    keyless={},
)
CLAIMS = claims_of(TRUTH)


def cites(kind: Literal["parent", "peer"], *keys: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(kind=kind, id=IDS[key], title=key, quote=key) for key in keys)


def strategy(quote: str, file: str = "plan.md") -> tuple[Evidence, ...]:
    place = Location(file=file)
    return (Evidence(kind="strategy", id="psg-1", title="Plan", quote=quote, location=place),)


def finding(
    rule: str, key: str, evidence: tuple[Evidence, ...] = (), severity: Severity = "warning"
) -> Finding:
    return Finding(
        rule=rule,
        slug="slug",
        severity=severity,
        on="objective",
        objective_id=IDS.get(key, key),
        message="Something is off.",
        evidence=evidence,
    )


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (finding("A3", "A", cites("parent", "B")), "planted"),
        (finding("A3", "A", cites("parent", "G")), "not labelled"),
        (finding("A4", "A", cites("parent", "B")), "not labelled"),
        (finding("A4", "C", cites("parent", "B")), "planted"),
        (finding("A3", "D", cites("parent", "G")), "planted"),
        (finding("A3", "D", cites("parent", "B")), "not labelled"),
        (finding("A5", "C", cites("peer", "A")), "planted"),
        (finding("A6", "C", cites("peer", "A")), "not labelled"),
        (finding("A7", "A", cites("peer", "D")), "planted"),
        (finding("A7", "D", cites("peer", "A")), "not labelled"),
        (finding("A2", "cho-1", strategy("Choice 3. Quiet at night.")), "planted"),
        (finding("A2", "cho-1", strategy("Quiet at night.", "other.md")), "not labelled"),
        (finding("A9", "D", strategy("Ourselves.")), "planted"),
        (finding("A9", "D", strategy("Ourselves.", "other.md")), "not labelled"),
        (finding("A11", "E", cites("parent", "B", "F")), "planted"),
        (finding("A11", "E", cites("parent", "B", "G")), "not labelled"),
        (finding("A1", "H"), "planted"),
        (finding("A8", "D", strategy("Whatever.")), "arguable"),
        (finding("A11", "F", cites("parent", "G", "B")), "wrong"),
        (finding("A6", "E", cites("peer", "D")), "wrong"),
        (finding("A7", "D", cites("peer", "E")), "wrong"),
        (finding("K1", "B"), "wrong"),
        (finding("K7", "B"), "not labelled"),
    ],
    ids=[
        "drift",
        "drift-from-another-parent",
        "drift-called-a-copy",
        "copy-called-a-copy",
        "chain-that-creeps",
        "one-step-of-it",
        "conflict-from-either-side",
        "conflict-called-a-duplicate",
        "dependency",
        "dependency-the-other-way",
        "choice-that-nobody-serves",
        "same-words-of-another-document",
        "stale",
        "stale-by-another-document",
        "wrong-parent",
        "wrong-parent-and-another-better-one",
        "orphan",
        "arguable",
        "fine-link",
        "complementary-called-a-duplicate",
        "complementary-called-a-dependency",
        "good-draft",
        "good-draft-by-a-rule-it-was-not-judged-for",
    ],
)
def test_a_finding_is_held_against_the_truth(made: Finding, verdict: Verdict) -> None:
    assert judge([made], CLAIMS, IDS) == verdict


def test_a_chain_that_finds_back_is_no_claim_of_its_own() -> None:
    chains = [item.entry for item in CLAIMS.planted if item.section == "chains"]
    assert [(item.id, item.objectives) for item in chains] == [("creep", ("D", "G"))]


def test_a_chain_of_fine_links_is_held_against_its_root() -> None:
    links = [("F", "G"), ("G", "H"), ("H", "B")]
    edges = tuple(Entry(id="".join(pair), objectives=pair) for pair in links)
    claims = list(fine_chains(TRUTH.model_copy(update={"fine_edges": edges})))
    assert [item.entry.objectives for item in claims] == [("F", "B"), ("G", "B")]
    creeping = (Entry(id="DH", objectives=("D", "H")), Entry(id="HG", objectives=("H", "G")))
    assert not list(fine_chains(TRUTH.model_copy(update={"fine_edges": creeping})))
    lost = finding("A3", "F", cites("parent", "B"), "info")
    assert count(claims, [lost], IDS)["fine_chains"]["any"] == 1


def test_a_quoted_key_result_stands_for_its_objective() -> None:
    quoted = (Evidence(kind="peer", id="kr-1", title="A", quote="From 3 to 4"),)
    made = finding("A5", "C", quoted)
    assert judge([made], CLAIMS, IDS) == "not labelled"
    assert judge([by_objective(made, {"kr-1": IDS["A"]})], CLAIMS, IDS) == "planted"


def test_the_best_finding_of_a_line_counts() -> None:
    wrong, right = finding("A3", "F", cites("parent", "G")), finding("A1", "H")
    assert judge([wrong, right], CLAIMS, IDS) == "planted"


def test_what_was_found_is_counted_by_severity() -> None:
    mild = finding("A3", "A", cites("parent", "B"), "info")
    grave = finding("A4", "C", cites("parent", "B"), "error")
    counted = count(CLAIMS.planted, [mild, grave], IDS)
    assert counted["drift"] == {
        "cases": 2,
        "warning": 1,
        "any": 2,
        "said": ["drift-1", "drift-2"],
    }
    assert counted["orphans"] == {"cases": 1, "warning": 0, "any": 0, "said": []}


def line(made: Finding) -> WorkItem:
    return WorkItem(rank=1, weight=1, affected=1, counted="people", findings=(made,), wording=False)


def test_precision_leaves_out_what_is_not_labelled() -> None:
    made = [finding("A1", "H"), finding("A8", "D"), finding("K1", "B"), finding("A1", "A")]
    top = judge_top([line(item) for item in made], CLAIMS, IDS)
    assert top["precision"] == pytest.approx(2 / 3)
    assert top["lines"] == [
        "A1 warning H: planted",
        "A8 warning D: arguable",
        "K1 warning B: wrong",
        "A1 warning A: not labelled",
    ]


def test_only_the_first_lines_are_judged() -> None:
    lines = [line(finding("A1", "A"))] * measure.TOP + [line(finding("A1", "H"))]
    top = judge_top(lines, CLAIMS, IDS)
    assert (top["top"], top["planted"], top["precision"]) == (measure.TOP, 0, None)


def test_the_table_shows_a_dash_where_a_rule_never_warns(tmp_path: Path) -> None:
    planted: dict[str, Any] = {
        name: {"cases": 0, "warning": 0, "any": 0, "said": []} for name in measure.SECTIONS
    }
    planted |= count(CLAIMS.planted, [finding("A1", "H")], IDS)
    stored = tmp_path / "demo.json"
    fine = {"cases": 4, "warning": 0, "any": 1, "said": ["fine-1"]}
    stored.write_text(
        json.dumps(
            {
                "day": "2026-05-15",
                "objectives": 8,
                "planted": planted,
                "fine_edges": fine,
                "fine_chains": fine,
                "worklist": judge_top([line(finding("A1", "H"))], CLAIMS, IDS),
            }
        )
    )
    table = demo_table(stored)
    assert "| objectives without parent and contribution | A1 | 1 | - | 1 |" in table
    assert "| conflicts of two teams | A5 | 1 | 0 | 0 |" in table
    assert "| A3, A4, A11 | 4 | 0 (0%) | 1 (25%) |" in table
    assert "| **precision of what is labelled** | 1.00 |" in table
    assert demo_table(tmp_path / "missing.json") == "Not measured yet."
