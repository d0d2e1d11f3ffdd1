"""A little organisation with a scan of it that holds every part and hostile text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from assistant.models import (
    Change,
    Choice,
    Coverage,
    Cycle,
    Edge,
    Evidence,
    Figure,
    Finding,
    KeyResult,
    Location,
    NotChecked,
    Objective,
    Organisation,
    ParentLink,
    PeerLink,
    Scan,
    SlotChange,
    Team,
)
from tests.report.conftest import HOSTILE

TAKEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def objective(key: str, text: str, team: str, *under: str, cycle: str = "q3") -> Objective:
    return Objective(
        id=key, key=key.upper(), text=text, team_id=team, cycle_id=cycle,
        key_results=(KeyResult(id=f"{key}-kr", text=f"{text}, from 1 to 2"),),
        parents=tuple(ParentLink(stated=item, objective_id=item) for item in under),
        location=Location(file="okrs.yaml", line=4),
    )  # fmt: skip


def fernhill() -> Organisation:
    return Organisation(
        name="Fernhill",
        teams=(
            Team(id="top", name="Fernhill", people=10),
            Team(id="sales", name="Sales", parent_id="top", people=30),
            Team(id="service", name=f"Service {HOSTILE}", parent_id="top", people=60),
        ),
        cycles=(
            Cycle(id="q2", name="2026-Q2", start=date(2026, 4, 1), end=date(2026, 6, 30)),
            Cycle(id="q3", name="2026-Q3", start=date(2026, 7, 1), end=date(2026, 9, 30)),
        ),
        objectives=(
            objective("f1", "Hauliers stay", "top"),
            objective("s1", HOSTILE, "sales", "f1"),
            objective("s2", "Old orders", "sales", "f1", cycle="q2"),
            objective("v1", "One repair date", "service", "f1"),
            objective("v2", "Phones are answered", "service", "v1"),
        ),
    )


def whole_scan() -> Scan:
    quotes = tuple(
        Evidence(
            kind=kind, id=key, title=HOSTILE, quote=f"{key}: {HOSTILE}",
            location=Location(file="okrs.yaml", line=4),
        )
        for kind, key in (("parent", "f1"), ("draft", "s1"))
    )  # fmt: skip
    return Scan(
        organisation="Fernhill",
        taken_at=TAKEN,
        since=TAKEN - timedelta(days=31),
        teams=3,
        objectives=5,
        key_results=5,
        documents=1,
        edges=(
            Edge(
                child_id="s1", parent_id="f1", similarity=0.81, serves=0.12, verdict="drifted",
                subtype="metric_substitution", root_id="f1", judged="drifted",
                slots=(SlotChange(slot="metric", change="changed", above=HOSTILE, below="calls"),),
            ),
            Edge(child_id="s2", parent_id="f1", similarity=0.4, serves=0.9, verdict="fine"),
            Edge(child_id="v1", parent_id="f1", similarity=0.4, serves=0.9, verdict="fine"),
            Edge(
                child_id="v2", parent_id="v1", similarity=0.5, serves=0.45, verdict="look",
                from_root=0.3, root_id="f1", lost_at="v2",
            ),
        ),
        peers=(
            PeerLink(
                a_id="s1", b_id="v1", kind="conflict", subtype="volume_vs_quality",
                confidence=0.8, similarity=0.3, shared=HOSTILE, unless="they share one outcome",
            ),
            PeerLink(
                a_id="v2", b_id="s1", kind="dependency", needs="b", confidence=0.7, similarity=0.2
            ),
            PeerLink(a_id="s1", b_id="v2", kind="complementary", confidence=0.9, similarity=0.2),
        ),
        coverage=(
            Coverage(
                choice=Choice(id="c1", kind="choice", text=f"Pharma first {HOSTILE}"),
                served_by={"f1": 0.9, "v1": 0.65, "v2": 0.5}, against={"s1": 0.7},
            ),
            Coverage(choice=Choice(id="c2", kind="choice", text="Quiet at night")),
            Coverage(choice=Choice(id="c3", kind="will-not", text="No depots abroad")),
            Coverage(choice=Choice(id="c4", kind="choice", text="Diesel", withdrawn=True)),
        ),
        figures=(
            Figure(name="Horizon: this quarter", value=4, unit="objectives", of=("s1", "v1")),
            Figure(name="Horizon: beyond a year", value=1, unit="objectives"),
            Figure(name="Exposure", value=1234.5, unit="people", formula=HOSTILE, note="Own."),
            Figure(name="Budget that drifted", value=None, unit="euro", formula="no budgets"),
        ),
        changes=(
            Change(
                kind="new", rule="A9", fingerprint="fnd-1", message="V2 is stale.", cause=HOSTILE
            ),
            Change(kind="resolved", rule="A6", fingerprint="fnd-2", message="Settled."),
        ),
        findings=(
            remark("K1", "v1"),
            remark("S9", "v1"),
            Finding(
                rule="A3", slug="drift", severity="warning", on="objective", objective_id="s1",
                message=f"It moves another number. {HOSTILE}", why="Because.", question="Would it?",
                evidence=quotes, confidence=0.88, location=Location(file="okrs.yaml", line=4),
            ),
            Finding(
                rule="A5", slug="peer-conflict", severity="warning", on="objective",
                objective_id="s1", message="They pull apart.",
                evidence=(
                    Evidence(kind="draft", id="s1", title="x", quote="more calls"),
                    Evidence(kind="peer", id="v1", title="One repair date", quote="fewer calls"),
                ),
                confidence=0.8,
            ),
        ),
        not_checked=(NotChecked(what="Metrics", why="none is defined", how="Define them."),),
    )  # fmt: skip


def remark(rule: str, on: str) -> Finding:
    return Finding(
        rule=rule, slug="slug", severity="info", on="objective", objective_id=on,
        message=f"{rule} says so.", question="What changes?",
    )  # fmt: skip
