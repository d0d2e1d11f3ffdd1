"""Finds numbers: the gradable quantities of a goal, and literally everything number-like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.language.codes import named_digits
from assistant.language.figures import find_numbers, same_number
from assistant.language.numerals import (
    ATTACHED_MULTIPLIERS,
    DIGITS,
    MULTIPLIERS,
    values_of,
    words_at,
)
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token, read
from assistant.language.units import (
    CURRENCIES,
    CURRENCY_AFTER,
    CURRENCY_BEFORE,
    unit_pattern,
    units,
)
from assistant.models import Quantity

__all__ = ["find_numbers", "find_quantities", "same_number"]

Kind = Literal["count", "measure", "share", "factor", "weak", "named"]
"""``weak`` words (one, all, every, no) grade a goal only where nothing else does; a ``named``
number says how many there are ("the three sites"), not how many there should be."""


class Number(NamedTuple):
    """A gradable number in the plain text. ``scale`` is the multiplier already in the value."""

    start: int
    end: int
    value: float
    unit: str | None = None
    kind: Kind = "count"
    sign: str = ""
    scale: float = 1.0


_DIGITS = Pattern(rf"(?<![\w.,]){DIGITS}")
_SIGN = Pattern(r"(?:^|(?<=[\s(\[:=>→<~/|*]))[+–-]$")
_LETTERS = Pattern(r"[a-z]+")
_MULTIPLIER_AFTER = Pattern(
    r"\s(?:million|billion|trillion|thousand|hundred|mio|mrd|tsd|mn|bn|tn|lakh|crore|dozen"
    r"|m(?=\s?€|\s(?:to|→|->)\s|$|[,;)]))s?\b\.?"
)
_MONEY_AFTER = Pattern(
    r"\s(?:million|billion|trillion|thousand|mio|mrd|tsd|mn|bn|tn|lakh|crore|m|k|b)s?\b\.?"
)
_ATTRIBUTE = Pattern(r"-(?!fold|points?\b|percent|percentage|%|x\b)[a-z]")
_HYPHENED_UNIT = Pattern(r"-(?P<unit>percentage-point|percentage point|point|percent|fold)s?\b")
_WORD_BEFORE_HYPHEN = Pattern(r"(?P<word>[a-z]+)-$")
_RANGE = Pattern(rf"\s?[-–—]\s?[$€£]?\s?(?P<top>{DIGITS})")
_BETWEEN = Pattern(r"\bbetween\s$")
_AND_TOP = Pattern(rf"(?: ?%)?\sand\s[$€£]?\s?(?P<top>{DIGITS})")
_PLUS_AFTER = Pattern(r"\+(?![\w+])")
_OUT_OF = Pattern(
    rf"\s?(?:(?P<slash>/)\s?|(?<=\s)(?P<of>out of|of|in)\s(?:every |the |our )?)"
    rf"(?P<whole>{DIGITS}|[a-z]+)(?![\w%/]|[.,]\d)"
)
_NOUN_AFTER = Pattern(r"\s(?!by\b|in\b|from\b|to\b|until\b|and\b|on\b|at\b|for\b|with\b)[a-z]")
_TIME = r"(?:day|week|month|quarter|year|hour|minute|sprint|night|shift|term)"
_PER = Pattern(
    rf"(?:\s?/\s?(?=[a-z])|\s+per\s+|\s+(?:an?|each|every)\s+(?={_TIME}s?\b))"
    rf"(?:{_TIME}s?\b|(?:\d[\d.,]*\s?k?\s+)?[a-z][\w-]*"
    r"(?: (?!from|to|by|in|at|for|and|or|with|on|across|until|before|through|per|via|within|of|a"
    r"|than|the|without|while|is|are|down|up|so|this|as|vs|each|every|after|during|among|rises?"
    r"|falls?|drops?|reach|reaches|against|back|year|each)[a-z][\w-]*){0,2})"
)
_DENOMINATOR_BEFORE = Pattern(r"(?:\bper|\bfor every|\bin every|[a-z]\s?/)\s*$")
_SCALE_TOPS = {5.0, 6.0, 7.0, 10.0, 20.0, 100.0}

_FACTORS = (
    dict.fromkeys(("double", "doubles", "doubled", "doubling", "twice", "twofold"), 2.0)
    | dict.fromkeys(("triple", "triples", "tripled", "tripling", "treble", "threefold"), 3.0)
    | dict.fromkeys(("quadruple", "quadruples", "quadrupled", "fourfold"), 4.0)
    | {"fivefold": 5.0, "tenfold": 10.0}
    | dict.fromkeys(("halve", "halves", "halved", "halving"), 0.5)
)
_FACTOR_OR_ADJECTIVE = {"double", "triple", "treble", "quadruple"}
_FACTOR_FOLLOWS = {"", "to", "will", "and", "we", "or", "then", "nearly", "almost", "than", "least"}
_NEVER_FACTORED = set(
    "booking bookings entry entries check checks checking checked opt digit sided click glazing "
    "room rooms bed beds materiality loop bottom jeopardy dose down diamond shift shifts".split()
)
_FREQUENCY_AFTER = {"a", "per", "weekly", "monthly", "daily", "yearly", "each", "every"}
_TIME_WORDS = set(
    "day days week weeks month months quarter quarters year years hour hours minute minutes "
    "sprint sprints time times second morning cycle release night shift single other two three monday tuesday wednesday thursday friday "
    "saturday sunday mondays fridays "
    "four six".split()
)
_DETERMINERS = {"the", "our", "these", "those", "its", "their", "your", "this", "both"}
_NAMES_BEFORE_WORD = set("phase tier stage step wave level day week version round part".split())
_PRONOUN_ONE = Pattern(
    r"\b(?:no|any|some|every|each|this|that|the|number|as|into|another|which|at|in|just|old|new|other|right"
    r"|wrong|last|first|single|good|big|small|current|same|next|only|yes)\s$"
)
_AFTER_PRONOUN_ONE = Pattern(
    r"\s(?:of (?!\d)|another|place|team|click|view|voice|stop|or more|single|by one|who|that|to one"
    r"|company|source|go\b)"
)
_ZERO_NAMES = {"trust", "day", "touch", "based", "hour", "hours", "sum", "rated"}
_NO_AFTER = set(
    "longer later more less matter one other need idea doubt fewer change changes change. man "
    "regrets code worse better".split()
)
_NO_NEVER_BEFORE = {"say", "saying", "or", "if", "yes", "whether", "by", "at", "under", "there's"}
_SCOPE_BEFORE = set("of at above after for as in to with on by across from into among".split())
_LIMIT_BEFORE = {"within", "under", "in", "than"}
_TIME_UNITS = {"seconds", "minutes", "hours", "days", "weeks", "working days"}
_ALL_NAMES = set("time times hands over in round inclusive together the-time".split())


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield every number that a goal could be graded by, in order and without overlap.

    Dates, versions, standards, priorities, ids and denominators ("per 1,000 patients") are no
    quantities. A share in words or parts ("one in five", "7 of 10 customers") is given in ``%``;
    a score on a scale keeps the scale as its unit (``/5``); a range counts with its first
    bound; factors ("double", "2x", "halve") have the unit ``x``; "all" and "every" are 100 %,
    "no" and "none" are 0. The sign of "-5 %" stands in the span, not in the value.
    """
    reading = read(text)
    for number in numbers(text):
        yield as_quantity(reading, number)


