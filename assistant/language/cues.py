"""The words of a goal that say which way its measure should move."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.language.clauses import leads, openings
from assistant.language.lexicon import (
    MOVING,
    WAYS,
    Verb,
    Way,
    also_nouns,
    phrases,
    way_verbs,
)
from assistant.language.number import Number
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.quantities import numbers
from assistant.language.words import word_set

CueKind = Literal["verb", "comparative", "noun", "mark", "limit"]


class Cue(NamedTuple):
    """Words that say a direction, by position in the plain text."""

    start: int
    end: int
    way: Way
    kind: CueKind


_LEVEL_FOLLOWS = Pattern(
    r"\s*(?:significantly |further |slightly |steadily )?"
    r"(?:from|to|by|below|under|above|over|at|more|less|up|down|until|≥|≤|<|>|→|->|[+–-]?[\d$€£])"
)
_STAYS = Pattern(
    r"\s*(?:at|below|under|above|over|within|between|stable|steady|constant|flat|the same|≥|≤|<|>"
    r"|[\d$€£])"
)
_HELD = Pattern(r"[^.;]{0,80}?\b(?:at|below|above|under|over|steady|stable|constant|flat|within)\b")
_CARRIERS = {"bring", "drive", "get", "push", "take", "brought", "bringing"}
_PARTICLE = Pattern(r"[^.;,]{0,90}?\b(?P<way>down|up)\b")
_MONEY = Pattern(r"\s(?:at least |another |over )?(?:us\$|[$€£]|usd|eur|gbp)\s?\d")
_UP_DOWN = Pattern(
    r"(?P<way>↑|↓|⬆|⬇|↗|↘|\b(?:up|down|minus|plus)\b)(?!(?<=up) to)"
    r"(?=\s*(?:from\b|to\b|by\b|on\b|\(|vs|at least|[+-]?[$€£]?\s?\d|a third|a quarter|half(?![-\w])|one"
    r"|two|x\b))"
)
_DOWNWARD = {"↓", "⬇", "↘", "down", "minus"}
_UP_DOWN_AFTER = Pattern(r"\s(?P<way>up|down)\b(?! to)")
_LIMIT = Pattern(
    r"(?:\b(?:at least|at most|no (?:more|less|fewer|higher|lower|later|longer|worse) than"
    r"|not (?:more|less|exceed(?:ing)?) ?(?:than)?|(?:more|less|fewer|lower|higher|better) than"
    r"|up to|under|below|above|over|within|(?<!\d )(?:minimum|maximum|max|min))\b|(?<![-=])[<>]=?|[≥≤=])"
    r"(?=[\s:.]*(?:the |an? |of |or at )?[~+-]?[$€£]?\s?[\d])"
)
_AFTER_NOUN = Pattern(r"\s*(?:in|of|by|to|from|on|between|:|≥|≤|<|>|=|[+–-]?\d)")
_OF_OR_IN = Pattern(r" (?:of|in)\b")


@lru_cache(maxsize=4096)
def cues(text: str) -> tuple[Cue, ...]:
    """Every statement of direction, in order and without overlap."""
    reading = read(text)
    everything = (
        *_verbs(text, reading),
        *_comparatives(text, reading),
        *_nouns_of_change(text, reading),
        *_marks(text, reading),
    )
    found = sorted(everything, key=lambda cue: (cue.start, cue.kind == "limit", -cue.end))
    kept: list[Cue] = []
    for cue in found:
        if not kept or cue.start >= kept[-1].end:
            kept.append(cue)
    return tuple(kept)


def _verbs(text: str, reading: Reading) -> Iterator[Cue]:
    led, opened = {lead.at for lead in leads(text)}, set(openings(text))
    has_lead = bool(led)
    for index, token in enumerate(reading.tokens):
        found = next(
            ((way, verb) for way in WAYS if (verb := way_verbs(way).at(reading.tokens, index))),
            None,
        )
        if found:
            way, verb = found
            raises_money = verb.lemma == "raise" and _MONEY.match(reading.low, token.end)
            if index in led or _is_verb_use(reading, index, verb, opened, has_lead):
                end = reading.tokens[index + verb.length - 1].end
                yield Cue(token.start, end, "reach" if raises_money else way, "verb")
        elif token.low in {"hold", "holding"} and index in led | opened:
            if _HELD.match(reading.low, token.end):
                yield Cue(token.start, token.end, "hold", "verb")
        elif token.low in _CARRIERS and (particle := _PARTICLE.match(reading.low, token.end)):
            down = particle.group("way") == "down"
            yield Cue(*particle.span("way"), "decrease" if down else "increase", "mark")


def _is_verb_use(
    reading: Reading, index: int, verb: Verb, opened: set[int], has_lead: bool
) -> bool:
    """Whether a word that could be a verb of direction is used as one inside a clause."""
    if index in opened:
        return False
    tokens = reading.tokens
    previous = tokens[index - 1].low if index else ""
    level = _has_level(reading.low, tokens[index + verb.length - 1].end, verb)
    if verb.form == "base":
        return _is_base_use(previous, verb, level, has_lead)
    if verb.form == "third":
        return level or previous in word_set("relatives") or verb.lemma not in also_nouns()
    if verb.form == "past":
        return level or previous in word_set("auxiliaries")
    gap = reading.low[tokens[index - 1].end : tokens[index].start]
    return previous in word_set("gerund after") or bool(set(",(–").intersection(gap))


def _has_level(low: str, end: int, verb: Verb) -> bool:
    if verb.lemma in word_set("hold verbs", "direction"):
        return bool(_STAYS.match(low, end))
    return bool(_LEVEL_FOLLOWS.match(low, end))


def _is_base_use(previous: str, verb: Verb, level: bool, has_lead: bool) -> bool:
    if previous == "to":
        # "Launch X to cut Y" says a purpose; "cost to raise one euro" is a name.
        return has_lead
    if previous in word_set("base after"):
        return True
    if previous in word_set("joining"):
        return has_lead or verb.lemma not in also_nouns()
    states = {
        *word_set("reach verbs", "direction"),
        *word_set("hold verbs", "direction"),
    }
    return level and verb.lemma not in states and previous not in word_set("nouns after")


def _comparatives(text: str, reading: Reading) -> Iterator[Cue]:
    """Comparatives such as "20 % fewer" and "more people finish", at the start or behind a quantity."""
    opened, ends = set(openings(text)), {number.end for number in numbers(text)}
    tokens = reading.tokens
    for index, token in enumerate(tokens[:-1]):
        way = _way_of(reading, index, "comparatives")
        if not way or tokens[index + 1].low == "than":
            continue
        previous = tokens[index - 1].low if index else ""
        is_compared = previous in word_set("comparative after") or _is_behind(token.start, ends)
        if index in opened or is_compared:
            yield Cue(token.start, token.end, way, "comparative")


def _nouns_of_change(text: str, reading: Reading) -> Iterator[Cue]:
    """Nouns of change with what changes behind them."""
    opened, ends = set(openings(text)), {number.end for number in numbers(text)}
    for index, token in enumerate(reading.tokens):
        way = _way_of(reading, index, "nouns")
        if not way:
            continue
        previous = reading.tokens[index - 1].low if index else ""
        is_noun = token.low not in also_nouns() or previous in {"a", "an", "the"}
        follows = (_OF_OR_IN if index in opened else _AFTER_NOUN).match(reading.low, token.end)
        if follows and (is_noun or _is_behind(token.start, ends)):
            yield Cue(token.start, token.end, way, "noun")


def _way_of(reading: Reading, index: int, section: str) -> Way | None:
    return next(
        (
            way
            for way in MOVING
            if phrases("direction", f"{way} {section}").at(reading.tokens, index)
        ),
        None,
    )


def _is_behind(start: int, ends: set[int]) -> bool:
    return not ends.isdisjoint(range(start - 2, start + 1))


def _marks(text: str, reading: Reading) -> Iterator[Cue]:
    """Signs, arrows, "up" and "down", factors, and the limits that only say "reach"."""
    for match in _UP_DOWN.finditer(reading.low):
        way: Way = "decrease" if match.group("way") in _DOWNWARD else "increase"
        yield Cue(match.start(), match.end(), way, "mark")
    for number in numbers(text):
        yield from _marks_of(reading, number, is_only=len(numbers(text)) == 1)
    for match in _LIMIT.finditer(reading.low):
        yield Cue(match.start(), match.end(), "reach", "limit")


def _marks_of(reading: Reading, number: Number, is_only: bool) -> Iterator[Cue]:
    if behind := _UP_DOWN_AFTER.match(reading.low, number.end):
        down = behind.group("way") == "down"
        yield Cue(*behind.span("way"), "decrease" if down else "increase", "mark")
    if number.sign and is_only:
        way: Way = "decrease" if number.sign == "-" else "increase"
        yield Cue(number.start, number.start + 1, way, "mark")
    # "... who repeat their name twice: 30 % → 10 %" is a name, not a doubling.
    if number.kind == "factor" and not reading.low.startswith(":", number.end):
        way = "decrease" if number.value < 1 else "increase"
        yield Cue(number.start, number.end, way, "mark")
