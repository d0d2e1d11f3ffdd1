"""What a number as written is worth: digits in the notations of the world, and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.language.patterns import Pattern
from assistant.language.plain import Token
from assistant.language.words import load

DIGITS = r"(?:\d{1,3}(?:[ ']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)*|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])(?!\d)"
"""A number in digits: grouped by blanks, commas, points or apostrophes, or a fraction sign."""

ATTACHED_MULTIPLIERS = {"k", "m", "b", "mm"}
"""Multipliers that are something else when a blank stands before them: ``10 m`` is a length."""


def _values(section: str) -> dict[str, float]:
    return {
        word: float(value) for word, value in (entry.split() for entry in load("numbers")[section])
    }


NUMBER = (
    r"(?:[$€£]?\s?\d|(?:(?:a |one )?(?:third|quarter|dozen|hundred)|half|none|nil|zero|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|every (?!day|week|month|quarter|year|other))\b)"
)
"""Where a number starts, in digits or words, as part of a larger expression."""

MULTIPLIERS = _values("multipliers")
ORDINALS = _values("ordinals")
FACTORS = _values("factors")
_SMALL = {word: float(value) for value, word in enumerate(load("numbers")["small"])}
_TENS = {word: 10.0 * value for value, word in enumerate(load("numbers")["tens"], start=2)}
_SCALES = _values("scales")
_PARTS = _values("parts")

_GROUPED_BY_POINT = Pattern(r"[1-9]\d{0,2}\.\d\d0")
_GROUP = 3
_THOUSAND = 1000
_TEN = 10
_MOST_WORDS = 8


class Words(NamedTuple):
    """A number in words: how many tokens it takes, its value, and whether it is a part."""

    length: int
    value: float
    is_part: bool = False


def values_of(digits: str, currency: bool = False) -> tuple[float, ...]:
    """Every value that digits may stand for, the likeliest first.

    ``1,200`` and ``1 200`` are 1200 and ``1,5`` is 1.5. ``1.200`` is 1200 before 1.2, since
    nobody writes a decimal with a trailing zero by accident, and so is ``€ 1.234``; other
    groups of three after one point are decimals first.
    """
    if len(digits) == 1 and not digits.isascii():
        return (unicodedata.numeric(digits),)
    text = re.sub(r"[ ']", "", digits)
    if "." in text and "," in text:
        return (_with_both_separators(text),)
    if "," in text:
        return _with_one_separator(text.split(","), grouped_first=True)
    if "." in text:
        grouped = currency or bool(_GROUPED_BY_POINT.fullmatch(text))
        return _with_one_separator(text.split("."), grouped_first=grouped)
    return (float(text),)


def _with_both_separators(text: str) -> float:
    """The later separator is the decimal one, unless it comes twice: ``1.200,5``."""
    at = max(text.rfind("."), text.rfind(","))
    if text.count(text[at]) > 1:
        return float(re.sub(r"[.,]", "", text))
    return float(re.sub(r"[.,]", "", text[:at]) + "." + text[at + 1 :])


def _with_one_separator(groups: list[str], grouped_first: bool) -> tuple[float, ...]:
    grouped = float("".join(groups))
    head, *tail = groups
    if len(tail) > 1:
        return (grouped,)
    decimal = float(".".join(groups))
    if len(tail[0]) != _GROUP or head == "0" or len(head) > _GROUP:
        return (decimal,)
    return (grouped, decimal) if grouped_first else (decimal, grouped)


def words_at(tokens: Sequence[Token], index: int) -> Words | None:
    """The number in words that starts at a token: "twenty-five", "two thirds", "a dozen".

    "A" counts as one before a scale or a part. A bare "quarter" or "third" is no number.
    """
    words = [tokens[index].low]
    for before, after in pairwise(tokens[index : index + _MOST_WORDS]):
        if after.start - before.end > 1:
            break
        words.append(after.low)
    return _part(words) or _with_article(words) or _whole_number(words)


def _part(words: list[str]) -> Words | None:
    if words[0] == "half":
        return Words(1, 0.5, is_part=True)
    if words[0] in {"a", "an", "one"} and len(words) > 1 and words[1] in _PARTS:
        return Words(2, 1 / _PARTS[words[1]], is_part=True)
    count, hyphen, part = words[0].partition("-")
    if hyphen and part in _PARTS and count in _SMALL:
        return Words(1, _SMALL[count] / _PARTS[part], is_part=True)
    return None


def _with_article(words: list[str]) -> Words | None:
    if words[0] not in {"a", "an"} or len(words) == 1 or words[1] not in _SCALES:
        return None
    return Words(2, _SCALES[words[1]])


def _whole_number(words: list[str]) -> Words | None:
    total, current, length = 0.0, _word_value(words[0]), 1
    if current is None:
        return None
    while length < len(words):
        word, value = words[length], _word_value(words[length])
        if word in _SCALES:
            current *= _SCALES[word]
            if _SCALES[word] >= _THOUSAND:
                total, current = total + current, 0.0
        elif word == "and" and _goes_on(words, length):
            pass
        elif value is not None and _may_follow(words[length - 1], value):
            current += value
        else:
            break
        length += 1
    return _of_parts(words, length, total + current) or Words(length, total + current)


def _goes_on(words: list[str], length: int) -> bool:
    """Whether "and" links: "one hundred and twenty", not "two and three"."""
    after = words[length + 1] if length + 1 < len(words) else ""
    return words[length - 1] in _SCALES and _word_value(after) is not None


def _may_follow(previous: str, value: float) -> bool:
    return previous in _SCALES or previous == "and" or (previous in _TENS and 0 < value < _TEN)


def _of_parts(words: list[str], length: int, value: float) -> Words | None:
    """Parts such as "two thirds"; "three quarters" only before "of" or alone, since it may be a time."""
    part = words[length] if length < len(words) else ""
    if part not in _PARTS or part == "half":
        return None
    after = words[length + 1] if length + 1 < len(words) else ""
    if part == "quarters" and after not in {"of", ""}:
        return None
    return Words(length + 1, value / _PARTS[part], is_part=True)


def _word_value(word: str) -> float | None:
    if word in _SMALL:
        return _SMALL[word]
    if word in _TENS:
        return _TENS[word]
    tens, hyphen, ones = word.partition("-")
    if hyphen and tens in _TENS and 0 < _SMALL.get(ones, 0) < _TEN:
        return _TENS[tens] + _SMALL[ones]
    return None
