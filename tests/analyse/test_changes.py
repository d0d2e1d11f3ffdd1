"""What became of the findings between two scans, and the edit behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.analyse.changes import compare
from assistant.analyse.snapshots import take_snapshot
from assistant.history import Snapshot, opened
from assistant.models import (
    Change,
    Choice,
    Coverage,
    Edge,
    Evidence,
    Finding,
    KeyResult,
    Location,
    Objective,
    Organisation,
    Passage,
    StrategyDocument,
)
from tests.analyse.reading import view, written

TAKEN = datetime(2026, 7, 1, tzinfo=UTC)
PLACE = Location(file="plan.md", line=3)


def plan(
    text: str = "Trains first.", version: str = "1", published: date | None = None
) -> StrategyDocument:
    name = f"doc-plan-{version}"
    passage = Passage(id=f"psg-{version}", document_id=name, text=text, location=PLACE)
    return StrategyDocument(
        id=name,
        title="Plan",
        version=version,
        published=published,
        passages=(passage,),
        location=PLACE,
    )


def goal(text: str, id: str = "obj-1", *results: str, **given: object) -> Objective:
    found = tuple(KeyResult(id=f"kr-{n}", text=one) for n, one in enumerate(results))
    return Objective.model_validate(
        {"id": id, "text": text, "team_id": "team-a", "key_results": found, **given}
    )


def finding(text: str, rule: str = "A9", objective: str = "obj-1", **given: object) -> Finding:
    return Finding.model_validate(
        {
            "rule": rule, "slug": "slug", "severity": "warning", "on": "objective",
            "objective_id": objective, "message": f"{text!r} is said.", "words": text, **given,
        }
    )  # fmt: skip


def behind(id: str, kind: str = "strategy") -> Evidence:
    return Evidence.model_validate({"kind": kind, "id": id, "title": "t", "quote": "q"})


def scan(
    findings: Sequence[Finding] = (),
    objectives: Sequence[Objective] = (),
    documents: Sequence[StrategyDocument] = (),
    **given: object,
) -> Snapshot:
    organisation = Organisation(objectives=tuple(objectives), documents=tuple(documents))
    take = {"taken_at": TAKEN, "findings": findings, **given}
    return take_snapshot(organisation, **take)  # type: ignore[arg-type]


SAIL = goal("Sail on time")


@pytest.mark.parametrize(
    ("before", "after", "message", "cause"),
    [
        (
            scan((), [SAIL], [plan()]),
            scan([finding("Sail on time", evidence=[behind("psg-2")])], [SAIL], [plan(), plan("Boats.", "2", date(2026, 5, 1))]),
            "Newly stale: 'Sail on time' is said.",
            "“Plan”, version 2 of 1 May 2026 was added.",
        ),
        (
            scan((), [SAIL], [plan()]),
            scan([finding("Sail on time", evidence=[behind("psg-1")])], [SAIL], [plan("Boats first.")]),
            "Newly stale: 'Sail on time' is said.",
            "The text of “Plan”, version 1 was changed.",
        ),
        (
            scan([finding("Sail on time", evidence=[behind("psg-1")])], [SAIL], [plan()]),
            scan((), [SAIL], []),
            "No longer stale: 'Sail on time' is said.",
            "“Plan”, version 1 was removed.",
        ),
        (
            scan((), []),
            scan([finding("Sail on time", "A1")], [SAIL]),
            "Newly orphaned: 'Sail on time' is said.",
            "The objective “Sail on time” was added.",
        ),
        (
            scan([finding("Sail on time", "A3")], [SAIL]),
            scan((), []),
            "No longer drifted: 'Sail on time' is said.",
            "The objective “Sail on time” was removed.",
        ),
        (
            scan((), [goal("Sail often", "obj-1", key="A-1")]),
            scan([finding("Sail on time", "A3")], [goal("Sail on time", "obj-1", key="A-1")]),
            "Newly drifted: 'Sail on time' is said.",
            "The objective “Sail often” now reads “Sail on time”.",
        ),
        (
            scan((), [goal("Sail on time", "obj-0")]),
            scan([finding("Sail in time", "A3")], [goal("Sail in time")]),
            "Newly drifted: 'Sail in time' is said.",
            "The objective “Sail on time” now reads “Sail in time”.",
        ),
        (
            scan((), [goal("Ebb", "obj-0", "Delay from 9 to 4 min")]),
            scan([finding("Sail in time", "A3")], [goal("Sail in time", "obj-1", "Delay from 9 to 4 min")]),
            "Newly drifted: 'Sail in time' is said.",
            "The objective “Ebb” now reads “Sail in time”.",
        ),
        (
            scan((), [goal("Sail on time", "obj-1", "Delay from 9 to 4")]),
            scan([finding("Sail on time", "K8")], [goal("Sail on time", "obj-1", "Boats from 9 to 4")]),
            "New: 'Sail on time' is said.",
            "Key results of “Sail on time” were changed.",
        ),
        (
            scan((), [SAIL]),
            scan([finding("Sail on time", "O10")], [goal("Sail on time", owner="Ida")]),
            "New: 'Sail on time' is said.",
            "Of “Sail on time” something was changed: owner.",
        ),
        (
            scan((), [goal("Sail on time", parents=[{"stated": "Islands stay close"}])]),
            scan([finding("Sail on time", "A1")], [SAIL]),
            "Newly orphaned: 'Sail on time' is said.",
            "“Sail on time” no longer names the parent “Islands stay close”.",
        ),
        (
            scan((), [goal("Sail on time", parents=[{"stated": "F1"}])]),
            scan([finding("Sail on time", "A3")], [goal("Sail on time", parents=[{"stated": "F2"}])]),
            "Newly drifted: 'Sail on time' is said.",
            "The parent of “Sail on time” is “F2” now; it was “F1”.",
        ),
        (
            scan((), [SAIL], [plan()]),
            scan([finding("Sail on time", evidence=[behind("psg-2")])], [SAIL], [plan("Boats.", "2")]),
            "Newly stale: 'Sail on time' is said.",
            "“Plan”, version 2 took the place of “Plan”, version 1.",
        ),
        (
            scan((), [SAIL, goal("Islands stay close", "obj-2")]),
            scan([finding("Sail on time", "A3", evidence=[behind("obj-2", "parent")])], [SAIL, goal("Islands drift", "obj-2")]),
            "Newly drifted: 'Sail on time' is said.",
            "The objective “Islands stay close” now reads “Islands drift”.",
        ),
        (
            scan((), [SAIL]),
            scan([finding("Sail on time", "K1")], [SAIL], profile="strict"),
            "New: 'Sail on time' is said.",
            "The profile is 'strict' now; it was 'default'.",
        ),
        (
            scan((), [SAIL], rules="a"),
            scan([finding("Sail on time", "K1")], [SAIL], rules="b"),
            "New: 'Sail on time' is said.",
            "The rules, their settings or the trained models were changed.",
        ),
        (
            scan((), [SAIL]),
            scan([finding("Sail on time", "A6")], [SAIL]),
            "Newly a duplicate: 'Sail on time' is said.",
            "",
        ),
    ],
    ids=[
        "document added", "document edited", "document removed", "objective added",
        "objective removed", "keyed objective reworded", "objective reworded",
        "objective with the same key results", "key results changed", "another field",
        "parent taken away", "another parent", "document replaced",
        "parent reworded", "profile", "rules", "no edit shows",
    ],
)  # fmt: skip
def test_a_change_names_the_edit_behind_it(
    before: Snapshot, after: Snapshot, message: str, cause: str
) -> None:
    (change,) = compare(before, after)
    assert (change.message, change.cause) == (message, cause)
    assert change.kind == ("resolved" if message.startswith("No longer") else "new")


def test_a_change_names_the_objective_where_its_message_does_not() -> None:
    vague = finding("Sail on time", "S9").model_copy(update={"message": "Nobody looks again."})
    (change,) = compare(scan((), [SAIL]), scan([vague], [SAIL]))
    assert change.message == "New, “Sail on time”: Nobody looks again."


def test_a_place_to_look_is_no_verdict() -> None:
    vague = finding("Sail on time", "A3").model_copy(update={"message": "Look here: it may drift."})
    (change,) = compare(scan((), [SAIL]), scan([vague], [SAIL]))
    assert change.message == "Newly worth a look, “Sail on time”: Look here: it may drift."


def test_the_same_words_in_a_later_period_are_another_finding() -> None:
    again = goal("Sail on time", "obj-2", cycle_id="q4")
    before = scan([finding("Sail on time", "A1")], [SAIL])
    both = [finding("Sail on time", "A1"), finding("Sail on time", "A1", "obj-2")]
    (change,) = compare(before, scan(both, [SAIL, again]))
    assert (change.kind, change.cause) == ("new", "The objective “Sail on time” was added.")
    (gone,) = compare(scan(both, [SAIL, again]), before)
    assert (gone.kind, gone.cause) == ("resolved", "The objective “Sail on time” was removed.")


def test_what_weighs_more_comes_first() -> None:
    found = [
        finding("Sail", "K1", severity="info"),
        finding("Sail", "K2"),
        finding("Sail", "A6", severity="info"),
        finding("Sail", "A3"),
    ]
    changes = compare(scan((), [goal("Sail")]), scan(found, [goal("Sail")]))
    assert [item.rule for item in changes] == ["A3", "A6", "K2", "K1"]


def test_what_is_the_same_is_no_change() -> None:
    same = scan([finding("Sail on time")], [SAIL], [plan()])
    assert compare(same, same) == ()
    moved = SAIL.model_copy(update={"location": PLACE})
    assert compare(same, scan([finding("SAIL on  time")], [moved], [plan()])) == ()


def test_a_finding_that_outlives_an_edit_is_neither_new_nor_resolved() -> None:
    before = scan([finding("Sail often", "A3")], [goal("Sail often")])
    after = scan([finding("Sail more often", "A3")], [goal("Sail more often")])
    (change,) = compare(before, after)
    assert (change.kind, change.message) == (
        "changed",
        "Still so after the edit: 'Sail more often' is said.",
    )


def test_another_severity_and_another_verdict_are_changes() -> None:
    objectives = [SAIL, goal("Islands stay close", "obj-2")]

    def edge(verdict: str) -> list[Edge]:
        return [
            Edge.model_validate(
                {"child_id": "obj-1", "parent_id": "obj-2", "similarity": 0.4, "verdict": verdict}
            )
        ]

    before = scan([finding("Sail on time", "K1")], objectives, edges=edge("fine"))
    after = scan([finding("Sail on time", "K1", severity="info")], objectives, edges=edge("look"))
    assert [item.message for item in compare(before, after)] == [
        "From warning to info: 'Sail on time' is said.",
        "“Sail on time” under “Islands stay close” was judged 'fine' and is now 'look'.",
    ]


def test_a_choice_that_lost_the_one_who_served_it() -> None:
    choice = Choice(id="cho-1", kind="choice", text="Choice 1. Trains.")
    served = Coverage(choice=choice, served_by={"obj-1": 0.8})
    gap = finding("Choice 1. Trains.", "A2", "cho-1")
    before = scan((), [SAIL], coverage=[served])
    (change,) = compare(before, scan([gap], [], coverage=[Coverage(choice=choice)]))
    assert change.message == "Newly without anybody who serves it: 'Choice 1. Trains.' is said."
    assert change.cause == "The objective “Sail on time” was removed."


def test_the_documents_of_another_audience_are_another_scope() -> None:
    assert (
        scan(audiences=["everyone", "Leadership"]).scope
        == scan(audiences=["leadership", "everyone"]).scope
    )
    assert scan(audiences=["everyone"]).scope != scan(audiences=["leadership"]).scope


PLAN = "---\nkind: strategy\ntitle: Plan {year}\npublished: {year}-01-10\n{more}---\n{body}\n"
OKRS = """company: Fjell
cycles:
  - {name: 2026-Q2, start: 2026-04-01, end: 2026-06-30}
