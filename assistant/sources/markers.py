"""Recognises what a line says about itself: ``O1:``, ``Key result 2 -``, ``Owner: Mia``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.models import fold
from assistant.sources.vocabulary import FIELDS, KEY_RESULT, OBJECTIVE, SCOPE

MarkerRole = Literal["objective", "key_result"]


@dataclass(frozen=True, slots=True)
class Marker:
    """The words before the text of an element.

    Attributes:
        role: what they announce.
        key: the number that they give it, in one spelling: ``O1``, ``KR1.2``, ``O1.KR2``.
        end: where the text itself begins.
    """

    role: MarkerRole
    key: str | None
    end: int


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A line such as ``Owner: Mia``: the field that it sets and the words it sets it to."""

    name: str
    label: str
    value: str


_NUMBER = r"(?:#|№|no\.? |nr\.? )?\s?(?P<num>\d{1,3}(?:\.\d{1,3}){0,3})(?![\d%])"
_SEPARATOR = r"(?:[:：]|[.)\]|–—-]+(?=\s|$)|(?=[(\[][^()\[\]]{1,60}[)\]]\s*(?:[:：]|[–—-]\s)))"
_DECORATION = re.compile(r"[^\w\s\[\](){}<>=~≥≤$€£¥%+\-#@\"'“”„*.,;:!?/&|]+\s*")

_PATTERNS: tuple[tuple[MarkerRole, str | None, re.Pattern[str]], ...] = (
    (
        "key_result",
        "O{of}.KR{num}",
        re.compile(
            rf"O\s?(?P<of>\d{{1,2}})[ ._/–-]{{0,3}}KR\s?[-#]?(?P<num>\d{{1,2}})"
            rf"(?![\w%])\s*(?:{_SEPARATOR})?\s*",
            re.IGNORECASE,
        ),
    ),
    (
        "key_result",
        "KR{num}",
        re.compile(
            rf"KR\s?[-#]?(?P<num>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}[a-z]?)(?![\w%])"
            rf"\s*(?:{_SEPARATOR})?\s*",
            re.IGNORECASE,
        ),
    ),
    ("key_result", None, re.compile(rf"KRs?\s*{_SEPARATOR}\s*", re.IGNORECASE)),
    (
        "key_result",
        "KR{num}",
        re.compile(rf"(?:{KEY_RESULT})\s?{_NUMBER}\s*(?:{_SEPARATOR}\s*|\s+|$)", re.IGNORECASE),
    ),
    ("key_result", None, re.compile(rf"(?:{KEY_RESULT})\s*{_SEPARATOR}\s*", re.IGNORECASE)),
    (
        "objective",
        "O{num}",
        re.compile(
            rf"O\s?[-#]?(?P<num>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})(?![\w%])"
            rf"(?:\s*{_SEPARATOR}\s*|\s+(?=[^\W\d_])(?![a-zß-ÿ])|$)"
        ),
    ),
    ("objective", None, re.compile(r"[Oo]\s?[:：]\s*|O\s?[|–—-](?=\s)\s*")),
    (
        "objective",
        "O{num}",
        re.compile(
            rf"(?:(?:{SCOPE})[ -])?(?:{OBJECTIVE})\s?{_NUMBER}\s*(?:{_SEPARATOR}\s*|\s+|$)",
            re.IGNORECASE,
        ),
    ),
    (
        "objective",
        None,
        re.compile(rf"(?:(?:{SCOPE})[ -])?(?:{OBJECTIVE})\s*{_SEPARATOR}\s*", re.IGNORECASE),
    ),
)
_FIRST_LETTERS = frozenset("oOkKgGzZtTuUdDmMcCsSrRpPaAyYqQfF目关主№")

