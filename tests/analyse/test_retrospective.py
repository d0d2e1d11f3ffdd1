"""A finished period: what moved, which assumptions were wrong, what could be seen before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.analyse.findings import corpus_finding
from assistant.analyse.retrospective import at_the_start, look_back
from assistant.errors import InputError
from assistant.history.scans import SeenEdge, SeenFinding, SeenObjective, Snapshot
from assistant.models import (
    EdgeVerdict,
    Evidence,
    Location,
    Objective,
    Organisation,
    Passage,
    StrategyDocument,
)
from assistant.report.retrospective import render_retrospective
from tests.analyse.organisations import cycle, objective, organisation


def scored(text: str, *scores: float | None, under: tuple[str, ...] = ()) -> Objective:
    results = [f"{text}, part {number} from 1 to 9" for number, _ in enumerate(scores)]
    item = objective(text, *results, cycle="2026-Q1", team="Ferries", under=under)
    parts = zip(item.key_results, scores, strict=True)
    return item.model_copy(
        update={"key_results": tuple(one.model_copy(update={"score": s}) for one, s in parts)}
    )


ROOT = scored("Islanders cross without waiting", 0.1, 0.2)
APP = scored("The app is in every pocket", 1.0, 0.9, under=(ROOT.id,))
CREW = scored("Crews plan a month ahead", 0.5, None, under=(ROOT.id,))
LATER = scored("Boats burn less", None)
GIVEN_UP = scored("A second pier", None).model_copy(update={"status": "dropped"})
FERRIES = organisation(ROOT, APP, CREW, LATER, GIVEN_UP, teams={"Ferries": None})

PLAN = StrategyDocument(
    id="plan",
    title="Plan",
    published=date(2025, 12, 1),
    passages=(
        Passage(
            id="plan-1",
            document_id="plan",
            text="Assumption 1. Islanders buy tickets by phone by the spring of 2026.",
            location=Location(file="plan.md", line=4),
        ),
    ),
    location=Location(file="plan.md"),
)
LOG = StrategyDocument(
    id="log",
    title="Decision log",
    published=date(2026, 2, 3),
    passages=(
        Passage(
            id="log-1",
            document_id="log",
            text="We withdraw assumption 1.",
            location=Location(file="log.md", line=9),
        ),
    ),
    location=Location(file="log.md"),
)


def scan(*edges: SeenEdge, **given: object) -> Snapshot:
    drift = SeenFinding(
        fingerprint="fnd-1",
        rule="A3",
        severity="warning",
        message="Downloads carry nobody across.",
        objective_id=APP.id,
    )
    taken = datetime(2026, 1, 9, tzinfo=UTC)
    kept = {"taken_at": taken, "edges": edges, "findings": (drift,), **given}
    return Snapshot.model_validate(kept)


def edge(child: Objective, verdict: EdgeVerdict) -> SeenEdge:
    return SeenEdge(child_id=child.id, parent_id=ROOT.id, verdict=verdict)


def test_outcomes_by_how_far_they_moved() -> None:
    found = look_back(FERRIES, "2026-q1")
    groups = (found.moved, found.partly, found.stood, found.open, found.dropped)
    assert [[(item.text, item.score) for item in group] for group in groups] == [
        [(APP.text, 0.95)],
        [(CREW.text, 0.5)],
        [(ROOT.text, 0.15)],
        [(LATER.text, None)],
        [(GIVEN_UP.text, None)],
    ]
    assert (found.partly[0].scored, found.partly[0].key_results) == (1, 2)


def test_success_under_a_parent_that_stood_still() -> None:
    (pair,) = look_back(FERRIES, "2026-Q1").without_parent
    assert (pair.child.objective_id, pair.parent.objective_id, pair.was_visible) == (
        APP.id,
        ROOT.id,
        None,
    )


@pytest.mark.parametrize(("verdict", "visible"), [("drifted", True), ("fine", False)])
def test_whether_it_could_be_seen(verdict: EdgeVerdict, visible: bool) -> None:
    before = scan(
        edge(APP, verdict),
        edge(CREW, "fine"),
    )
    found = look_back(FERRIES, "2026-Q1", before=before)
    assert found.without_parent[0].was_visible is visible
    assert [item.outcome.score for item in found.foreseen] == [0.95]
    assert found.doubted is not None
    assert (found.doubted.doubted_count, found.doubted.others_count) == (
        (1, 1) if visible else (0, 2)
    )


def test_assumptions_that_were_taken_back() -> None:
    whole = FERRIES.model_copy(update={"documents": (PLAN, LOG)})
    rests = corpus_finding(
        "A9",
        APP,
        "It rests on assumption 1.",
        evidence=(
            Evidence(kind="strategy", id="log-1", title="Log", quote="We withdraw assumption 1."),
        ),
    )
    (item,) = look_back(whole, "2026-Q1", resting=[rests]).assumptions
    assert item.assumption.startswith("Assumption 1. Islanders buy tickets by phone")
    assert item.taken_back.quote == "We withdraw assumption 1."
    assert [one.objective_id for one in item.rested] == [APP.id]


def test_what_was_taken_back_before_is_another_story() -> None:
    early = LOG.model_copy(update={"published": date(2025, 12, 24)})
    whole = FERRIES.model_copy(update={"documents": (PLAN, early)})
    assert look_back(whole, "2026-Q1").assumptions == ()


def test_questions_ask_about_goals() -> None:
    assert look_back(FERRIES, "2026-Q1").questions == (
        "“The app is in every pocket” reached 0.95 while “Islanders cross without waiting” stood at "
        "0.15. What did the one move, and what would have moved the other?",
        "“Islanders cross without waiting” stood at 0.15. Which assumption behind it was wrong, and "
        "what do you know now that is worth keeping?",
    )


@pytest.mark.parametrize(
    ("whole", "name", "message"),
    [
        (FERRIES, "2031", "There is no period '2031'. The periods are: 2026-Q1."),
        (Organisation(), "2031", "There is no period '2031'. The periods are: none."),
        (
            organisation(LATER),
            "2026-Q1",
            "No key result of 2026-Q1 has a score, so there is nothing to look back on. Add "
            "'score' from 0 to 1, or 'progress' in per cent, to its key results.",
        ),
    ],
    ids=["another period", "nothing at all", "no scores"],
)
def test_what_cannot_be_looked_back_on(whole: Organisation, name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        look_back(whole, name)
    assert str(caught.value) == message


def test_as_markdown() -> None:
    before = scan(edge(APP, "look"))
    page = render_retrospective(look_back(FERRIES, "2026-Q1", before=before))
    assert page.startswith(
        "## Looking back on 2026\\-Q1\n\n3 objectives with a score: 1 moved (0.7 or more), 1 in "
        "part, 1 stood still (below 0.3); 1 without a score, 1 given up.\n"
    )
    assert "| 0.95 | The app is in every pocket | Ferries | 2 of 2 |" in page
    assert (
        "- The app is in every pocket (0.95) under Islanders cross without waiting (0.15). The scan "
        "at the start doubted this link." in page
    )
    assert (
        "The scan of 2026-01-09 (8 days after the period began) doubted the links of 1 scored "
        "objectives" in page
    )
    assert "- **A3** Downloads carry nobody across. It ended at 0.95." in page


@pytest.mark.parametrize(
    ("kept", "chosen"),
    [
        ([], None),
        ([(date(2026, 1, 9), 4)], 0),
        ([(date(2025, 10, 1), 2), (date(2025, 12, 20), 3), (date(2026, 2, 1), 5)], 1),
        ([(date(2026, 4, 1), 5)], None),
        ([(date(2026, 1, 2), 1), (date(2026, 3, 31), 5)], 1),
    ],
    ids=["none kept", "one", "the first that knows most of it", "too late", "on the last day"],
)
def test_which_scan_shows_a_period_as_it_began(
    kept: list[tuple[date, int]], chosen: int | None
) -> None:
    scans = [
        scan(
            taken_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
            objectives=[
                SeenObjective(id=item.id, text="x", words="w", whole="w")
                for item in FERRIES.objectives[:known]
            ],
        )
        for day, known in kept
    ]
    quarter = cycle("2026-Q1")
    expected = None if chosen is None else scans[chosen]
    assert at_the_start(iter(scans), quarter, FERRIES) is expected


def test_without_a_scan_it_says_how_to_have_one() -> None:
    page = render_retrospective(look_back(FERRIES, "2026-Q1"))
    assert "No scan of this period was kept before it ended, so nothing can be said." in page


def test_markup_of_an_objective_stays_text() -> None:
    item = scored("<b>Win</b> | all", 0.9)
    page = render_retrospective(look_back(organisation(item), "2026-Q1"))
    assert "| 0.90 | \\<b\\>Win\\</b\\> \\| all |" in page