def as_quantity(reading: Reading, number: Number) -> Quantity:
    """The public value for a number of this reading."""
    return Quantity(
        value=number.value, unit=number.unit, span=reading.span(number.start, number.end)
    )


@lru_cache(maxsize=512)
def numbers(text: str) -> tuple[Number, ...]:
    """Every gradable number, by position in the plain text."""
    reading = read(text)
    found = sorted((*_in_digits(reading), *_in_words(reading)), key=lambda n: (n.start, -n.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return tuple(kept)


def _in_digits(reading: Reading) -> Iterator[Number]:
    low, names, done = reading.low, named_digits(reading.raw), 0
    for match in _DIGITS.finditer(low):
        if match.start() < done or names[match.start()]:
            continue
        number = _digits_at(low, match)
        if number:
            number = _with_rate(low, number)
            done = number.end
            yield number


def _digits_at(low: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    before = low[max(0, start - 24) : start]
    if _DENOMINATOR_BEFORE.search(before) or _ATTRIBUTE.match(low, end):
        return None
    hyphen = _WORD_BEFORE_HYPHEN.search(before)
    if hyphen and hyphen.group("word") not in {"sub", "plus"}:
        return None

    currency = CURRENCY_BEFORE.search(before)
    unit = CURRENCIES[currency.group().strip()] if currency else None
    value = values_of(match.group(), currency=bool(currency))[0]
    if currency:
        start -= len(currency.group())
        before = before[: currency.start()]
    sign = _SIGN.search(before)
    if sign:
        start -= 1
    number = Number(start, end, value, unit, "measure" if unit else "count")
    number = number._replace(sign=sign.group().replace("–", "-") if sign else "")
    if before.endswith("×"):
        number = number._replace(unit="x", kind="factor")

    if not unit and (share := _as_share(low, number)):
        return share
    both = _BETWEEN.search(before) and _AND_TOP.match(low, end)
    if span := both or _RANGE.match(low, end):
        return _as_range(low, number, span)
    return _with_unit(low, number)


def _with_unit(low: str, number: Number) -> Number | None:
    """The number with the multiplier and unit behind it; None if it is glued to a word."""
    end = number.end
    if letters := _LETTERS.match(low, end):
        word = letters.group()
        if word in MULTIPLIERS and word in (ATTACHED_MULTIPLIERS | {"bn", "mn", "mio", "tn"}):
            number = _times(number, MULTIPLIERS[word], letters.end())
        elif word not in units():
            return None
    elif spaced := (_MONEY_AFTER if number.unit else _MULTIPLIER_AFTER).match(low, end):
        word = spaced.group().strip(" .")
        number = _times(
            number, MULTIPLIERS.get(word) or MULTIPLIERS[word.rstrip("s")], spaced.end()
        )
    if number.unit:
        return number
    return _with_measure(low, number)


def _with_measure(low: str, number: Number) -> Number:
    end = number.end
    if hyphened := _HYPHENED_UNIT.match(low, end):
        unit = {"point": "points", "percent": "%", "fold": "x"}.get(hyphened.group("unit"), "pp")
        kind: Kind = "factor" if unit == "x" else "measure"
        return number._replace(end=hyphened.end(), unit=unit, kind=kind)
    if currency := CURRENCY_AFTER.match(low, end):
        unit = CURRENCIES[currency.group().strip()]
        return number._replace(end=currency.end(), unit=unit, kind="measure")
    if plus := _PLUS_AFTER.match(low, end):
        number = number._replace(end=plus.end())
        end = plus.end()
    unit_match = unit_pattern().match(low, end)
    if not unit_match:
        return number
    unit = units()[unit_match.group().strip()]
    if unit == "stars" and number.value > 5:
        return number
    if unit == "x":
        return number._replace(end=unit_match.end(), unit=unit, kind="factor")
    return number._replace(end=unit_match.end(), unit=unit, kind="measure")


def _times(number: Number, scale: float, end: int) -> Number:
    return number._replace(end=end, value=_clean(number.value * scale), scale=scale)


def _clean(value: float) -> float:
    """The value without the dust of binary multiplication (1.1 * 1e6)."""
    return round(value, 6)


def _as_range(low: str, number: Number, match: re.Match[str]) -> Number | None:
    top = _with_unit(low, Number(match.start("top"), match.end(), values_of(match.group("top"))[0]))
    if not top or top.value / top.scale < number.value:
        return _with_unit(low, number)
    value = _clean(number.value * top.scale)
    kind: Kind = "measure" if number.unit or top.unit else "count"
    return number._replace(
        end=top.end, value=value, unit=number.unit or top.unit, kind=kind, scale=top.scale
    )


def _as_share(low: str, number: Number) -> Number | None:
    """``7 of 10`` and ``3/4`` as a percentage, ``4.2/5`` as a score on a scale."""
    # The blank before "of" is looked behind at, so it has to be stepped over first.
    start = number.end + 1 if low[number.end : number.end + 1] == " " else number.end
    match = _OUT_OF.match(low, start) or _OUT_OF.match(low, number.end)
    if not match:
        return None
    whole = _whole(match.group("whole"))
    if whole is None or whole <= 0 or number.value > whole:
        return None
    of, noun = match.group("of"), _NOUN_AFTER.match(low, match.end())
    is_scale = whole in _SCALE_TOPS and (
        (bool(match.group("slash")) and not low.startswith(" of ", match.end()))
        or (of == "out of" and (not noun or number.value % 1 > 0))
    )
    if is_scale:
        return number._replace(end=match.end(), unit=f"/{whole:g}", kind="measure")
    if of == "in" and low.startswith("%", number.end):
        return None
    value = _clean(100 * number.value / whole)
    return number._replace(end=match.end(), value=value, unit="%", kind="share")


def _whole(written: str) -> float | None:
    if written[0].isdigit():
        return values_of(written)[0]
    found = words_at((Token(0, len(written), written, written),), 0)
    return found.value if found and not found.is_part and found.value > 1 else None


def _with_rate(low: str, number: Number) -> Number:
    """The number with "per week" or "per 1,000 patients" as part of its unit."""
    if number.kind in {"share", "factor"} or number.unit == "x":
        return number
    match = _PER.match(low, number.end)
    if not match:
        return number
    rate = re.sub(r"^\s*(?:/|per|an?|each|every)\s*", "per ", match.group())
    unit = f"{number.unit} {rate}" if number.unit else rate
    return number._replace(end=match.end(), unit=unit, kind="measure")


def _in_words(reading: Reading) -> Iterator[Number]:
    tokens, names, skip = reading.tokens, named_digits(reading.raw), 0
    for index, token in enumerate(tokens):
        if index < skip or names[token.start]:
            continue
        number = (
            _factor_at(reading, index)
            or _number_word_at(reading, index)
            or _weak_at(reading, index)
        )
        if number:
            while skip < len(tokens) and tokens[skip].start < number.end:
                skip += 1
            yield _with_rate(reading.low, number)


def _factor_at(reading: Reading, index: int) -> Number | None:
    token, previous, following = _around(reading.tokens, index)
    value = _FACTORS.get(token.low)
    if not value:
        return None
    if token.low == "twice" and following in _FREQUENCY_AFTER:
        return None
    if token.low in _FACTOR_OR_ADJECTIVE and (
        previous not in _FACTOR_FOLLOWS or following in _NEVER_FACTORED
    ):
        return None
    return Number(token.start, token.end, value, "x", "factor")


def _number_word_at(reading: Reading, index: int) -> Number | None:
    tokens, low = reading.tokens, reading.low
    found = words_at(tokens, index)
    if not found:
        return None
    token, previous, _ = _around(tokens, index)
    last = tokens[index + found.length - 1]
    following = tokens[index + found.length].low if index + found.length < len(tokens) else ""
    number = Number(token.start, last.end, found.value)
    if found.is_part:
        if not _is_part(token.low, last.low, previous, following):
            return None
        return number._replace(value=_clean(100 * found.value), unit="%", kind="share")
    if previous in _NAMES_BEFORE_WORD or (token.low == "zero" and following in _ZERO_NAMES):
        return None
    share = _as_share(low, number)
    if share:
        return share
    measured = _with_measure(low, number)
    if measured.unit:
        return measured._replace(kind="weak") if token.low == "one" else measured
    if token.low == "one" and found.length == 1 and previous not in _DETERMINERS:
        return _one(low, number)
    return number._replace(kind="named") if previous in _DETERMINERS else number


def _is_part(first: str, last: str, previous: str, following: str) -> bool:
    if first == "half":
        return following not in {"a", "an", "year", "day", "yearly"} and previous not in {
            "first",
            "second",
            "other",
            "next",
        }
    if last == "quarter" and first in {"a", "one"}:
        return following == "of" or previous in {"by", "to", "from", "least", "than", "nearly"}
    return True


def _one(low: str, number: Number) -> Number | None:
    if _PER.match(low, number.end):
        return number
    if _PRONOUN_ONE.search(low[max(0, number.start - 12) : number.start]):
        return None
    if _AFTER_PRONOUN_ONE.match(low, number.end):
        return None
    return number._replace(kind="weak")


def _weak_at(reading: Reading, index: int) -> Number | None:
    token, previous, following = _around(reading.tokens, index)
    if token.low in {"all", "every"} and previous in _SCOPE_BEFORE:
        return None
    if token.low == "all":
        is_name = following in _ALL_NAMES
        return None if is_name else Number(token.start, token.end, 100.0, "%", "weak")
    if token.low == "every" and following not in _TIME_WORDS and following:
        return Number(token.start, token.end, 100.0, "%", "weak")
    if token.low == "none":
        return Number(token.start, token.end, 0.0)
    if token.low in {"nobody", "never"} or (token.low == "no" and following == "one"):
        return Number(token.start, token.end, 0.0, None, "weak")
    if token.low == "no" and following and following not in _NO_AFTER:
        said = previous not in _NO_NEVER_BEFORE
        return Number(token.start, token.end, 0.0, None, "weak") if said else None
    if token.low == "once" and following in {"a", "per", "every"}:
        return Number(token.start, token.end, 1.0)
    return _single_time(reading, index)


def _single_time(reading: Reading, index: int) -> Number | None:
    """ "Within a day" is one day."""
    token, previous, following = _around(reading.tokens, index)
    unit = units().get(following)
    if token.low not in {"a", "an"} or previous not in _LIMIT_BEFORE or unit not in _TIME_UNITS:
        return None
    return Number(token.start, reading.tokens[index + 1].end, 1.0, unit, "weak")


def _around(tokens: Sequence[Token], index: int) -> tuple[Token, str, str]:
    """A token with the words before and after it."""
    previous = tokens[index - 1].low if index else ""
    following = tokens[index + 1].low if index + 1 < len(tokens) else ""
    return tokens[index], previous, following