_DOTTED = re.compile(r"(?P<num>\d{1,2}(?:\.\d{1,2}){1,3})[.):]?[ \t*_]+(?=\S)")
_DOTTED_LINE = re.compile(
    rf"^[ \t>#*+|•-]*(?:\[.\][ \t]*)?[*_]{{0,2}}{_DOTTED.pattern}",
    re.MULTILINE,
)
_AFTER_A_DECIMAL = re.compile(
    r"(?:million|millionen|mio|mn|bn|billion|milliard|thousand|tausend|hours?|hrs?|h|stars?|x|"
    r"times|days?|months?|weeks?|years?|points?|pp|percent|percentage|prozent|ftes?|seconds?|s|ms|"
    r"minutes?|mins?|k|m|gb|tb|mb|eur|usd|gbp|chf|kg|t|tonnes?|km|out|of|to|vs|and|or)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?P<name>[^\W\d_#][^:：=|]{0,30}?|#)\s*(?:[:：]|=(?!>))\s*(?P<value>.*)", re.DOTALL
)

POSITION = re.compile(
    r"(?:(?:o|obj|objective|kr|goal)[ _.#-]?\d{1,2}|\d{1,3})(?:[._-]\d{1,3})*"
    r"(?:[ ._/-]?kr[ _.-]?\d{1,2})?[a-z]?",
    re.IGNORECASE,
)
"""A key that only counts, and so changes when the elements are put in another order."""


@lru_cache(maxsize=4096)
def read_marker(text: str) -> Marker | None:
    """The marker at the start of a text, if there is one: ``KR1.2 - ``, ``Ziel:``, ``O3``."""
    decoration = _DECORATION.match(text)
    start = decoration.end() if decoration else 0
    if text[start : start + 1] not in _FIRST_LETTERS:
        return None
    for role, key, pattern in _PATTERNS:
        match = pattern.match(text, start)
        if match:
            return Marker(role, key.format(**match.groupdict()) if key else None, match.end())
    return None


def dotted_numbers(text: str) -> frozenset[str]:
    """The numbers such as ``1.2`` that count the lines of a document.

    A number counts where its first sibling, ``1.1``, stands before a line too; ``4.2 average
    rating`` does not.
    """
    found = {match["num"] for match in _DOTTED_LINE.finditer(text) if _counts(match)}
    return frozenset(number for number in found if f"{number.rpartition('.')[0]}.1" in found)


def read_dotted(text: str, known: frozenset[str]) -> tuple[str, str] | None:
    """The known number before a text, and the text itself."""
    match = _DOTTED.match(text)
    if not match or match["num"] not in known or not _counts(match):
        return None
    return match["num"], text[match.end() :]


def _counts(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 1]
    return (after.isalpha() or after in "[(\"'„“*~_") and not _AFTER_A_DECIMAL.match(
        match.string, match.end()
    )


def read_field(text: str) -> FieldLine | None:
    """The field that a line sets, if its first words name one."""
    match = _FIELD.match(text)
    if not match:
        return None
    name = FIELDS.get(fold(match["name"]))
    return FieldLine(name, match["name"].strip(), match["value"].strip()) if name else None


@lru_cache(maxsize=4096)
def fold_key(key: str) -> str:
    """A key as references see it: ``Objective 1`` and ``O-1`` are ``o1``."""
    folded = fold(key)
    for pattern, short in ((KEY_RESULT, "kr"), (OBJECTIVE, "o")):
        folded = re.sub(rf"\b(?:{pattern})(?=[\s#.\d-])", short, folded)
    folded = re.sub(r"(?<=[a-z])[\s._#-]+(?=\d)|[\s_/]+", "", folded)
    return re.sub(r"(?<=\d)[.\-–:]+(?=kr)|[:.)]+$", "", folded)


def is_positional(key: str) -> bool:
    """Whether a key only counts: ``O1``, ``KR1.2``, ``3``; ``PAY-12`` and ``4711`` do not."""
    return POSITION.fullmatch(key.strip()) is not None


def is_key(text: str) -> bool:
    """Whether the whole text looks like a key and not like words."""
    text = text.strip()
    return (
        is_positional(fold_key(text))
        or re.fullmatch(r"[A-Z][A-Z0-9]{0,9}[-_]\d{1,7}", text) is not None
    )
