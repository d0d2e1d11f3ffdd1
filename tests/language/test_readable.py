"""What the local critic can read: English of any brevity, and neither other languages nor noise."""

from __future__ import annotations

import pytest

from assistant.language.plain import disguises, undisguised
from assistant.language.readable import UNREADABLE, trouble
from tests.language.tables import lines, sections

MOST_FALSE = 0.003


@pytest.mark.parametrize(("text", "code"), sections("unreadable"))
def test_what_is_not_english_is_not_judged(text: str, code: str) -> None:
    found = trouble(text)
    assert found is not None
    assert (found == UNREADABLE) is (code == "none")


def test_most_unseen_texts_are_recognised_too() -> None:
    unseen = sections("unreadable_unseen")
    recognised = sum(trouble(text) is not None for text, _ in unseen)
    assert recognised >= 0.9 * len(unseen)


@pytest.mark.parametrize("text", [*lines("readable")])
def test_terse_english_is_judged(text: str) -> None:
    assert trouble(text) is None


def test_labelled_drafts_are_english() -> None:
    from evals.cases import CASES, DraftCase, read_cases

    cases = read_cases(CASES / "drafts" / "dev", DraftCase)
    texts = {text for case in cases for text in (case.objective, *case.key_results)}
    strange = [text for text in texts if trouble(text)]
    assert len(strange) < MOST_FALSE * len(texts), strange


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rеduce churn", ("U+0435 CYRILLIC SMALL LETTER IE",)),
        ("Sell соре in May", ("U+0441", "U+043E", "U+0440", "U+0435")),
        ("La\u200bunch it", ("U+200B ZERO WIDTH SPACE",)),
        ("\u202eGrow", ("U+202E RIGHT-TO-LEFT OVERRIDE",)),
        ("Réduire, 5 µm, kΩ, α-Test, 👩‍🚀 and NPS → 40", ()),
        ("Выручка растёт", ()),
        ("Grow exports", ()),
    ],
    ids=["mixed", "whole-word", "zero-width", "bidi", "honest", "russian", "plain"],
)
def test_disguised_characters_are_named(text: str, found: tuple[str, ...]) -> None:
    named = disguises(text)
    assert len(named) == len(found)
    assert all(name.startswith(start) for name, start in zip(named, found, strict=True))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Rеduсе churn", "Reduce churn"),
        ("La\u200bunch the **portal**", "Launch the portal"),
        ("cafe\u0301 sales", "café sales"),
        ("Churn 5 % → 3 % – today’s", "Churn 5 % → 3 % – today’s"),
    ],
    ids=["look-alikes", "hidden", "accent", "honest-signs"],
)
def test_only_disguise_is_taken_off(text: str, plain: str) -> None:
    assert undisguised(text) == plain
