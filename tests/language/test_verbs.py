"""Delivery, effect, evidence, upkeep and the leading verb."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.language.verbs import (
    find_delivery,
    find_effect,
    find_evidence_criterion,
    find_maintain,
    leading_verb,
)
from assistant.models import Span
from tests.language.tables import Case, marked

Finder = Callable[[str], Span | None]


def rows(file: str, mark: str, find: Finder) -> list[tuple[Finder, str, str | None]]:
    return [(find, case.text, case.part(mark)) for case in marked(file)]


@pytest.mark.parametrize(
    ("find", "text", "words"),
    [
        *rows("deliveries", "w", find_delivery),
        *rows("goals", "w", find_delivery),
        *rows("more_goals", "w", find_delivery),
        *rows("upkeep", "k", find_maintain),
        *rows("leading", "l", leading_verb),
        *rows("goals", "l", leading_verb),
        *rows("more_goals", "l", leading_verb),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_words_are_found_exactly(find: Finder, text: str, words: str | None) -> None:
    found = find(text)
    assert (found.text if found else None) == words


@pytest.mark.parametrize("case", marked("effects"), ids=lambda case: case.text)
def test_an_effect_starts_where_it_is_marked(case: Case) -> None:
    found, expected = find_effect(case.text), case.part("e")
    assert (found is None) == (expected is None)
    assert found is None or found.text.startswith(expected or "")


@pytest.mark.parametrize("case", marked("evidence"), ids=lambda case: case.text)
def test_a_criterion_starts_where_it_is_marked(case: Case) -> None:
    found, expected = find_evidence_criterion(case.text), case.part("e")
    assert (found is None) == (expected is None)
    assert found is None or found.text.startswith(expected or "")
