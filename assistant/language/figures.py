"""Literally every number in a text, so that a rewrite can be shown to invent none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isclose
from typing import NamedTuple

from assistant.language.numerals import (
    DIGITS,
    FACTORS,
    MULTIPLIERS,
    values_of,
    words_at,
)
from assistant.language.patterns import Pattern
from assistant.language.plain import read_whole
from assistant.language.units import CURRENCIES, CURRENCY_AFTER, CURRENCY_BEFORE, units
from assistant.models import Span

_SCALE = (
    r"(?:\s?(?:million|billion|trillion|thousand|mio|mrd|tsd|lakh|crore|dozen)s?|k|m|mn|bn|b|tn)"
)
_SHARE = r"\s?(?:%|percent|per cent|pct)"
_FIGURE = Pattern(
    rf"(?P<code>(?<![a-z\d])[a-z]+\d[a-z\d]*)"
    rf"|(?P<digits>{DIGITS})(?P<scale>{_SCALE})?(?P<times>x)?(?!\w|[.,]\d)(?P<share>{_SHARE}(?!\w))?"
    r"|(?P<glued>\d+(?:[.,]\d+)*(?P<letters>[a-z\d]*))"
)
_SHARE_BEHIND = Pattern(_SHARE + r"(?!\w)")
_NOT_COUNTED = Pattern(r"\b(?:no|any|some|every|each|this|that|the|another|which) $")


class _Worth(NamedTuple):
    values: tuple[float, ...]
    unit: str | None


def find_numbers(text: str) -> Iterator[Span]:
    """Yield everything number-like in order: digits, years, codes such as Q3, number words.

    A span holds what belongs to the number: its currency, multiplier and per cent sign. It is
    generous on purpose and reads a text of any length to its end; use :func:`find_quantities` for what a goal can be graded by.
    """
    reading = read_whole(text)
    found = [*_figures(reading.low), *_number_words(text)]
    end = 0
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= end:
            end = stop
            yield reading.span(start, stop)


def same_number(first: str, second: str) -> bool:
    """Whether two number spans say the same.

    ``1,200``, ``1.2k`` and ``1200`` do, ``20%`` and ``20 percent`` do, and so do ``twice`` and
    ``2x``. A bare number agrees with one that has a unit; two different units do not agree.
    Codes such as ``Q3`` agree only with themselves.
    """
    one, other = _worth(first), _worth(second)
    if not one or not other:
        return not one and not other and _bare(first) == _bare(second)
    if one.unit and other.unit and one.unit != other.unit:
        return False
    return any(isclose(a, b, rel_tol=1e-6, abs_tol=1e-9) for a in one.values for b in other.values)


def _figures(low: str) -> Iterator[tuple[int, int]]:
    for match in _FIGURE.finditer(low):
        start, end = match.span()
        if match.group("digits"):
            before = CURRENCY_BEFORE.search(low[max(0, start - 5) : start])
            after = CURRENCY_AFTER.match(low, end)
            start -= len(before.group()) if before else 0
            end = after.end() if after else end
        yield start, end


def _number_words(text: str) -> Iterator[tuple[int, int]]:
    reading = read_whole(text)
    tokens, index = reading.tokens, 0
    while index < len(tokens):
        token, length = tokens[index], 1
        found = words_at(tokens, index)
        if token.low in FACTORS:
            yield token.start, token.end
        elif found and not (token.low == "one" and _is_pronoun(reading.low, token.start)):
            length = found.length
            end = tokens[index + length - 1].end
            share = _SHARE_BEHIND.match(reading.low, end)
            yield token.start, share.end() if share else end
        index += length


def _is_pronoun(low: str, start: int) -> bool:
    return bool(_NOT_COUNTED.search(low[max(0, start - 9) : start]))


def _worth(written: str) -> _Worth | None:
    """The value or values that a span may stand for; None for codes such as Q3 or 3D."""
    reading = read_whole(written.strip())
    low = reading.low.strip()
    if low in FACTORS:
        return _Worth((FACTORS[low],), "x")
    currency = CURRENCY_BEFORE.match(low[:3]) or re.match(r"(?:us\$|[$€£¥₹]|[a-z]{3}\b)\s?", low)
    unit = CURRENCIES.get(currency.group().strip()) if currency else None
    body = low[currency.end() :].strip() if currency and unit else low
    match = _FIGURE.match(body)
    if match and match.group("digits"):
        return _worth_of_digits(body, match, unit)
    if match and match.group("letters") in units():
        return _Worth(values_of(match.group().removesuffix(match.group("letters"))), None)
    if match or not reading.tokens or (found := words_at(reading.tokens, 0)) is None:
        return None
    if found.is_part:
        return _Worth((100 * found.value,), "%")
    rest = low[reading.tokens[found.length - 1].end :]
    return _Worth((found.value,), "%" if re.fullmatch(_SHARE, rest) else None)


def _worth_of_digits(body: str, match: re.Match[str], unit: str | None) -> _Worth:
    scale = (match.group("scale") or "").strip()
    factor = MULTIPLIERS.get(scale) or MULTIPLIERS.get(scale.rstrip("s"), 1.0)
    if after := CURRENCY_AFTER.match(body, match.end()):
        unit = CURRENCIES[after.group().strip()]
    if match.group("share"):
        unit = "%"
    if match.group("times"):
        unit = "x"
    return _Worth(tuple(value * factor for value in values_of(match.group("digits"))), unit)


def _bare(written: str) -> str:
    return re.sub(r"[\W_]+", "", read_whole(written).low)
