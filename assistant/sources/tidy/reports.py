"""Understands how people report the state of a goal: ``done``, ``70 % achieved``, ``0.7``."""

from __future__ import annotations

import re

from assistant.language.numerals import NUMBER
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
_NUMBER = re.compile(r"[$€£]?(?<![\w.,])\d[\d.,]*\s*(?P<unit>%|[^\W\d]{0,12})")
_BEGINS_WITH_NUMBER = re.compile(r"[\s~≈<>≤≥]*[$€£]?\d")
_COUNTED_REPORT = re.compile(
    rf"[~\s]*\d[\d.,]*\s?%?\s*,?\s*(?:of (?:the )?target\b|(?:{DONE}|{PENDING})\b)", re.IGNORECASE
)
ARROW = re.compile(r"\s*(?:={1,2}>|-{1,2}>|[⇒→➔➜⟶])\s*")
_IS_THICK = re.compile(r"\s*(?:={1,2}>|⇒)\s*")
_ENDS_IN_NOTHING = re.compile(rf"\b(?:nothing|unknown|tbd|{NUMBER})\s*(?:\w+\s*)?$", re.IGNORECASE)
_BEHIND_ARROW = re.compile(r"(?:->|→|⇒|=>)\s*[~<>≤≥]?\s*$")
_BEHIND_GOAL = re.compile(
    r"(?:(?<![\w-])(?:to|at least|at most|nach|auf|bis)\s+[<>≤≥~]?\s?|[≤≥]\s?)$", re.IGNORECASE
)
_BEHIND_LIMIT = re.compile(r"(?:\b(?:below|under|above|over)\s+|[<>]\s?)$", re.IGNORECASE)
"""Behind a thin arrow this says what is counted: ``Tours over 9 h -> 5 %``."""
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


def is_outcome(left: str, arrow: str, tail: str) -> bool:
    """Whether what follows the last arrow reports a result, and is not the target itself.

    Args:
        left: what stands before the arrow.
        arrow: ``->``, ``=>`` and the like; the thick one mostly points at a report.
        tail: what stands behind it.
    """
    if not _BEGINS_WITH_NUMBER.match(tail) or _COUNTED_REPORT.match(tail):
        return _LONG_PROGRESS.fullmatch(tail) is not None
    number = NUMBER_ONLY.fullmatch(tail)
    is_thick = _IS_THICK.fullmatch(arrow) is not None
    before = _last_number(left)
    if before is None:
        return bool(number or is_thick) and not _ENDS_IN_NOTHING.search(left)
    if _is_target(left, before, or_limit=is_thick):
        return True
    if _is_score(tail):
        return is_thick and "." not in before[0] and "," not in before[0]
    if not number or number["unit"] != "%" or before["unit"] == "%":
        return False
    is_last = before.end() == len(left.rstrip())
    return is_last and (bool(before["unit"]) or _GOAL_VALUE.search(left) is not None)


def _is_score(words: str) -> bool:
    return re.fullmatch(r"[01]?[.,]\d{1,2}", words) is not None and read_score(words) is not None


def _last_number(left: str) -> re.Match[str] | None:
    return next(iter([*_NUMBER.finditer(left)][-1:]), None)


def _is_target(left: str, number: re.Match[str], *, or_limit: bool) -> bool:
    """Whether a number is a target already, and no start value."""
    lead = left[: number.start()]
    if _BEHIND_ARROW.search(lead):
        return True
    is_goal = _BEHIND_GOAL.search(lead) or (or_limit and _BEHIND_LIMIT.search(lead))
    return bool(is_goal) and not left[number.end() :].strip()
