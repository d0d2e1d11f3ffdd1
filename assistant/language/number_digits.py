"""Gradable numbers written in digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from assistant.language.codes import named_digits
from assistant.language.number import Number, as_share, clean, with_rate, with_unit
from assistant.language.numerals import DIGITS, values_of
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading
from assistant.language.units import CURRENCIES, CURRENCY_BEFORE

_DIGITS = Pattern(rf"(?<![\w.,]){DIGITS}")
_SIGN = Pattern(r"(?:^|(?<=[\s(\[:=>→<~/|*]))[+–-]$")
_ATTRIBUTE = Pattern(r"-(?!fold|points?\b|percent|percentage|%|x\b)[a-z]")
_WORD_BEFORE_HYPHEN = Pattern(r"(?P<word>[a-z]+)-$")
_PREFIXES = {"sub", "plus"}
_RANGE = Pattern(rf"\s?[-–—]\s?[$€£]?\s?(?P<top>{DIGITS})")
_BETWEEN = Pattern(r"\bbetween\s$")
_AND_TOP = Pattern(rf"(?: ?%)?\sand\s[$€£]?\s?(?P<top>{DIGITS})")
_CLOCK = Pattern(r"(?P<whole>\d{1,3}):(?P<sixtieths>[0-5]\d)(?![\d:])")
_DENOMINATOR_BEFORE = Pattern(r"(?:\bper|\bfor every|\bin every|[a-z]\s?/)\s*$")
_WINDOW = 24


def in_digits(reading: Reading) -> Iterator[Number]:
    """Yield the numbers in digits, those that belong to names and dates left out."""
    low, names, done = reading.low, named_digits(reading.raw), 0
    for match in _DIGITS.finditer(low):
        if match.start() < done or names[match.start()]:
            continue
        if number := _clock(low, match) or _at(low, match):
            number = with_rate(low, number)
            done = number.end
            yield number


def _at(low: str, match: re.Match[str]) -> Number | None:
    before = low[max(0, match.start() - _WINDOW) : match.start()]
    if _is_part_of_a_word(low, match, before):
        return None
    number, before = _with_currency(match, before)
    if not isfinite(number.value):
        return None
    if sign := _SIGN.search(before):
        mark = sign.group().replace("–", "-")
        number = number._replace(start=number.start - 1, sign=mark)
    if before.endswith("×"):
        number = number._replace(unit="x", kind="factor")
    if not number.unit and (share := as_share(low, number)):
        return share
    both = _BETWEEN.search(before) and _AND_TOP.match(low, match.end())
    if span := both or _RANGE.match(low, match.end()):
        return _as_range(low, number, span)
    return with_unit(low, number)


def _clock(low: str, match: re.Match[str]) -> Number | None:
    """A length of time as "9:40"; a time of day is marked as a name and never comes here."""
    clock = _CLOCK.match(low, match.start())
    if not clock:
        return None
    value = clean(float(clock.group("whole")) + float(clock.group("sixtieths")) / 60)
    return with_unit(low, Number(match.start(), clock.end(), value))


def _is_part_of_a_word(low: str, match: re.Match[str], before: str) -> bool:
    """Whether digits stand in "30-day", "week-1" or "per 1,000"."""
    if _DENOMINATOR_BEFORE.search(before) or _ATTRIBUTE.match(low, match.end()):
        return True
    hyphen = _WORD_BEFORE_HYPHEN.search(before)
    return bool(hyphen and hyphen.group("word") not in _PREFIXES)


def _with_currency(match: re.Match[str], before: str) -> tuple[Number, str]:
    """The bare number with the currency before it, and what stands before both."""
    currency = CURRENCY_BEFORE.search(before)
    value = values_of(match.group(), currency=bool(currency))[0]
    if not currency:
        return Number(match.start(), match.end(), value), before
    start = match.start() - len(currency.group())
    unit = CURRENCIES[currency.group().strip()]
    return Number(start, match.end(), value, unit, "measure"), before[: currency.start()]


def _as_range(low: str, number: Number, match: re.Match[str]) -> Number | None:
    top = with_unit(low, Number(match.start("top"), match.end(), values_of(match.group("top"))[0]))
    if not top or top.value / top.scale < number.value:
        return with_unit(low, number)
    unit = number.unit or top.unit
    return number._replace(
        end=top.end,
        value=clean(number.value * top.scale),
        unit=unit,
        kind="measure" if unit else "count",
        scale=top.scale,
    )
