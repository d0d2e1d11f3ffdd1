"""A10: one name of a metric, two meanings in two teams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.analyse.definitions import mismatch_findings
from assistant.analyse.metric_uses import stated_in, uses_of, windows
from assistant.models import (
    Finding,
    KeyResult,
    Location,
    Objective,
    Organisation,
    Passage,
    StrategyDocument,
)
from tests.analyse.organisations import objective, organisation

GLOSSARY = StrategyDocument(
    id="glossary",
    title="Glossary of measures",
    passages=(
        Passage(
            id="glossary-1",
            document_id="glossary",
            text="Dropout: members who let their card lapse for 60 days, divided by all members.",
            location=Location(file="glossary.md", line=3),
        ),
    ),
    location=Location(file="glossary.md"),
)


def found(*texts: str, documents: Sequence[StrategyDocument] = (), **extra: str) -> list[Finding]:
    """The findings on key results of as many teams as there are texts."""
    teams = [f"Team {number}" for number, _ in enumerate(texts, start=1)]
    items = [
        objective(f"Aim of {team}", text, team=team, cycle=extra.get(team.replace(" ", "_")))
        for team, text in zip(teams, texts, strict=True)
    ]
    whole = organisation(*items, teams=dict.fromkeys(teams))
    return list(mismatch_findings(whole.model_copy(update={"documents": tuple(documents)})))


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (
            "Dropout rate from 9 % to 6 %, counted over 30 days",
            "Dropout rate from 14 % to 9 %, counted over 90 days",
            "“Dropout rate” is “counted over 90 days” here and “counted over 30 days” in Team 1.",
        ),
        (
            "Ticket wait, from the first call, from 40 to 20 minutes",
            "Ticket wait, measured from our own answer, from 22 to 15 minutes",
            "“Ticket wait” is “measured from our own answer” here and “from the first call” in "
            "Team 1.",
        ),
        (
            "Active lenders (borrowed a book this year) from 310 to 400",
            "Active lenders, with a paid card in the quarter, from 120 to 180",
            "“Active lenders” is “with a paid card in the quarter” here and “borrowed a book this "
            "year” in Team 1.",
        ),
        (
            "Refusal rate from 61 % to 40 % of all walk-ins",
            "Refusal rate from 30 % to 20 % of written applications",
            "“Refusal rate” is a share of “written applications” here and of “walk-ins” in Team 1.",
        ),
        (
            "Median repair time from 9 to 5 days",
            "Average repair time from 11 to 7 days",
            "",
        ),
        (
            "Repair time from 9 to 5 days, median",
            "Repair time from 11 to 7 days, mean",
            "“Repair time” is a mean here and a median in Team 1.",
        ),
        (
            "Warranty cost from 3.4 % to 2.6 %",
            "Warranty cost from 900,000 to 700,000 EUR",
            "“Warranty cost” is stated as an amount of money here and as a percentage in Team 1.",
        ),
    ],
    ids=["window", "start", "aside", "population", "two names", "average", "unit"],
)
def test_two_meanings_of_one_name(one: str, other: str, message: str) -> None:
    assert [item.message for item in found(one, other)] == ([message] if message else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dropout rate in the north from 9 % to 6 %", "Dropout rate in the south from 8 % to 5 %"),
        ("Dropout rate from 9 % to 6 %", "Dropout rate from 14 % to 9 %, counted over 90 days"),
        (
            "Dropout rate from 9 % to 6 %, members who let their card lapse",
            "Dropout rate from 7 % to 4 %, counted as members that let the card lapse",
        ),
        ("Fill rate 70 % -> 80 %, by December", "Fill rate 60 % -> 75 %, without weekend work"),
        ("Fill rate 70 % -> 80 % (confidence 60 %)", "Fill rate 60 % -> 75 % (now 61 %)"),
        ("Repair time from 9 to 5 days", "Repairs over two weeks from 12 % to 4 %"),
    ],
    ids=["places", "one is silent", "same words", "limits and days", "remarks", "other names"],
)
def test_no_mismatch(one: str, other: str) -> None:
    assert found(one, other) == []


def test_a_finding_quotes_both_sides_and_lowers_nobody() -> None:
    (item,) = found("Dropout 9 % -> 6 %, within 30 days", "Dropout 9 % -> 6 %, within 90 days")
    assert (item.rule, item.severity, item.on, item.objective_id) == (
        "A10",
        "info",
        "kr:1",
        "Aim of Team 2",
    )
    assert [(one.kind, one.title, one.quote) for one in item.evidence] == [
        ("draft", "Team 2", "Dropout 9 % -> 6 %, within 90 days"),
        ("peer", "Team 1", "Dropout 9 % -> 6 %, within 30 days"),
    ]
    assert item.span is not None
    assert item.span.text == "within 90 days"


def test_a_document_decides_who_departs() -> None:
    agreeing = "Dropout 9 % -> 6 %, members whose card lapsed"
    departing = "Dropout 5 % -> 4 %, people who wrote a letter of notice"
    (item,) = found(departing, agreeing, documents=[GLOSSARY])
    assert item.objective_id == "Aim of Team 1"
    assert item.evidence[-1].id == "glossary-1"
    assert item.message.endswith(
        "Glossary of measures says “members who let their card lapse for 60 days, divided by all "
        "members.”."
    )
    assert item.confidence == 0.9


def test_a_document_alone_is_departed_from() -> None:
    (item,) = found("Dropout 5 % -> 4 %, letters of notice received", documents=[GLOSSARY])
    assert item.message.startswith("“Dropout” is “letters of notice received” here.")
    assert [one.kind for one in item.evidence] == ["draft", "strategy"]


def test_one_finding_for_each_meaning_however_many_share_it() -> None:
    texts = ["Dropout 9 % -> 6 %, within 30 days", *["Dropout 9 % -> 6 %, within 90 days"] * 5]
    (item,) = found(*texts)
    assert " The same in Team 3, Team 4, Team 5 and 1 more." in item.message


def test_periods_that_do_not_touch_are_not_compared() -> None:
    texts = ("Dropout 9 % -> 6 %, within 30 days", "Dropout 9 % -> 6 %, within 90 days")
    assert found(*texts, Team_1="2026-Q1", Team_2="2026-Q3") == []
    assert len(found(*texts, Team_1="2026", Team_2="2026-Q3")) == 1


def test_one_team_may_say_it_twice() -> None:
    item = objective(
        "Members stay",
        "Dropout 9 % -> 6 %, within 30 days",
        "Dropout 9 % -> 6 %, within 90 days",
        team="Cards",
    )
    assert mismatch_findings(organisation(item, teams={"Cards": None})) == ()


def test_a_note_can_hold_the_definition() -> None:
    def with_note(team: str, note: str) -> Objective:
        result = KeyResult(id=team, text="Dropout below 6 %", notes=("As agreed.", note))
        return Objective(id=team, text=team, team_id=team, key_results=(result,))

    whole = organisation(
        with_note("North", "Counted within 30 days."),
        with_note("South", "Counted within 90 days."),
        teams={"North": None, "South": None},
    )
    (item,) = mismatch_findings(whole)
    assert "“Counted within 90 days.” here and “Counted within 30 days.” in North" in item.message


def test_vectors_recognise_other_words_for_the_same() -> None:
    texts = ("Dropout 9 % -> 6 %, cards that were given back", "Dropout 9 % -> 6 %, members lost")
    items = [objective(text, text, team=text) for text in texts]
    whole = organisation(*items, teams=dict.fromkeys(texts))

    def all_alike(words: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(words), 1))

    def all_apart(words: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(len(words), dtype=np.float32)

    assert mismatch_findings(whole, embed=all_alike) == ()
    assert mismatch_findings(Organisation(objectives=whole.objectives), embed=all_apart) == (
        mismatch_findings(Organisation(objectives=whole.objectives))
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("within 30 days", {30}),
        ("in the last two weeks", {14}),
        ("within a year", {365}),
        ("on the day of the visit", {1}),
        ("after 30 days", set()),
    ],
)
def test_windows(text: str, days: set[int]) -> None:
    assert windows(text) == days


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On-time repairs at partner shops from 64 % to 82 %", "On-time repairs"),
        ("Raise the share of repeat orders from 12 % to 20 %", "share of repeat orders"),
        ("Service desk: churn of small firms 9 % → 6 %", "churn"),
        ("Complaints per 1,000 parcels from 14 to 8", "Complaints"),
        ("Share what we learn, ten notes a month", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert next((use.name for use in uses_of(objective("Aim", text))), None) == name


def test_documents_define_in_sentences_anywhere() -> None:
    passage = GLOSSARY.passages[0].model_copy(
        update={"text": "Churn is counted as customers without an order for 90 days.\nSee: page 4."}
    )
    memo = GLOSSARY.model_copy(update={"title": "Board memo", "passages": (passage,)})
    (item,) = stated_in([memo])
    assert (item.name, item.definition) == ("Churn", "customers without an order for 90 days.")


def test_hostile_texts_cost_little() -> None:
    texts = ["," * 50_000, " - " * 20_000, "a " * 40_000 + "from 1 to 2, " + "(" * 9000]
    assert found(*texts) == []
