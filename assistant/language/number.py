"""A number of the plain text, and what belongs to it behind its figures: unit, whole, rate."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from assistant.language.numerals import (
    ATTACHED_MULTIPLIERS,
    DIGITS,
    MULTIPLIERS,
    values_of,
    words_at,
)
from assistant.language.patterns import Pattern
from assistant.language.plain import Token
from assistant.language.units import CURRENCIES, CURRENCY_AFTER, unit_pattern, units

Kind = Literal["count", "measure", "share", "factor", "weak", "named"]
"""``weak`` words (one, all, every, no) grade a goal only where nothing else does; a ``named``
number says how many there are ("the three sites"), not how many there should be."""


class Number(NamedTuple):
    """A gradable number in the plain text.

    ``scale`` is the multiplier already in the value; ``whole`` is the M of a share "N of M".
    """

    start: int
    end: int
    value: float
    unit: str | None = None
    kind: Kind = "count"
    sign: str = ""
    scale: float = 1.0
    whole: float = 0.0


_LETTERS = Pattern(r"[a-z]+")
_SPACED_MULTIPLIER = (
    r"\s(?:million|billion|trillion|thousand|hundred|mio|mrd|tsd|mn|bn|tn|lakh|crore|dozen"
)
_MULTIPLIER_AFTER = Pattern(_SPACED_MULTIPLIER + r"|m(?=\s?€|\s(?:to|→|->)\s|$|[,;)]))s?\b\.?")
_MONEY_MULTIPLIER_AFTER = Pattern(_SPACED_MULTIPLIER + r"|m|k|b)s?\b\.?")
_GLUED_MULTIPLIERS = ATTACHED_MULTIPLIERS | {"bn", "mn", "mio", "tn"}
_HYPHENED_UNIT = Pattern(r"-(?P<unit>percentage-point|percentage point|point|percent|fold)s?\b")
_HYPHENED_UNITS = {"point": "points", "percent": "%", "fold": "x"}
_PLUS_AFTER = Pattern(r"\+(?![\w+])")
_MOST_STARS = 5
_OUT_OF = Pattern(
    rf"\s?(?:(?P<slash>/)\s?|(?<=\s)(?P<of>out of|of|in)\s(?:every |the |our )?)"
    rf"(?P<whole>{DIGITS}|(?:an? )?[a-z-]+(?: (?:hundred|thousand)\b)?)(?![\w%/]|[.,]\d)"
)
_ONE_THING_IN = Pattern(
    rf"\s[a-z]+\s(?P<of>in|out of)(?P<slash>)\s(?P<whole>{DIGITS}|[a-z]+)(?![\w%])"
)
_NOUN_AFTER = Pattern(r"\s(?!(?:by|in|from|to|until|and|on|at|for|with)\b)[a-z]")
_SCALE_TOPS = {5.0, 6.0, 7.0, 10.0, 20.0, 100.0}
_TIME = r"(?:day|week|month|quarter|year|hour|minute|sprint|night|shift|term)"
_RATE = Pattern(
    rf"(?:\s?/\s?(?=[a-z])|\s+per\s+|\s+(?:an?|each|every)\s+(?={_TIME}s?\b))"
    rf"(?:{_TIME}s?\b|(?:\d[\d.,]*\s?k?\s+)?[a-z][\w-]*"
    r"(?: (?!from|to|by|in|at|for|and|or|with|on|across|until|before|through|per|via|within|of|a"
    r"|than|the|without|while|is|are|down|up|so|this|as|vs|each|every|after|during|among|rises?"
    r"|falls?|drops?|reach|reaches|against|back|year|each)[a-z][\w-]*){0,2})"
)


def clean(value: float) -> float:
    """The value without the dust of binary multiplication (1.1 * 1e6)."""
    return round(value, 6)


def with_unit(low: str, number: Number) -> Number | None:
    """The number with the multiplier and unit behind it; None if it is glued to a word."""
    if letters := _LETTERS.match(low, number.end):
        word = letters.group()
        if word in _GLUED_MULTIPLIERS:
            number = _times(number, MULTIPLIERS[word], letters.end())
        elif word not in units():
            return None
    else:
        spaced = _MONEY_MULTIPLIER_AFTER if number.unit else _MULTIPLIER_AFTER
        if multiplier := spaced.match(low, number.end):
            word = multiplier.group().strip(" .")
            scale = MULTIPLIERS.get(word) or MULTIPLIERS[word.rstrip("s")]
            number = _times(number, scale, multiplier.end())
    return number if number.unit else with_measure(low, number)


def with_measure(low: str, number: Number) -> Number:
    """The number with the currency or unit behind it, if there is one."""
    if hyphened := _HYPHENED_UNIT.match(low, number.end):
        return _measured(number, hyphened.end(), _HYPHENED_UNITS.get(hyphened.group("unit"), "pp"))
    if currency := CURRENCY_AFTER.match(low, number.end):
        return _measured(number, currency.end(), CURRENCIES[currency.group().strip()])
    if plus := _PLUS_AFTER.match(low, number.end):
        number = number._replace(end=plus.end())
    match = unit_pattern().match(low, number.end)
    unit = units()[match.group().strip()] if match else None
    if not match or not unit or (unit == "stars" and number.value > _MOST_STARS):
        return number
    return _measured(number, match.end(), unit)


def as_share(low: str, number: Number) -> Number | None:
    """``7 of 10`` and ``3/4`` as a percentage, ``4.2/5`` as a score on a scale."""
    # The pattern looks behind for the blank before "of", so that blank is stepped over first.
    stepped = number.end + low.startswith(" ", number.end)
    match = _OUT_OF.match(low, stepped) or _OUT_OF.match(low, number.end)
    if not match and number.value == 1:
        match = _ONE_THING_IN.match(low, number.end)
    whole = _whole(match.group("whole")) if match else None
    if not match or not whole or number.value > whole:
        return None
    if number.value % 1 and match.group("of") in {"of", "in"}:
        return None
    if whole in _SCALE_TOPS and _is_scale(low, number, match):
        return number._replace(end=match.end(), unit=f"/{whole:g}", kind="measure")
    share = number._replace(end=match.end(), unit="%", kind="share", whole=whole)
    return share._replace(value=share_of(number.value, whole))


def share_of(part: float, whole: float) -> float:
    """A part in per cent of the whole."""
    return clean(100 * part / whole)


def with_rate(low: str, number: Number) -> Number:
    """The number with "per week" or "per 1,000 patients" as part of its unit."""
    if number.kind in {"share", "factor"} or number.unit == "x":
        return number
    match = _RATE.match(low, number.end)
    if not match:
        return number
    rate = re.sub(r"^\s*(?:/|per|an?|each|every)\s*", "per ", match.group())
    return _measured(number, match.end(), f"{number.unit} {rate}" if number.unit else rate)


def has_rate(low: str, end: int) -> bool:
    """Whether a rate such as "a week" stands at a position."""
    return bool(_RATE.match(low, end))


def _measured(number: Number, end: int, unit: str) -> Number:
    return number._replace(end=end, unit=unit, kind="factor" if unit == "x" else "measure")


def _times(number: Number, scale: float, end: int) -> Number:
    return number._replace(end=end, value=clean(number.value * scale), scale=scale)


def _is_scale(low: str, number: Number, match: re.Match[str]) -> bool:
    """Whether "N of M" is a score: "4/5", "4.2 out of 5"; not "7 out of 10 customers"."""
    if match.group("slash"):
        return not low.startswith(" of ", match.end())
    no_noun = not _NOUN_AFTER.match(low, match.end())
    return match.group("of") == "out of" and (no_noun or number.value % 1 > 0)


def _whole(written: str) -> float | None:
    if written[0].isdigit():
        return values_of(written)[0]
    words = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+", written)]
    found = words_at([Token(start, end, word, word) for start, end, word in words], 0)
    return found.value if found and not found.is_part and found.value > 1 else None
