"""Whole sentences: what is measured, from where, to where, which way, by when."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.language.parse import find_change, parse_measure, states_unknown_baseline
from assistant.models import Cycle, Measure
from tests.language.tables import Case, marked

GOALS = marked("measures", "goals", "more_goals")
QUARTER = Cycle(id="q", name="2026-Q3", start=date(2026, 7, 1), end=date(2026, 9, 30))


def words(measure: Measure) -> dict[str, str | None]:
    return {
        "metric": measure.metric and measure.metric.text,
        "baseline": measure.baseline and measure.baseline.span.text,
        "target": measure.target and measure.target.span.text,
        "deadline": measure.deadline and measure.deadline.span.text,
        "direction": measure.direction,
    }


@pytest.mark.parametrize("case", GOALS, ids=lambda case: case.text)
def test_a_goal_is_read_part_by_part(case: Case) -> None:
    assert words(parse_measure(case.text)) == {
        "metric": case.part("m"),
        "baseline": case.part("b"),
        "target": case.part("t"),
        "deadline": case.part("d"),
        "direction": None if case.verdict == "-" else case.verdict,
    }


def test_there_are_as_many_goals_as_we_say() -> None:
    assert len(GOALS) >= 450


@pytest.mark.parametrize(
    ("text", "baseline", "target", "unit"),
    [
        ("churn 5 -> 3%", 5, 3, "%"),
        ("Grow ARR from 1.2 to 1.5 million", 1.2e6, 1.5e6, None),
        ("Grow users from 800 to 1.2k", 800, 1200, None),
        ("eNPS from -12 to +10", -12, 10, None),
        ("Falls from 3 to 1 per 1,000 patient days", 3, 1, "per 1,000 patient days"),
        ("Lecturers on the platform: 40 of 310 → 200", 12.903226, 64.516129, "%"),
        ("no more than one in fifty (one in forty now)", 2.5, 2, "%"),
    ],
)
def test_start_and_target_are_in_the_same_unit(
    text: str, baseline: float, target: float, unit: str | None
) -> None:
    measure = parse_measure(text)
    assert measure.baseline is not None and measure.target is not None
    assert (measure.baseline.value, measure.target.value) == (baseline, target)
    assert (measure.baseline.unit, measure.unit) == (unit, unit)


def test_lengths_of_time_are_compared_whatever_their_unit() -> None:
    assert parse_measure("Lead time 3 weeks → 5 days").direction == "decrease"


def test_a_stated_direction_stands_even_against_the_numbers() -> None:
    assert parse_measure("Reduce churn from 3 % to 5 %").direction == "decrease"


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Reduce churn by 20 %", "20 %"),
        ("Gross margin up 4 points", "4 points"),
        ("Double revenue", "Double"),
        ("20% fewer returns", "20%"),
        ("Empty kilometres -10%", "-10%"),
        ("Increase daily users by 20% to 45k", "20%"),
        ("Raise NPS to 40", None),
        ("Churn from 5% to 3%", None),
        ("Uptime at least 99.9%", None),
    ],
)
def test_the_size_of_a_change_is_told_from_a_level(text: str, change: str | None) -> None:
    found = find_change(text)
    assert (found.span.text if found else None) == change


@pytest.mark.parametrize("case", marked("baselines"), ids=lambda case: case.text)
def test_an_unknown_baseline_is_admitted_in_words(case: Case) -> None:
    found = states_unknown_baseline(case.text)
    assert (found.text if found else None) == case.part("u")


def test_a_cycle_supplies_the_year_of_a_deadline() -> None:
    deadline = parse_measure("Cut waste by 10% by end of August", QUARTER).deadline
    assert deadline is not None
    assert deadline.on == date(2026, 8, 31)
