import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.critique.quotes import find_quote
from assistant.prompts import neutralise

FOUND = [
    pytest.param("Launch the portal", "Launch the portal by May", "Launch the portal", id="as is"),
    pytest.param("launch The portal", "Launch the portal", "Launch the portal", id="case"),
    pytest.param("Launch the portal", "Launch\n  the\tportal", "Launch\n  the\tportal", id="space"),
    pytest.param('"Launch the portal."', "Launch the portal", "Launch the portal", id="marks"),
    pytest.param("the team's own", "Fix the team’s own list", "the team’s own", id="apostrophe"),
    pytest.param('a "safe" way', "Find a “safe” way", "a “safe” way", id="quotation marks"),
    pytest.param("from 62 - 75", "Go from 62 – 75 %", "from 62 – 75", id="dash"),
    pytest.param("cut cost", "Please ｃｕｔ ｃｏｓｔ", "ｃｕｔ ｃｏｓｔ", id="wide letters"),
    pytest.param("café opened", "The café opened", "café opened", id="accent in two"),
    pytest.param("café opened", "The café opened", "café opened", id="accent in one"),
    pytest.param("our naïve", "Fix our naïve", "our naïve", id="accent within the end"),
    pytest.param("the café", "the café, then", "the café", id="accent at the very end"),
    pytest.param("great product", "gre\u200bat pro\u00adduct", "gre\u200bat pro\u00adduct", id="invisible"),
    pytest.param("‹b>bold move", "A <b>bold move", "<b>bold move", id="neutralised bracket"),
    pytest.param("Onboarding", "Onboarding", "Onboarding", id="one word that is all"),
    pytest.param("Onboarding", " Onboarding! ", "Onboarding", id="one word with marks"),
    pytest.param("成長を", "売上成長を実現", "成長を", id="script without spaces"),
    pytest.param("Straße frei", "STRASSE FREI halten", "STRASSE FREI", id="sharp s"),
    pytest.param("up to 3½", "Raise up to 3½ days", "up to 3½", id="fraction"),
]  # fmt: skip

MISSED = [
    pytest.param("Launch a portal", "Launch the portal", id="another word"),
    pytest.param("the portal Launch", "Launch the portal", id="another order"),
    pytest.param("Launch ... May", "Launch the portal by May", id="words left out"),
    pytest.param("portal", "Launch the portal", id="one word of many"),
    pytest.param("aunch the port", "Launch the portal", id="inside words"),
    pytest.param("to 75", "from 62 to 755", id="inside a number"),
    pytest.param("the cafe", "the café", id="accent missing"),
    pytest.param("", "Launch the portal", id="empty"),
    pytest.param(" . ", "Launch . the portal", id="marks only"),
    pytest.param("a b", "", id="empty text"),
]


@pytest.mark.parametrize(("quote", "text", "words"), FOUND)
def test_a_quote_is_found_and_given_back_as_written(quote, text, words):
    span = find_quote(quote, text)

    assert span is not None
    assert span.text == words == text[span.start : span.end]


@pytest.mark.parametrize(("quote", "text"), MISSED)
def test_what_is_not_verbatim_is_not_found(quote, text):
    assert find_quote(quote, text) is None


WORDS = st.lists(
    st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=2, max_size=9
)
GAPS = st.sampled_from([" ", "  ", "\n", " \t", "\u00a0", " \u200b"])


@given(words=WORDS, gap=GAPS, data=st.data())
def test_any_stretch_of_words_is_found_whatever_the_spaces(words, gap, data):
    text = gap.join(words)
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 2, len(words)))
    quote = " ".join(words[start:end])
    assume(unicodedata.normalize("NFKD", quote).strip() == unicodedata.normalize("NFKD", quote))

    span = find_quote(quote, text)

    assert span is not None
    assert text[span.start : span.end] == span.text
    assert find_quote(span.text, quote) is not None


@given(middle=st.text(max_size=60))
def test_a_model_that_copies_what_it_was_shown_is_always_right(middle):
    text = f"We {middle} win"

    assert find_quote(neutralise(text), text) is not None
