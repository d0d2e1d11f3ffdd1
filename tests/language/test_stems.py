"""Stems: what words have in common whatever their ending."""

from __future__ import annotations

import pytest

from assistant.language.stems import content_stems, likeness, stem


@pytest.mark.parametrize(
    "words",
    [
        ("delivery", "deliveries", "deliver", "delivering", "delivered"),
        ("stop", "stops", "stopped", "stopping"),
        ("hire", "hired", "hiring"),
        ("customer", "customers", "customer's"),
        ("family", "families"),
    ],
    ids=lambda words: words[0],
)
def test_forms_of_a_word_share_a_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("market", "marker"), ("price", "prize"), ("ward", "warden")]
)
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_function_words_and_numbers_are_no_content() -> None:
    assert content_stems("We are at 5 % of the 2026 target") == {"target"}


def test_likeness_is_what_is_shared_of_all() -> None:
    one, other = content_stems("market share in Spain"), content_stems("market share")
    assert likeness(one, other) == pytest.approx(2 / 3)
    assert likeness(frozenset(), other) == 0.0
