"""Gradable numbers written in words: "twelve", "a third", "double", "every", "nobody"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.language.codes import named_digits
from assistant.language.number import (
    Number,
    as_share,
    clean,
    has_rate,
    with_measure,
    with_rate,
)
from assistant.language.numerals import FACTORS, ORDINALS, words_at
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token
from assistant.language.units import units
from assistant.language.words import word_set

_FACTOR_OR_ADJECTIVE = {"double", "triple", "treble", "quadruple"}
_PRONOUN_ONE = Pattern(
    r"\b(?:no|any|some|every|each|this|that|the|number|as|into|another|which|at|in|just|old|new"
    r"|other|right|wrong|last|first|single|good|big|small|current|same|next|only|yes)\s$"
)
_AFTER_PRONOUN_ONE = Pattern(
    r"\s(?:of (?!\d)|another|place|team|click|view|voice|stop|or more|single|by one|who|that"
    r"|to one|company|source|go\b)"
)
_HALF_OF_TIME = {"a", "an", "year", "day", "yearly"}
_BEFORE_A_HALF = {"first", "second", "other", "next"}
_BEFORE_A_QUARTER = {"by", "to", "from", "least", "than", "nearly"}
_TIME_UNITS = {"seconds", "minutes", "hours", "days", "weeks", "working days"}
_CLAUSE_END = Pattern(r"\s*(?:$|[.,;(]|by\b|in\b|before\b|from\b)")
_ARROW_BEFORE = Pattern(r"(?:→|>|:|\()\s*$")
_WINDOW = 12


class _Place(NamedTuple):
    """A token with the words around it."""

    reading: Reading
    at: int
    token: Token
    before: str
    after: str


def in_words(reading: Reading) -> Iterator[Number]:
    """Yield the numbers in words, those that belong to names and dates left out."""
    tokens, names, skip = reading.tokens, named_digits(reading.raw), 0
    for index, token in enumerate(tokens):
        if index < skip or names[token.start]:
            continue
        place = _Place(reading, index, token, *_beside(reading, index))
        number = _factor(place) or _numeral(place) or _all(place) or _none(place) or _once(place)
        if number:
            while skip < len(tokens) and tokens[skip].start < number.end:
                skip += 1
            yield with_rate(reading.low, number)


def _beside(reading: Reading, index: int) -> tuple[str, str]:
    """The words before and after a token, where only blanks stand between."""
    tokens, token = reading.tokens, reading.tokens[index]
    before, after = _word(tokens, index - 1), _word(tokens, index + 1)
    if before and reading.low[tokens[index - 1].end : token.start].strip():
        before = ""
    if after and reading.low[token.end : tokens[index + 1].start].strip():
        after = ""
    return before, after


def _word(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].low if 0 <= index < len(tokens) else ""


def _factor(place: _Place) -> Number | None:
    word = place.token.low
    if word not in FACTORS or (word == "twice" and place.after in word_set("frequency after")):
        return None
    is_verb = not place.before or place.before in word_set("factor after")
    if word in _FACTOR_OR_ADJECTIVE and (not is_verb or place.after in word_set("never doubled")):
        return None
    return Number(place.token.start, place.token.end, FACTORS[word], "x", "factor")


def _numeral(place: _Place) -> Number | None:
    tokens, low = place.reading.tokens, place.reading.low
    found = words_at(tokens, place.at)
    if not found:
        return None
    last = tokens[place.at + found.length - 1]
    number = Number(place.token.start, last.end, found.value)
    if found.is_part:
        _, after = _beside(place.reading, place.at + found.length - 1)
        share = number._replace(value=clean(100 * found.value), unit="%", kind="share")
        return share if _is_part(place, last.low, after) else None
    adjoins = low[place.token.start - 2 : place.token.start - 1].isalnum()
    if adjoins and place.before in word_set("names before number words"):
        return None
    if place.token.low == "zero" and place.after in word_set("named zero"):
        return None
    return as_share(low, number) or _counted(place, with_measure(low, number))


def _counted(place: _Place, number: Number) -> Number | None:
    is_one = place.token.low == "one" and number.value == 1
    if number.unit:
        return number._replace(kind="weak") if is_one else number
    if place.before in word_set("definite"):
        return number._replace(kind="named")
    return _one(place.reading.low, number) if is_one else number


def _one(low: str, number: Number) -> Number | None:
    if has_rate(low, number.end):
        return number
    if _PRONOUN_ONE.search(low[max(0, number.start - _WINDOW) : number.start]):
        return None
    return None if _AFTER_PRONOUN_ONE.match(low, number.end) else number._replace(kind="weak")


def _is_part(place: _Place, last: str, after: str) -> bool:
    """Whether half, third or quarter is a share here, not a time."""
    if place.token.low == "half":
        return after not in _HALF_OF_TIME and place.before not in _BEFORE_A_HALF
    if last == "quarter" and place.token.low in {"a", "one"}:
        start = place.token.start
        behind_arrow = _ARROW_BEFORE.search(place.reading.low[max(0, start - 3) : start])
        return after == "of" or place.before in _BEFORE_A_QUARTER or bool(behind_arrow)
    return True


def _all(place: _Place) -> Number | None:
    word = place.token.low
    if word == "every" and place.after in ORDINALS:
        return _every_nth(place)
    if word not in {"all", "every"} or place.before in word_set("scope"):
        return None
    other = word_set("all in names") if word == "all" else word_set("time words") | {""}
    if place.after in other:
        return None
    return Number(place.token.start, place.token.end, 100.0, "%", "weak")


def _every_nth(place: _Place) -> Number | None:
    """One in five for "every fifth parcel"; "every second week" is a rhythm."""
    tokens = place.reading.tokens
    if _word(tokens, place.at + 2) in word_set("time words"):
        return None
    value = clean(100 / ORDINALS[place.after])
    return Number(place.token.start, tokens[place.at + 1].end, value, "%", "share")


def _none(place: _Place) -> Number | None:
    word, after = place.token.low, place.after
    nothing = Number(place.token.start, place.token.end, 0.0, kind="weak")
    if word in {"none", "nil"}:
        return nothing._replace(kind="count")
    if word == "gone" and place.before not in word_set("auxiliaries") and _ends_clause(place):
        return nothing
    if word in {"nobody", "never"} or (word == "no" and after == "one"):
        return nothing
    if word != "no" or not after or after in word_set("no means none"):
        return None
    return None if place.before in word_set("no is said") else nothing


def _ends_clause(place: _Place) -> bool:
    return bool(_CLAUSE_END.match(place.reading.low, place.token.end))


def _once(place: _Place) -> Number | None:
    """A single time: "once a month" is 1, "within a day" is one day."""
    word, after = place.token.low, place.after
    if word == "once" and after in {"a", "per", "every"}:
        return Number(place.token.start, place.token.end, 1.0)
    unit = units().get(after)
    if word not in {"a", "an"} or unit not in _TIME_UNITS:
        return None
    if place.before not in word_set("limits of one"):
        return None
    end = place.reading.tokens[place.at + 1].end
    return Number(place.token.start, end, 1.0, unit, "weak")
