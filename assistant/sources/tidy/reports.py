"""Understands how people report the state of a goal: ``done``, ``70 % achieved``, ``0.7``."""

from __future__ import annotations

import re

from assistant.models import Status
from assistant.sources.vocabulary import DONE, DROPPED, PENDING

_PERCENT = r"(?:~|ca\.?\s?|about\s)?\d{1,3}(?:[.,]\d+)?\s?%"
_REPORT = (
    rf"(?:status\s*:\s*)?(?:{_PERCENT}\s*,?\s*(?:of (?:the )?target\s*)?(?:{DONE}|{PENDING})?"
    rf"|(?:{PENDING}|{DONE}|{DROPPED})\b)"
)
_PROGRESS = re.compile(rf"{_REPORT}(?:[,;:!.(–—][^\n]{{0,120}})?", re.IGNORECASE)
_LONG_PROGRESS = re.compile(rf"{_REPORT}(?:[\s,;:!.(–—-].{{0,120}})?", re.IGNORECASE)
_FINISHED = re.compile(rf"(?:status\s*:\s*)?(?:100\s?%\s*)?(?:{DONE})\b|100\s?%", re.IGNORECASE)
_GIVEN_UP = re.compile(rf"(?:status\s*:\s*)?(?:{DROPPED})\b", re.IGNORECASE)
_BEGUN = re.compile(rf"(?:{PENDING})\b", re.IGNORECASE)
NUMBER_ONLY = re.compile(
    r"[\s~≈]*[$€£]?\d[\d.,]*\s*(?P<unit>%|pp|[a-z]{1,12})?[.!]?", re.IGNORECASE
)
_HAS_TARGET = re.compile(
    r"\b(?:to|below|under|above|over|at least|at most|nach|auf|bis)\s+[<>≤≥~]?\s?[$€£]?\d|[<>≤≥]\s?\d|"
    r"(?:->|→|⇒|=>)",
    re.IGNORECASE,
)
ENDS_IN_NUMBER = re.compile(r"\d[\d.,]*\s*(?P<unit>%|[^\W\d]{0,12})\s*$")
_GOAL_VALUE = re.compile(r"\b(?:of|to|at)\s+\d[\d.,]*\s*$", re.IGNORECASE)


def is_progress(words: str) -> bool:
    """Whether all words report how far something has come: ``done``, ``70 % achieved``."""
    return _PROGRESS.fullmatch(words.strip()) is not None


def read_progress(words: str) -> Status | None:
    """The status that a remark reports: done, dropped, or None where it is still open."""
    words = words.strip()
    if _BEGUN.match(words):
        return None
    if _FINISHED.match(words):
        return "done"
    return "dropped" if _GIVEN_UP.match(words) else None


def read_score(words: str) -> float | None:
    """A score from 0 to 1 out of ``0.7``, ``0,7``, ``70 %`` or ``7/10``; None for other words."""
    match = re.fullmatch(
        r"\s*(?:score|grade)?\s*[:=]?\s*(\d{0,3}(?:[.,]\d+)?)\s*(%|/\s?10)?\s*",
        words,
        re.IGNORECASE,
    )
    if not match or not match[1]:
        return None
    value = float(match[1].replace(",", "."))
    value /= {None: 1, "%": 100}.get(match[2], 10)
    return value if 0 <= value <= 1 else None


def is_outcome(left: str, tail: str) -> bool:
    """Whether what follows an arrow reports a result, and is not the target itself."""
    number = NUMBER_ONLY.fullmatch(tail)
    if not number:
        return _LONG_PROGRESS.fullmatch(tail) is not None
    if _HAS_TARGET.search(left):
        return True
    before = ENDS_IN_NUMBER.search(left)
    if before is None:
        return True
    return (
        number["unit"] == "%"
        and before["unit"] != "%"
        and (bool(before["unit"]) or _GOAL_VALUE.search(left) is not None)
    )
