"""The nouns: identity, locations, elements."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.models import Finding, KeyResult, Location, Objective, Span, stable_id

OBJECTIVE = Objective(
    id="obj-1",
    text="Win the second order",
    key_results=(KeyResult(id="kr-1", text="Repeat rate from 20 % to 30 %"),),
)


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (Location(file="a.md", line=3), "a.md:3"),
        (Location(file="a.pdf", page=2), "a.pdf, page 2"),
        (Location(file="a.xlsx", sheet="Q3", cell="B4", line=4), "a.xlsx, Q3!B4"),
        (Location(file="a.csv", cell="B4"), "a.csv, cell B4"),
        (Location(file="a.md"), "a.md"),
    ],
    ids=str,
)
def test_a_location_reads_as_people_write_it(location: Location, shown: str) -> None:
    assert str(location) == shown


def test_ids_ignore_case_and_spacing_and_nothing_else() -> None:
    assert stable_id("obj", "Sales ", "Win  it") == stable_id("obj", "sales", "win it")
    assert stable_id("obj", "sales", "win it") != stable_id("obj", "sales win", "it")


@pytest.mark.parametrize(
    ("on", "text"),
    [
        ("objective", "Win the second order"),
        ("kr:1", "Repeat rate from 20 % to 30 %"),
        ("kr:0", None),
        ("kr:2", None),
        ("kr:x", None),
        ("set", None),
    ],
)
def test_an_element_is_found_by_its_name(on: str, text: str | None) -> None:
    assert OBJECTIVE.element(on) == text


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("objective", "Win the second order"),
        ("kr:1", "Repeat rate from 20 % to 30 %"),
        ("set", "Win the second order\nRepeat rate from 20 % to 30 %"),
        ("kr:7", ""),
    ],
)
def test_the_words_of_the_set_are_all_words(on: str, words: str) -> None:
    assert OBJECTIVE.words(on) == words


def test_nouns_are_immutable_and_refuse_unknown_fields() -> None:
    with pytest.raises(ValidationError):
        OBJECTIVE.text = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Location(file="a.md", row=3)  # type: ignore[call-arg]


def test_the_fingerprint_follows_the_words_not_the_message() -> None:
    finding = Finding(
        rule="K1",
        slug="output-not-outcome",
        severity="warning",
        on="kr:1",
        objective_id="obj-1",
        span=Span.of("Launch it", 0, 6),
        message="one wording",
    )
    reworded = finding.model_copy(update={"message": "another wording", "confidence": 0.4})
    elsewhere = finding.model_copy(update={"on": "kr:2"})
    assert finding.fingerprint == reworded.fingerprint != elsewhere.fingerprint


def test_the_fingerprint_of_words_does_not_care_where_they_stand() -> None:
    finding = Finding(
        rule="K1",
        slug="output-not-outcome",
        severity="warning",
        on="kr:1",
        objective_id="obj-1",
        span=Span.of("Launch it", 0, 6),
        message="m",
        words="Launch it",
    )
    moved = finding.model_copy(update={"on": "kr:3", "objective_id": "obj-2", "span": None})
    assert finding.fingerprint == moved.fingerprint
    assert finding.fingerprint != finding.model_copy(update={"words": "Launch"}).fingerprint
    assert finding.fingerprint != finding.model_copy(update={"rule": "K6"}).fingerprint
