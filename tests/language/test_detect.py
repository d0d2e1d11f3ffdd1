"""Which language a draft is written in."""

from __future__ import annotations

import sys

import pytest

from assistant.language.detect import language
from tests.language.tables import sections


@pytest.mark.parametrize(("text", "code"), sections("languages"))
def test_the_language_of_a_line(text: str, code: str) -> None:
    assert language(text)[0] == code


@pytest.mark.parametrize("text", ["", "   ", "42 %", "Tbd Kafka", "🚀"])
def test_too_little_text_is_given_as_english_without_conviction(text: str) -> None:
    assert language(text) == ("en", 0.5)


def test_plain_english_does_not_load_the_language_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    language.cache_clear()
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    assert language("Reduce the waiting time for our patients")[0] == "en"


def test_the_beginning_of_an_endless_draft_decides() -> None:
    english = "Reduce the waiting time for our patients. " * 50
    german = "Wir verkürzen die Wartezeit für unsere Patienten. " * 500
    assert language(english + german) == language(english)
    assert language(german + english)[0] == "de"