objectives:
- objective: Tents for Sweden
  team: Shops
  cycle: 2026-Q2
  key_results: ["Tents sold from the warehouse in Malmo from 200 to 7500"]
"""


def test_a_new_plan_makes_stale_what_rested_on_the_old_one(tmp_path: Path) -> None:
    def changes(files: dict[str, str]) -> tuple[Change, ...]:
        organisation = written(tmp_path / "corpus", files)
        found = view(organisation)
        now = take_snapshot(
            organisation,
            taken_at=datetime(2026, 7, len(files), tzinfo=UTC),
            findings=found.findings,
            coverage=found.coverage,
        )
        with opened(tmp_path / "home") as history:
            known = history.scans(now.scope)
            before = history.scan_since("LAST", now.scope) if known else now
            history.keep_scan(now)
        return compare(before, now)

    old = "We sell 7500 tents a year from a warehouse in Malmo."
    new = "Nothing leaves Norway. Shops in Bergen and Voss come first."
    files = {
        "okrs.yaml": OKRS,
        "strategy/plan-2025.md": PLAN.format(year=2025, more="", body=old),
    }
    assert changes(files) == ()
    more = "supersedes: Plan 2025\n"
    files["strategy/plan-2026.md"] = PLAN.format(year=2026, more=more, body=new)
    (change,) = changes(files)
    assert (change.kind, change.rule) == ("new", "A9")
    assert change.message.startswith(
        "Newly stale, “Tents for Sweden”: “Tents sold from the warehouse in Malmo from 200 to 7500” rests on "
        "“We sell 7500 tents a year from a warehouse in Malmo.” of Plan 2025 (10 January 2025)"
    )
    assert change.cause == "“Plan 2026” of 10 January 2026 was added."
