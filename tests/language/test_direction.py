"""Which way a goal says it moves, and which way is better."""

from __future__ import annotations

import pytest

from assistant.language.direction import find_direction, polarity
from tests.language.tables import sections, table


@pytest.mark.parametrize(("text", "expected"), table("directions"))
def test_the_stated_direction_and_its_words(text: str, expected: str) -> None:
    found = find_direction(text)
    assert (f"{found[0]}: {found[1].text}" if found else "-") == expected


@pytest.mark.parametrize(("metric", "better"), sections("polarity"))
def test_which_way_is_better(metric: str, better: str) -> None:
    assert polarity(metric) == (None if better == "open" else better)
