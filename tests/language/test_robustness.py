"""Hostile and broken text: spans stay right, nothing crashes, long lines stay cheap."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language import verbs
from assistant.language.dates import find_deadlines
from assistant.language.detect import language
from assistant.language.direction import find_direction
from assistant.language.parse import find_change, parse_measure, states_unknown_baseline
from assistant.language.plain import MOST_CHARACTERS
from assistant.language.polarity import polarity
from assistant.language.quantities import find_numbers, find_quantities
from assistant.language.segments import find_guard, find_mechanism, find_segments
from assistant.language.slots import parse_slots
from assistant.models import Noun, Span
from tests.language.tables import marked

SPAN_FINDERS: tuple[Callable[[str], Span | None], ...] = (
    verbs.find_delivery,
    verbs.find_effect,
    verbs.find_evidence_criterion,
    verbs.find_maintain,
    verbs.leading_verb,
    find_guard,
    find_mechanism,
    states_unknown_baseline,
)


def spans_in(value: object) -> Iterator[Span]:
    """Every span inside a value, however deep."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, Noun):
        for name in type(value).model_fields:
            yield from spans_in(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from spans_in(item)


def everything_about(text: str) -> list[Span]:
    """The spans that all readers together find in a text."""
    found: list[object] = [parse_slots(text), find_change(text), find_direction(text)]
    found += [find(text) for find in SPAN_FINDERS]
    found += [list(find_quantities(text)), list(find_numbers(text))]
    found += [list(find_deadlines(text)), list(find_segments(text))]
    return list(spans_in(found))


# Words that the readers care about, so that random text reaches deep into them.
WORDS = (
    "Raise reduce launch keep NPS churn share of customers in DACH the from to by 5 10 % 20% $2M "
    "1,200 1.200,5 → -> => ≥ < ( ) [baseline?] Q3 2026 June by end of without while via using "
    "one in five half zero all every no , . : ; – - ' \" week-1 p95 per 1,000 k m × double up "
    "down + ~ baseline today currently who so that training live complete posts 🚀 ＋ ５０％ "
    "сhurn \u200b \u202e \u00a0 ½ ² é \ufb01 \ud7ff İ ß"
)
GOAL_WORDS = st.sampled_from(WORDS.split(" "))
GOALS = st.lists(GOAL_WORDS, max_size=25).map(" ".join)
SENTENCES = st.sampled_from([case.text for case in marked("measures", "goals", "more_goals")])


def assert_spans_are_right(text: str) -> None:
    for span in everything_about(text):
        assert text[span.start : span.end] == span.text
        assert span.text == span.text.strip()
        assert span.text


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_every_span_holds_in_arbitrary_text(text: str) -> None:
    assert_spans_are_right(text)


@given(GOALS)
@settings(max_examples=300, deadline=None)
def test_every_span_holds_in_jumbled_goals(text: str) -> None:
    assert_spans_are_right(text)


@given(SENTENCES, st.integers(0, 200), st.characters())
@settings(max_examples=200, deadline=None)
def test_every_span_holds_with_any_character_thrown_in(text: str, at: int, intruder: str) -> None:
    assert_spans_are_right(text[:at] + intruder + text[at:])


@pytest.mark.parametrize(
    ("disguised", "metric", "baseline", "target"),
    [
        ("Raise NPS from\u00a030 to\u00a040", "NPS", "30", "40"),
        ("Raise NPS from ３０ to ４０", "NPS", "３０", "４０"),
        ("Rеduсе сhurn frоm 5% tо 3%", "сhurn", "5%", "3%"),
        ("Ra\u200bise NPS fr\u200dom 30 to 40", "NPS", "30", "40"),
        ("\u202eRaise NPS from 30 to 40\u202c", "NPS", "30", "40"),
        ("Raise\u00adNPS from 30 to 40", None, "30", "40"),
        ("Réduce cafe\u0301 churn from 5 % to 3 %", "Réduce cafe\u0301 churn", "5 %", "3 %"),
        ("🚀🚀 Churn 5 % → 3 % 🎉", "Churn", "5 %", "3 %"),
        ("<b>Churn</b> from 5% to 3%", "Churn", "5%", "3%"),
        ("**Churn** from **5%** to **3%**", "Churn", "5%", "3%"),
        ("Churn\u2011rate: 5 % ➔ 3 %", "Churn\u2011rate", "5 %", "3 %"),
        ("Cut churn from 5\u202f% to 3\u202f%", "churn", "5\u202f%", "3\u202f%"),
    ],
)
def test_disguise_changes_neither_the_reading_nor_the_place(
    disguised: str, metric: str | None, baseline: str, target: str
) -> None:
    measure = parse_measure(disguised)
    assert measure.baseline is not None and measure.baseline.span.text == baseline
    assert measure.target is not None and measure.target.span.text == target
    assert metric is None or (measure.metric and measure.metric.text) == metric


@pytest.mark.parametrize(
    "gibberish",
    ["", " ", "\n", "\x00", "....", "%%%%", "→→→", "((((", "----", "asdf", "🚀", "\ud800"],
)
def test_gibberish_says_nothing(gibberish: str) -> None:
    measure = parse_measure(gibberish)
    assert measure.target is None
    assert measure.baseline is None
    assert measure.deadline is None
    assert everything_about(gibberish) == []


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of our own code a call executes: time, without the clock."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        nonlocal count
        if "assistant/language" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


LONG = {
    "words": "improve the customer experience of new sellers in Poland ",
    "numbers": "from 5 % to 3 % ",
    "arrows": "5 -> ",
    "verbs": "launch build ship run ",
    "commas": "a, ",
    "of": "of ",
    "equals": "from = = = = ",
    "dates": "by June 2026 ",
    "brackets": "( [ ",
    "dashes": "- ",
    "people": "new enterprise customers and small merchants ",
    "guards": "without raising prices while keeping quality ",
    "means": "by automating through partners via the app ",
    "digits": "1,",
    "one word": "x",
    "who": "who that which is ",
    "evidence": "7 of 10 customers confirm ",
    "baseline": "baseline is still ",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    def work_on(characters: int) -> int:
        text = (piece * (characters // len(piece) + 1))[:characters] + f" {characters}"
        return lines_run(lambda: everything_about(text))

    small, large = work_on(1_000), work_on(4_000)
    assert large <= 6 * small + 20_000


LONG_LINE = "Grow churn from 10 % to 5 % for depots " * 2_000


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_goals_are_read_at_a_bounded_cost_whatever_their_length(piece: str) -> None:
    def work_on(characters: int) -> int:
        text = (piece * (characters // len(piece) + 1))[:characters] + f" {characters}"
        readers = (parse_slots, find_change, find_direction, polarity, language, *SPAN_FINDERS)
        listing = (find_quantities, find_deadlines, find_segments)
        return lines_run(
            lambda: [[find(text) for find in readers], [list(find(text)) for find in listing]]
        )

    work_on(5_000)  # fills the caches of word lists
    assert work_on(480_000) <= 1.2 * work_on(60_000) + 1_000


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_the_search_for_numbers_is_linear_in_the_text(piece: str) -> None:
    def work_on(characters: int) -> int:
        text = (piece * (characters // len(piece) + 1))[:characters].rstrip() + f" {characters}"
        return lines_run(lambda: list(find_numbers(text)))

    work_on(1_000)  # fills the caches of word lists
    assert work_on(40_000) <= 4.5 * work_on(10_000) + 1_000


def test_only_the_beginning_of_an_endless_line_is_read() -> None:
    quantities = list(find_quantities(LONG_LINE))
    assert quantities[0].span.text == "10 %"
    assert 0 < quantities[-1].span.end <= MOST_CHARACTERS
    assert all(LONG_LINE[q.span.start : q.span.end] == q.span.text for q in quantities)
    assert parse_measure(LONG_LINE) == parse_measure(LONG_LINE[:MOST_CHARACTERS])


def test_a_number_is_not_cut_in_two_where_reading_ends() -> None:
    filler = "Raise revenue " * 400
    text = filler[: MOST_CHARACTERS - 3] + " 1200 EUR"
    assert list(find_quantities(text)) == []


def test_every_number_of_an_endless_line_is_found() -> None:
    found = [span.text for span in find_numbers(LONG_LINE + "and 77")]
    assert len(found) == 4_001
    assert found[-1] == "77"


HOSTILE = {
    "spaces": " " * 10_000,
    "word": "a" * 10_000,
    "digits": "9" * 10_000,
    "grouped": "1," * 5_000,
    "arrow": "5 " + "=" * 9_000,
    "of": "5 " + "of " * 3_000 + "6",
    "asides": "5 " + "today " * 15 + "6 " + "(" * 9_000,
    "quotes": "'" * 10_000,
    "hyphens": "a-" * 5_000,
    "marks": "\u0301" * 10_000,
    "points": "." * 10_000,
    "months": "may " * 2_500,
    "with": "with a " * 1_400,
    "at signs": "@" * 10_000,
    "address": "http://" + "a" * 9_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_ten_thousand_hostile_characters_are_survived(text: str) -> None:
    assert_spans_are_right(text)
