"""One review and one scan that hold every part and hostile text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.models import (
    Evidence,
    Finding,
    KeyResult,
    Location,
    NotChecked,
    Objective,
    ObjectiveReview,
    Problem,
    Relation,
    Review,
    Scan,
    Span,
)

HOSTILE = '<script>alert(1)</script> [x](javascript:alert(1)) "quoted" & *bold* =1+1'


@pytest.fixture
def review() -> Review:
    objective = Objective(
        id="obj-1",
        text="Become the leading portal",
        location=Location(file="my draft.md", line=3),
        key_results=(
            KeyResult(id="kr-1", text="Launch the portal", location=Location(file="d.md", line=4)),
            KeyResult(id="kr-2", text=HOSTILE),
        ),
    )
    findings = (
        Finding(
            rule="O1",
            slug="aspiration-not-choice",
            severity="info",
            on="objective",
            objective_id="obj-1",
            span=Span.of(objective.text, 11, 18),
            message="'leading' is lofty.",
            location=Location(file="my draft.md", line=3),
        ),
        Finding(
            rule="K1",
            slug="output-not-outcome",
            severity="warning",
            on="kr:1",
            objective_id="obj-1",
            span=Span.of("Launch the portal", 0, 6),
            message="'Launch' names work.",
            question="What changes?",
            rewrite="Repairs booked online from [baseline?] to [target?]",
            evidence=(
                Evidence(
                    kind="strategy",
                    id="psg-1",
                    title="Plan",
                    quote=HOSTILE,
                    location=Location(file="plan.pdf", page=2),
                    published=date(2026, 5, 1),
                    version="2",
                ),
            ),
            confidence=0.8,
            location=Location(file="d.md", line=4),
        ),
    )
    relation = Relation(
        objective_id="obj-9", text=HOSTILE, team="Sales", cycle="2026-Q3", similarity=0.5
    )
    return Review(
        reviews=(
            ObjectiveReview(
                objective=objective, findings=findings, parents=(relation,), peers=(relation,)
            ),
        ),
        problems=(Problem(message="Row 3 has no text.", location=Location(file="a.csv", line=3)),),
        not_checked=(NotChecked(what="LLM critique", why="none is configured", how="Set it."),),
    )


@pytest.fixture
def scan(review: Review) -> Scan:
    return Scan(
        organisation=HOSTILE,
        taken_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        teams=2,
        objectives=1,
        key_results=2,
        documents=1,
        findings=review.findings,
        not_checked=review.not_checked,
    )
