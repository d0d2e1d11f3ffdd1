"""Which way a goal says that its measure should move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.language.clauses import leads, openings
from assistant.language.lexicon import WAYS, Verb, Way, also_nouns, phrases, way_verbs
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.polarity import Polarity, polarity
from assistant.language.quantities import numbers
from assistant.language.segments import side_ranges
from assistant.language.words import load
from assistant.models import Direction, Span

__all__ = ["Cue", "Polarity", "cues", "find_direction", "polarity"]

CueKind = Literal["verb", "comparative", "noun", "mark", "limit"]


class Cue(NamedTuple):
    """Words that say a direction, by position in the plain text."""

    start: int
    end: int
    way: Way
    kind: CueKind


_TO_BEFORE = {
    "to",
    "will",
    "we",
    "must",
    "can",
    "should",
    "help",
    "helps",
    "shall",
    "would",
    "they",
}
_JOINED = {"and", "or", "then", "but", "not"}
_AUXILIARIES = {"is", "are", "be", "been", "being", "has", "have", "had", "was", "were", "gets"}
_RELATIVES = {"which", "that", "and", "it", "this"}
_GERUND_AFTER = {"by", "while", "and", "thereby", "thus", "on", "at", "for", "through"}
_LEVEL_FOLLOWS = Pattern(
    r"\s*(?:significantly |further |slightly |steadily )?"
    r"(?:from|to|by|below|under|above|over|at|more|less|up|down|until|≥|≤|<|>|→|->|[+–-]?[\d$€£])"
)
_STAYS = Pattern(
    r"\s*(?:at|below|under|above|over|within|between|stable|steady|constant|flat|the same|≥|≤|<|>|[\d$€£])"
)
_UP_DOWN = Pattern(
    r"(?P<way>↑|↓|⬆|⬇|↗|↘|\b(?:up|down|minus|plus)\b)"
    r"(?=\s*(?:from\b|to\b|by\b|on\b|\(|vs|at least|[+-]?[$€£]?\s?\d|a third|a quarter|half|one|two|x\b))"
)
_UP_DOWN_AFTER = Pattern(r"\s(?P<way>up|down)\b(?! to)")
_LIMIT = Pattern(
    r"(?:\b(?:at least|at most|no (?:more|less|fewer|higher|lower|later|longer|worse) than"
    r"|not (?:more|less|exceed(?:ing)?) ?(?:than)?|(?:more|less|fewer|lower|higher|better) than"
    r"|up to|under|below|above|over|within|minimum|maximum|max|min)\b|[<>]=?|[≥≤=])"
    r"(?=[\s:.]*(?:the |an? |of |or at )?[~+-]?[$€£]?\s?[\d])"
)
_AFTER_NOUN = Pattern(r"\s*(?:in|of|by|to|from|on|between|:|≥|≤|<|>|=|[+–-]?\d)")


def find_direction(text: str) -> tuple[Direction, Span] | None:
    """The direction that a goal states, with the words that state it.

    Returns:
        ``increase``, ``decrease`` or ``hold`` where a verb, a comparative, a noun of change or
        a sign says so ("improve" is read by what is better for the words behind it);
        ``reach`` where only a level or a limit is stated. None where no direction is stated,
        as in "NPS 40" or "from 3 to 5": there the numbers have to speak.
    """
    reading = read(text)
    found = main_cue(text)
    if not found:
        return None
    return resolve(reading, found), reading.span(found.start, found.end)


def main_cue(text: str) -> Cue | None:
    """The first cue of movement outside guard and mechanism, or else the first of reaching."""
    sides = side_ranges(text)
    free = [cue for cue in cues(text) if not any(start <= cue.start < end for start, end in sides)]
    moving = [cue for cue in free if cue.way != "reach"]
    return next(iter(moving or free or cues(text)), None)


def resolve(reading: Reading, cue: Cue) -> Direction:
    """The direction of a cue; "improve" means less where less of the measure is better."""
    if cue.way != "improve":
        return cue.way
    if cue.kind == "comparative":
        return (
            "decrease"
            if re.match(r"[^,.;:(]{0,40}\btimes?\b", reading.low[cue.end :])
            else "increase"
        )
    words = re.split(r"[,.;:(]|\bso that\b|\bby\b", reading.low[cue.end : cue.end + 120])[0]
    before = re.split(r"[,.;:(]", reading.low[max(0, cue.start - 80) : cue.start])[-1]
    found = polarity(words) or polarity(before)
    return "decrease" if found == "lower" else "increase"


@lru_cache(maxsize=512)
def cues(text: str) -> tuple[Cue, ...]:
    """Every statement of direction, in order and without overlap."""
    reading = read(text)
    found = sorted(
        (
            *_verbs(text, reading),
            *_comparatives(text, reading),
            *_change_nouns(text, reading),
            *_marks(text, reading),
        ),
        key=lambda cue: (cue.start, cue.kind == "limit", -cue.end),
    )
    kept: list[Cue] = []
    for cue in found:
        if not kept or cue.start >= kept[-1].end:
            kept.append(cue)
    return tuple(kept)


def _verbs(text: str, reading: Reading) -> Iterator[Cue]:
    led = {lead.at for lead in leads(text)}
    opened = set(openings(text))
    for index, token in enumerate(reading.tokens):
        for way in WAYS:
            verb = way_verbs(way).at(reading.tokens, index)
            if verb and verb.lemma == "raise" and _MONEY.match(reading.low, token.end):
                way, verb = "reach", verb
            if verb and _is_verb_use(text, reading, index, verb, led, opened):
                end = reading.tokens[index + verb.length - 1].end
                yield Cue(token.start, end, way, "verb")
                break
        else:
            if token.low in {"hold", "holding"} and index in led | opened:
                yield from _holding(reading, index)
            if token.low in {"bring", "drive", "get", "push", "take", "brought", "bringing"}:
                yield from _bring_down(reading, index)


def _is_verb_use(
    text: str, reading: Reading, index: int, verb: Verb, led: set[int], opened: set[int]
) -> bool:
    """Whether a word that could be a verb of direction is used as one here."""
    if index in led:
        return True
    if index in opened and verb.form != "third":
        return False
    tokens = reading.tokens
    previous = tokens[index - 1].low if index else ""
    end = tokens[index + verb.length - 1].end
    follows = _STAYS if verb.lemma in load("direction")["hold verbs"] else _LEVEL_FOLLOWS
    level = bool(follows.match(reading.low, end))
    gap = reading.low[tokens[index - 1].end : tokens[index].start] if index else ""
    if verb.form == "base":
        level = level and verb.lemma not in load("direction")["reach verbs"]
        level = level and verb.lemma not in load("direction")["hold verbs"]
        return _is_base_use(previous, verb, level, bool(leads(text)))
    if verb.form == "third":
        if not index or index in opened:
            return False
        return level or previous in _RELATIVES or verb.lemma not in also_nouns()
    if verb.form == "past":
        return previous in _AUXILIARIES or level
    return previous in _GERUND_AFTER or "," in gap or "(" in gap or "–" in gap


def _is_base_use(previous: str, verb: Verb, level: bool, has_lead: bool) -> bool:
    if previous == "to":
        return has_lead
    if previous in _TO_BEFORE:
        return True
    if previous in _JOINED:
        return has_lead or verb.lemma not in also_nouns()
    return level and bool(previous) and previous not in _BEFORE_NOUN


_BEFORE_NOUN = {"a", "an", "the", "of", "in", "no", "any", "each", "every", "per", "price", "pay"}
_MONEY = Pattern(r"\s(?:at least |another |over )?(?:us\$|[$€£]|usd|eur|gbp)\s?\d")
_HELD = Pattern(r"[^.;]{0,80}?\b(?:at|below|above|under|over|steady|stable|constant|flat|within)\b")
_DOWN = Pattern(r"[^.;,]{0,90}?\b(?P<way>down|up)\b")


def _holding(reading: Reading, index: int) -> Iterator[Cue]:
    token = reading.tokens[index]
    if _HELD.match(reading.low, token.end):
        yield Cue(token.start, token.end, "hold", "verb")


def _bring_down(reading: Reading, index: int) -> Iterator[Cue]:
    """The particle of "bring the average wait down to 2 minutes"."""
    match = _DOWN.match(reading.low, reading.tokens[index].end)
    if match:
        way: Way = "decrease" if match.group("way") == "down" else "increase"
        yield Cue(match.start("way"), match.end("way"), way, "mark")


def _comparatives(text: str, reading: Reading) -> Iterator[Cue]:
    opened = set(openings(text))
    quantity_ends = {number.end for number in numbers(text)}
    for index, token in enumerate(reading.tokens):
        for way in ("increase", "decrease", "improve"):
            if not phrases("direction", f"{way} comparatives").at(reading.tokens, index):
                continue
            following = reading.tokens[index + 1].low if index + 1 < len(reading.tokens) else ""
            after_quantity = any(
                end in quantity_ends for end in range(token.start - 2, token.start + 1)
            )
            previous = reading.tokens[index - 1].low if index else ""
            counted = (
                index in opened or after_quantity or previous in {"many", "much", "have", "far"}
            )
            if following != "than" and following and counted:
                yield Cue(token.start, token.end, way, "comparative")  # type: ignore[arg-type]


def _change_nouns(text: str, reading: Reading) -> Iterator[Cue]:
    opened = set(openings(text))
    ends = {number.end for number in numbers(text)}
    for index, token in enumerate(reading.tokens):
        for way in ("increase", "decrease", "improve"):
            if token.low not in load("direction")[f"{way} nouns"]:
                continue
            previous = reading.tokens[index - 1].low if index else ""
            sure = (
                token.low not in also_nouns()
                or previous in {"a", "an", "the"}
                or any(end in ends for end in range(token.start - 2, token.start + 1))
            )
            if sure and index not in opened and _AFTER_NOUN.match(reading.low, token.end):
                yield Cue(token.start, token.end, way, "noun")  # type: ignore[arg-type]
            elif (
                sure and index in opened and re.match(r" (?:of|in)\b", reading.low[token.end :][:4])
            ):
                yield Cue(token.start, token.end, way, "noun")  # type: ignore[arg-type]


def _marks(text: str, reading: Reading) -> Iterator[Cue]:
    low = reading.low
    for match in _UP_DOWN.finditer(low):
        if match.group() == "up" and low.startswith(" to", match.end()):
            continue
        way: Way = (
            "decrease" if match.group("way") in {"↓", "⬇", "↘", "down", "minus"} else "increase"
        )
        yield Cue(match.start(), match.end(), way, "mark")
    all_numbers = numbers(text)
    for number in all_numbers:
        if match := _UP_DOWN_AFTER.match(low, number.end):
            way = "decrease" if match.group("way") == "down" else "increase"
            yield Cue(match.start("way"), match.end("way"), way, "mark")
        if number.sign and len(all_numbers) == 1:
            way = "decrease" if number.sign == "-" else "increase"
            yield Cue(number.start, number.start + 1, way, "mark")
        if number.kind == "factor":
            way = "decrease" if number.value < 1 else "increase"
            yield Cue(number.start, number.end, way, "mark")
    for match in _LIMIT.finditer(low):
        yield Cue(match.start(), match.end(), "reach", "limit")
