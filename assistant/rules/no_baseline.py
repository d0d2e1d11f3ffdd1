"""K3: a rate, level or change with no start value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.blanks import BASELINE
from assistant.language.parse import states_unknown_baseline
from assistant.language.verbs import find_delivery
from assistant.models import KeyResult
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import key_results
from assistant.rules.rewrites.unfilled import unfilled

_FROM_ZERO = re.compile(
    r"\b(?:new|first|additional|extra|sign(?:ed)?|win|won|acquire[d]?|close[d]?|land(?:ed)?)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:zero|no|none|never|every|all|any|each|uptime|availability)\b|\b(?:0|100)\s?%"
    r"|\b99(?:[.,]\d+)?\s?%",
    re.IGNORECASE,
)
_NAMES_ITS_START = re.compile(
    r"\b(?:now|today|currently|as before|of (?:today|now)|last (?:year|quarter|month|week|time|spring"
    r"|summer|autumn|winter|season|term)|yesterday|so far|on average)\b|\b\d+ ?(?:of|/|out of) ?(?:the )?\d+\b"
    r"|\bas (?:in|of|many as)\b|'s \d|\b(?:past|last|previous) \d+\b|\b(?:twice|thrice)\b(?! (?:as|the|its|their|our)\b)|\w+ of (?:the )?(?:two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|fifteen|eighteen|twenty)\b|\d[\d.,]*\s?[^\W\d]{0,6}\s*%?\s*(?:->|=>|→|to)\s*\D{0,3}\d",
    re.IGNORECASE,
)
"""A start value in other words, or a count out of a whole."""

_CEILING = re.compile(
    r"\b(?:stays?|staying|remains?|keeps?|kept|holds?|not|never)\s+(?:\w+\s+)?(?:under|below|above|over"
    r"|within|at|beyond|more than|longer than)\b|\bat (?:the )?most\b|\bno (?:more|longer|later) than\b",
    re.IGNORECASE,
)
"""What must not be crossed is a guard; its level today is not the point."""

_LEVEL_UNITS = {"%", "percent", "per cent", "points", "pts", "pp", "bps", "x"}
_CHANGE = re.compile(
    r"\b(?:reduc\w+|increas\w+|rais\w+|lower\w*|cut\w*|grow\w*|improv\w+|shorten\w*|doubl\w+"
    r"|halv\w+|tripl\w+|decreas\w+|lift\w*|boost\w*|drop\w*|rate|share|ratio|average|avg|median"
    r"|mean|score|index|e?nps|csat|pulse|satisfaction|maturity|quality|accuracy|latency|response|mt[bt][fdr]|time|duration|churn|retention|conversion|margin|cost|level)\b",
    re.IGNORECASE,
)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the target of each key result that measures a level or change from nowhere."""
    for position, key_result in enumerate(subject.objective.key_results, start=1):
        target = key_result.measure.target
        blank = unfilled(f"kr:{position}", key_result.text, only=BASELINE)
        if blank and target:
            yield blank
            continue
        if target is None or not _needs_baseline(key_result):
            continue
        yield Flag(
            on=f"kr:{position}",
            span=target.span,
            message=f"{target.span.text!r} is a target with no start value, "
            "so nobody can tell how far away it is.",
            confidence=0.9,
        )


def _needs_baseline(key_result: KeyResult) -> bool:
    text, measure = key_result.text, key_result.measure
    if measure.baseline or states_unknown_baseline(text):
        return False
    if measure.direction == "hold" or _LIMIT.search(text) or find_delivery(text):
        return False
    if _NAMES_ITS_START.search(text) or _CEILING.search(text):
        return False
    if measure.unit in _LEVEL_UNITS:
        return True
    return _CHANGE.search(text) is not None and not _FROM_ZERO.search(text)


RULE = Rule(
    code="K3",
    slug="no-baseline",
    kind="L",
    group="key-result",
    title="No baseline",
    severity="warning",
    fires_when="A rate, level or change has no start value. Not for counts from zero, absolute "
    "limits (zero, 100 %, an uptime figure) or an explicit 'baseline unknown, set by DATE'.",
    why="A target without a start cannot be judged: it may be heroic, or already met.",
    authority="Common practice: from X to Y by when",
    question="Where does it stand today, and where is that number kept?",
    prompt="Does the key result state a rate, level or change without its value today? "
    "Counts from zero, absolute limits and an explicitly unknown baseline are fine.",
    examples=(
        Example(text="Raise first-visit fix rate to 75 %", fires=True),
        Example(text="Reduce warranty cost by 20 %", fires=True),
        Example(text="Raise first-visit fix rate from 62 % to 75 %", fires=False),
        Example(text="Sign 12 new pharma hauliers", fires=False, note="counts from zero"),
    ),
    held_out=(
        Example(text="Dealer NPS at 45", fires=True),
        Example(text="Average dwell time under 3 days", fires=True),
        Example(text="Zero cold-chain breaks on pharma routes", fires=False),
        Example(text="Booking rate to 40 %, baseline unknown, set by 15 May", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_for_baseline,
    rewrite=key_results.with_baseline,
)
