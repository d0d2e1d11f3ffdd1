"""Milestones that nobody should hold against a team, and the same words where they are no excuse."""

from __future__ import annotations

import pytest

from assistant.language.verbs import find_legal_date
from assistant.models import KeyResult, Objective, Phase
from assistant.rules import find_rule
from assistant.rules.base import Subject

CODES = ("K1", "K2", "K6")
CRITERION = "Prototype shown to 12 nurses, kept if nine would use it"


def said(text: str, phase: Phase | None, *others: str) -> set[str]:
    """The rules that fire on the first key result when every head finds every element guilty."""
    results = tuple(KeyResult(id=item, text=item) for item in (text, *others))
    objective = Objective(id="o", text="Nurses end on time", phase=phase, key_results=results)
    subject = Subject(objective=objective, scores={f"{code}@kr:1": 0.9 for code in CODES})
    flags = [(code, find_rule(code).detect) for code in CODES]
    return {code for code, detect in flags if detect for f in detect(subject) if f.on == "kr:1"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Licence renewed before it expires on 3 May", "before it expires"),
        ("All offices connected when the directive becomes binding", "when the directive becomes binding"),
        ("Labels changed by 1 May, the date set by law", "date set by law"),
        ("Report due to the ministry on 3 May", "due to the ministry"),
        ("Filed by May, without which the plant must close", "without which the plant must close"),
        ("Fewer wards that run out before the weekend", None),
        ("Portal live before the season ends", None),
        ("Mandatory training completed", None),
    ],
)  # fmt: skip
def test_dates_that_a_law_sets(text: str, words: str | None) -> None:
    found = find_legal_date(text)
    assert (found.text if found else None) == words


def test_a_legal_date_is_left_alone_anywhere() -> None:
    assert said("Licence renewed before it expires", None) == set()
    assert said("Licence renewed", None) == {"K1", "K2", "K6"}


def test_a_criterion_excuses_a_milestone_in_an_early_phase() -> None:
    assert said(CRITERION, "pilot") == set()
    assert said(CRITERION, None) == {"K1"}


def test_an_early_output_needs_an_outcome_beside_it() -> None:
    assert "K1" in said("Twelve kitchens watched", "discovery")
    assert said("Twelve kitchens watched", "discovery", "Waste from 9 to 4 kg a day") == set()
