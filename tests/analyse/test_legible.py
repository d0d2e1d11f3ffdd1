"""Elements that cannot be read are left out and named; whatever is thrown in, spans hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.analyse.draft import check
from assistant.analyse.legible import disguised, legible, unjudged, unread
from assistant.language.parse import parse_measure
from assistant.learned.scores import scores_of
from assistant.models import Finding, KeyResult, Location, Objective
from assistant.rules import all_rules
from assistant.rules.base import Subject

ENGLISH = "Depots keep their dates"
NOT_READ = {"K1", "K2", "K3", "K4", "K6"}


def objective(text: str, *results: str) -> Objective:
    key_results = tuple(
        KeyResult(id=f"kr-{number}", text=item, measure=parse_measure(item))
        for number, item in enumerate(results, start=1)
    )
    return Objective(
        id="obj-1", text=text, key_results=key_results, location=Location(file="a.md", line=1)
    )


def findings(item: Objective) -> list[Finding]:
    read = legible([item])
    scores = scores_of(read)[0] if read else None
    return list(check(Subject(objective=item, scores=scores), all_rules()))


def test_each_element_is_judged_by_its_own_language() -> None:
    item = objective(ENGLISH, "Wartezeit senken", "Launch the portal", "asdf qwer zxcv")
    assert unread(item) == {"kr:1": "de", "kr:3": "unreadable"}
    found = {(one.rule, one.on) for one in findings(item)}
    assert ("K1", "kr:2") in found
    assert not {rule for rule, on in found if on in ("kr:1", "kr:3")}
    foreign, noise = unjudged([item], lambda _: all_rules())
    assert foreign.what.endswith(f"on key result 1 of {ENGLISH!r}")
    assert foreign.why == (
        "its language (de) is not supported by the local critic, which reads English"
    )
    assert noise.what.endswith(f"on key result 3 of {ENGLISH!r}")
    assert noise.why == "it cannot be judged: the text is not readable English"
    assert all(f"{code}," in noise.what for code in NOT_READ)


@pytest.mark.parametrize(
    "text",
    [
        "asdf qwer zxcv",
        "",
        "   ",
        "!!! ???",
        "🚀🚀",
        "<b></b>",
        "Lorem ipsum dolor sit amet",
        "\u200b",
    ],
)
def test_gibberish_is_never_silently_good(text: str) -> None:
    item = objective(text, text)
    (missing,) = unjudged([item], lambda _: all_rules())
    assert missing.why == "it cannot be judged: the text is not readable English"
    any_language = {rule.code for rule in all_rules() if rule.any_language}
    assert {one.rule for one in findings(item)} <= any_language


def test_a_foreign_draft_is_left_out_as_a_whole() -> None:
    item = objective(
        "Wir gewinnen Spediteure in Polen", "Umsatz +10 %", "Wartezeit von 9 auf 4 Tage"
    )
    (missing,) = unjudged([item], lambda _: all_rules())
    assert missing.what.endswith("on 'Wir gewinnen Spediteure in Polen'")


def test_disguised_letters_are_told_and_judged_as_what_they_look_like() -> None:
    plain = objective(ENGLISH, "Launch the portal")
    masked = objective(ENGLISH, "Lаunсh the роrtаl")
    said = [{(one.rule, one.on) for one in findings(item)} for item in (plain, masked)]
    assert said[0] == said[1]
    (problem,) = disguised([masked])
    assert str(problem).startswith("a.md:1: Key result 1 'Lаunсh the роrtаl' holds characters")


HOSTILE = {
    "long objective": objective("Win the second order " * 480, "Launch the portal"),
    "one long word": objective("a" * 10_000, "b" * 10_000),
    "markup": objective("**Grow** <b>exports</b>", "`Launch` the <i>portal</i>"),
    "right to left": objective("\u202eGrow exports\u202c", "عدد العملاء من 5 إلى 10"),
    "accents apart": objective("Re\u0301duire les de\u0301lais", "Cafe\u0301 sales 5 -> 9"),
    "surrogate": objective("Grow \ud800 exports", "Launch \udfff it"),
    "many": objective(ENGLISH, *(f"Late repairs in depot {n} below {n}" for n in range(300))),
}


@pytest.mark.parametrize("item", HOSTILE.values(), ids=HOSTILE)
def test_hostile_drafts_are_survived_with_exact_spans(item: Objective) -> None:
    found = findings(item)
    assert_spans_hold(item, found)
    assert found == findings(item)


WORDS = (
    "Launch reduce churn from 5 % to 3 % Wir senken les délais asdf zxcv соре \u200b \u202e 🚀 <b> ** "
    "e\u0301 ٣ ５ \ud800 by June every \ufb01 \x00"
)
PIECES = st.sampled_from(WORDS.split(" "))
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join))


@given(TEXTS, st.lists(TEXTS, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text_is_survived_with_exact_spans(text: str, results: list[str]) -> None:
    item = objective(text, *results)
    assert_spans_hold(item, findings(item))
    list(unjudged([item], lambda _: all_rules()))
    list(disguised([item]))


def assert_spans_hold(item: Objective, found: list[Finding]) -> None:
    for one in found:
        if one.span is not None:
            assert (item.element(one.on) or "")[one.span.start : one.span.end] == one.span.text
