"""K9: the target is at or barely beyond the stated start, or already met."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.models import KeyResult
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.reversed_target import wanted_direction
from assistant.rules.rewrites import key_results

_BARELY = 0.025
"""Relative change up to which a move counts as barely any (label guideline)."""

_ALREADY = re.compile(r"\balready (?:at|met|reached|there|done)\b", re.IGNORECASE)
_LIMIT_UNITS = {"%", "percent"}
_NEAR_PERFECT = 99.0
"""Above this share, even a small step removes a large part of what is missing."""


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each target that lies within two percent of its start, or is said to be met."""
    for position, key_result in enumerate(subject.objective.key_results, start=1):
        target = key_result.measure.target
        if target is None or not _is_soft(key_result):
            continue
        yield Flag(
            on=f"kr:{position}",
            span=target.span,
            message=f"{target.span.text!r} is at or barely beyond the start.",
            confidence=0.85,
        )


def _is_soft(key_result: KeyResult) -> bool:
    baseline, target = key_result.measure.baseline, key_result.measure.target
    if _ALREADY.search(key_result.text):
        return True
    if baseline is None or target is None or baseline.unit != target.unit or not baseline.value:
        return False
    if baseline.value == target.value or _goes_back(key_result):
        return False
    if target.unit in _LIMIT_UNITS and max(baseline.value, target.value) >= _NEAR_PERFECT:
        return False
    return abs(target.value - baseline.value) / abs(baseline.value) <= _BARELY


def _goes_back(key_result: KeyResult) -> bool:
    baseline, target = key_result.measure.baseline, key_result.measure.target
    wanted = wanted_direction(key_result.text, key_result.measure.metric)
    if baseline is None or target is None or wanted is None:
        return False
    return (target.value > baseline.value) != (wanted[0] == "increase")


RULE = Rule(
    code="K9",
    slug="sandbagged",
    kind="L",
    group="key-result",
    title="Sandbagged",
    severity="info",
    fires_when="The target is at or barely beyond the stated start, or already met.",
    why="A safe target is a sign that a miss would be punished, and it buys no change.",
    authority="Doerr, Castro: aspiration and safety",
    question="What would you aim for if missing it had no consequence for anyone?",
    prompt="Is the target barely beyond the stated start (under about 2 % relative change), or already met? Safety limits "
    "and availability figures are fine.",
    examples=(
        Example(text="Repairs on the promised day from 82 % to 83 %", fires=True),
        Example(text="Dealer NPS at 40, already met", fires=True),
        Example(text="Repairs on the promised day from 64 % to 82 %", fires=False),
        Example(
            text="Cold chain unbroken from 99.2 % to 99.6 %", fires=False, note="near the limit"
        ),
    ),
    held_out=(
        Example(text="Turnover per shop from 510k to 515k EUR", fires=True),
        Example(text="Raise attendance from 90 % to 91 %", fires=True),
        Example(text="Turnover per shop from 510k to 560k EUR", fires=False),
        Example(text="Uptime from 99.90 % to 99.95 %", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_for_ambition,
    rewrite=key_results.with_open_target,
)
