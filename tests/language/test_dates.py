"""When something is due, and on which day as far as can be told."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.language.dates import find_deadlines
from assistant.models import Cycle, Deadline
from tests.language.tables import lines, table

QUARTER = Cycle(id="q", name="2026-Q3", start=date(2026, 7, 1), end=date(2026, 9, 30))
YEAR = Cycle(id="y", name="2026", start=date(2026, 1, 1), end=date(2026, 12, 31))
FISCAL = Cycle(id="f", name="FY27 Q1", start=date(2026, 7, 1), end=date(2026, 9, 30))

ROWS = table("deadlines")
IN_QUARTER = list(lines("deadlines")).index("[in 2026-Q3]") - 1


def shown(deadlines: list[Deadline]) -> str:
    return "; ".join(f"{found.span.text} = {found.on or '?'}" for found in deadlines)


@pytest.mark.parametrize(("text", "expected"), ROWS[:IN_QUARTER])
def test_a_deadline_has_its_words_and_its_day(text: str, expected: str) -> None:
    assert shown(list(find_deadlines(text))) == expected


@pytest.mark.parametrize(("text", "expected"), ROWS[IN_QUARTER:])
def test_a_cycle_decides_what_the_words_leave_open(text: str, expected: str) -> None:
    assert shown(list(find_deadlines(text, QUARTER))) == expected


@pytest.mark.parametrize(
    ("text", "cycle", "on"),
    [
        ("this year", YEAR, date(2026, 12, 31)),
        ("this quarter", YEAR, None),
        ("by end of Q1", FISCAL, None),
        ("by June", Cycle(id="x", name="open"), None),
        ("by March", Cycle(id="x", name="x", end=date(2026, 3, 31)), date(2026, 3, 31)),
    ],
)
def test_a_cycle_answers_only_for_its_own_kind(text: str, cycle: Cycle, on: date | None) -> None:
    assert [found.on for found in find_deadlines(text, cycle)] == [on]
