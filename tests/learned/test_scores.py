"""A single element is judged as it is in its draft."""

from __future__ import annotations

import pytest

from assistant.language.parse import parse_measure
from assistant.learned.scores import scores_of, scores_of_elements
from assistant.models import KeyResult, Objective

TEXTS = ("Launch the new portal", "Page views from 40k to 90k", "Improve it")
OBJECTIVE = Objective(
    id="o",
    text="Deliver an outstanding experience",
    key_results=tuple(
        KeyResult(id=f"k{number}", text=text, measure=parse_measure(text))
        for number, text in enumerate(TEXTS)
    ),
)


@pytest.mark.parametrize("on", ["objective", "kr:1", "kr:2", "set"])
def test_one_element_is_judged_as_in_the_whole_draft(on: str) -> None:
    whole = scores_of([OBJECTIVE])[0]
    (alone,) = scores_of_elements([(OBJECTIVE, on)])
    expected = {key: value for key, value in whole.items() if key.endswith(f"@{on}")}
    assert alone == pytest.approx(expected)
