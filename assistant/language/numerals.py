"""What a number as written is worth: digits in the notations of the world, and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from assistant.language.patterns import Pattern
from assistant.language.plain import Token

DIGITS = r"(?:\d{1,3}(?:[ ']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)*|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])(?!\d)"
"""A number in digits: grouped by blanks, commas, points or apostrophes, or a fraction sign."""

MULTIPLIERS = {
    "k": 1e3,
    "tsd": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mm": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "billion": 1e9,
    "tn": 1e12,
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
    "dozen": 12.0,
    "hundred": 1e2,
}
ATTACHED_MULTIPLIERS = {"k", "m", "b", "mm"}
"""Multipliers that are something else when a blank stands before them: ``10 m`` is a length."""

_SMALL = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10.0 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_PARTS = {
    "half": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
    "tenths": 10,
}
_GROUPED_BY_POINT = Pattern(r"[1-9]\d{0,2}\.\d\d0")


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
    text = digits.replace(" ", "").replace("'", "")
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal = max(text.rfind("."), text.rfind(","))
        whole = re.sub(r"[.,]", "", text[:decimal])
        if text.count(text[decimal]) > 1:
            return (float(re.sub(r"[.,]", "", text)),)
        return (float(f"{whole}.{text[decimal + 1 :]}"),)
    if commas:
        return _one_separator(text, ",", grouped_first=True)
    if points:
        grouped = currency or bool(_GROUPED_BY_POINT.fullmatch(text))
        return _one_separator(text, ".", grouped_first=grouped)
    return (float(text),)


def _one_separator(text: str, separator: str, grouped_first: bool) -> tuple[float, ...]:
    groups = text.split(separator)
    grouped = float("".join(groups))
    if len(groups) > 2:
        return (grouped,)
    decimal = float(".".join(groups))
    if len(groups[1]) != 3 or groups[0] == "0" or len(groups[0]) > 3:
        return (decimal,)
    return (grouped, decimal) if grouped_first else (decimal, grouped)


def words_at(tokens: Sequence[Token], index: int) -> Words | None:
    """The number in words that starts at a token: "twenty-five", "two thirds", "a dozen".

    "A" counts as one before a scale or a part. A bare "quarter" or "third" is no number.
    """
    words = [token.low for token in tokens[index : index + 8]]
    if words[0] in {"a", "an", "one"} and len(words) > 1 and words[1] in _PARTS:
        return Words(2, 1 / _PARTS[words[1]], is_part=True)
    if words[0] == "half":
        return Words(1, 0.5, is_part=True)
    if found := _hyphenated_part(words[0]):
        return Words(1, found, is_part=True)
    if words[0] in {"a", "an"}:
        return Words(2, _SCALES[words[1]]) if len(words) > 1 and words[1] in _SCALES else None

    length, total, current = 0, 0.0, None
    while length < len(words):
        value = _word_value(words[length])
        if value is not None:
            current = (current or 0.0) + value
        elif words[length] in _SCALES and current is not None:
            current *= _SCALES[words[length]]
            if _SCALES[words[length]] >= 1e3:
                total, current = total + current, 0.0
        elif not (
            words[length] == "and"
            and words[length - 1 : length] in (["hundred"], ["thousand"])
            and length + 1 < len(words)
            and _word_value(words[length + 1]) is not None
        ):
            break
        length += 1
        if value is not None and value < 20 and not _continues(words, length):
            break
    if current is None:
        return None
    if (
        length < len(words)
        and words[length] in _PARTS
        and words[length] not in {"half", "quarters"}
    ):
        return Words(length + 1, (total + current) / _PARTS[words[length]], is_part=True)
    if words[length : length + 2] == ["quarters", "of"]:
        return Words(length + 1, (total + current) / 4, is_part=True)
    return Words(length, total + current)


def _continues(words: list[str], length: int) -> bool:
    return length < len(words) and words[length] in _SCALES


def _word_value(word: str) -> float | None:
    if word in _SMALL:
        return _SMALL[word]
    if word in _TENS:
        return _TENS[word]
    tens, hyphen, ones = word.partition("-")
    if hyphen and tens in _TENS and 0 < _SMALL.get(ones, 0) < 10:
        return _TENS[tens] + _SMALL[ones]
    return None


def _hyphenated_part(word: str) -> float | None:
    count, hyphen, part = word.partition("-")
    if not hyphen or part not in _PARTS or count not in _SMALL:
        return None
    return _SMALL[count] / _PARTS[part]
