"""Segments, mechanism and guard; and the slots of whole goals."""

from __future__ import annotations

import pytest

from assistant.language.segments import find_guard, find_mechanism, find_segments
from assistant.language.slots import parse_slots
from assistant.models import Span
from tests.language.tables import Case, marked

GOALS = marked("goals", "more_goals")


def text_of(span: Span | None) -> str | None:
    return span.text if span else None


@pytest.mark.parametrize("case", marked("slots"), ids=lambda case: case.text)
def test_segment_mechanism_and_guard_are_found(case: Case) -> None:
    assert sorted(span.text for span in find_segments(case.text)) == sorted(case.parts.get("s", []))
    assert text_of(find_mechanism(case.text)) == case.part("x")
    assert text_of(find_guard(case.text)) == case.part("g")


@pytest.mark.parametrize("case", GOALS, ids=lambda case: case.text)
def test_the_slots_of_a_goal(case: Case) -> None:
    slots = parse_slots(case.text)
    assert sorted(span.text for span in slots.segments) == sorted(case.parts.get("s", []))
    assert text_of(slots.mechanism) == case.part("x")
    assert text_of(slots.guard) == case.part("g")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Churn among SMB customers from 5% to 3%", "Churn"),
        ("Return rate in footwear from 28% to 22%", "Return rate"),
        ("Share of women among new professors from 24% to 40%", "Share of women"),
        ("Sign 15 enterprise customers in DACH", "enterprise customers"),
        ("Grow market share in Poland", "market share"),
        ("Launch the new payment gateway for merchants in Q3", "new payment gateway"),
        ("Reduce technical debt", "technical debt"),
        ("Build and launch the partner portal", "partner portal"),
        ("Customers love us", None),
    ],
)
def test_what_is_to_be_better_is_named_without_the_segment(text: str, what: str | None) -> None:
    assert text_of(parse_slots(text).what) == what


def test_a_goal_fills_all_slots() -> None:
    slots = parse_slots(
        "Reduce churn among SMB customers from 5% to 3% by simplifying billing "
        "without raising prices by Q3"
    )
    assert text_of(slots.what) == "churn"
    assert [span.text for span in slots.segments] == ["SMB customers"]
    assert text_of(slots.direction) == "Reduce"
    assert text_of(slots.mechanism) == "by simplifying billing"
    assert text_of(slots.guard) == "without raising prices"
    assert slots.horizon is not None and slots.horizon.span.text == "by Q3"
