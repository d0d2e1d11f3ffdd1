"""Numbers: what can be graded, what is number-like at all, and which say the same."""

from __future__ import annotations

import pytest

from assistant.language.quantities import find_numbers, find_quantities, same_number
from tests.language.tables import table


@pytest.mark.parametrize(("text", "expected"), table("quantities"))
def test_quantities_have_words_value_and_unit(text: str, expected: str) -> None:
    found = [f"{q.span.text} = {q.value:.8g} {q.unit or ''}".strip() for q in find_quantities(text)]
    assert "; ".join(found) == expected


def test_a_number_too_long_for_any_goal_is_no_quantity() -> None:
    assert list(find_quantities("Raise NPS to " + "9" * 400)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Raise NPS from 30 to 40 by Q3 2026", "30 40 Q3 2026"),
        ("$2M, € 1.2 million and 1 200 CHF", "$2M | € 1.2 million | 1 200 CHF"),
        ("20 percent of B2B at p95 < 300ms", "20 percent | B2B | p95 | 300ms"),
        (
            "one in five, twenty-five percent, half, double",
            "one five | twenty-five percent | half double",
        ),
        ("2026-06-30, 24/7, 5/10, 10-15 %", "2026 06 30 24 7 5 10 10 | 15 %"),
        ("No one waits; [baseline?]; nobody", ""),
        ("ISO 27001, v2.1, OKR-114", "27001 | v2 | 1 | 114"),
    ],
)
def test_literally_every_number_is_found(text: str, expected: str) -> None:
    found = [span.text for span in find_numbers(text)]
    wanted = expected.split(" | ") if "|" in expected else expected.split()
    assert " ".join(found) == " ".join(wanted)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("1,200", "1.2k", True),
        ("1.2k", "1200", True),
        ("20%", "20 percent", True),
        ("20 %", "20", True),
        ("double", "2x", True),
        ("half", "50%", True),
        ("twenty-five", "25", True),
        ("a dozen", "12", True),
        ("€1.200", "1200 €", True),
        ("1.234", "1,234", True),
        ("USD 2M", "$2,000,000", True),
        ("Q3", "q3", True),
        ("300ms", "300", True),
        ("Q3", "3", False),
        ("20%", "$20", False),
        ("$2M", "€2M", False),
        ("1.5", "15", False),
        ("40", "41", False),
        ("Q3", "Q4", False),
        ("p95", "95", False),
    ],
)
def test_numbers_that_say_the_same(first: str, second: str, same: bool) -> None:
    assert same_number(first, second) is same
    assert same_number(second, first) is same
