"""Blanks are found, filled for a trial, and never confused with numbers in doubt."""

from __future__ import annotations

import pytest

from assistant.language.blanks import (
    filled,
    find_blanks,
    unsupported_numbers,
    written_numbers,
)


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("NPS from [baseline?] to [target?]", ["[baseline?]", "[target?]"]),
        ("so that [who?] come back", ["[who?]"]),
        ("share [10 %?] of all", []),
        ("[ ] done [x] [P0] (why?)", []),
        ("", []),
    ],
)
def test_blanks_are_found_in_order(text: str, blanks: list[str]) -> None:
    assert [item.text for item in find_blanks(text)] == blanks


@pytest.mark.parametrize(
    ("text", "falling", "expected"),
    [
        ("NPS from [baseline?] to [target?]", False, "NPS from 12 % to 34 %"),
        ("NPS from [baseline?] to [target?]", True, "NPS from 34 % to 12 %"),
        ("Raise it from [baseline?] to 60 %", False, "Raise it from 30 to 60 %"),
        ("Cut it from [baseline?] to 60 %", True, "Cut it from 120 to 60 %"),
        ("Win Poland by [when?]", False, "Win Poland by June 2027"),
        ("Ask [somebody else?]", False, "Ask something"),
        ("No blank [10 %?]", False, "No blank [10 %?]"),
    ],
)
def test_a_trial_fills_the_blanks_on_the_right_side(
    text: str, falling: bool, expected: str
) -> None:
    assert filled(text, falling=falling) == expected


@pytest.mark.parametrize(
    ("text", "sources", "invented"),
    [
        ("from 1,200 to 60 %", ["1.2k today", "60 percent"], []),
        ("from 40 to 60 %", ["reach 60 %"], ["40"]),
        ("twice as many", [], ["twice"]),
    ],
)
def test_a_number_needs_a_source(text: str, sources: list[str], invented: list[str]) -> None:
    found = unsupported_numbers(text, written_numbers(sources))
    assert [item.text for item in found] == invented
