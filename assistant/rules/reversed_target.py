"""K10: the target moves against the stated direction, or equals the baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.polarity import polarity
from assistant.language.segments import find_guard
from assistant.models import KeyResult, Span, shortened
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import key_results

_GUARDED = re.compile(
    r"\b(?:not (?:above|below|over|under|more|less|longer)|no (?:more|less|longer|fewer)|at most"
    r"|at least|stays?|remains?|keeps?|today's|current|at present|now|one in \w+)\b|\d+ of \d+(?= [a-z])",
    re.IGNORECASE,
)
"""A level that is held is a guard; it may well equal the start."""

_SLIP = 0.25
"""Relative change up to which a wrong way is a slip; a larger one is rather our misreading of
what is better."""

_PLAIN = re.compile(
    r"\b(?:e?nps|csat|satisfaction|churn|errors?|complaints|defects?|failures?|incidents|rejected|bounced"
    r"|drop-?outs?|waiting|missed|missing|loss(?:es)?|late|broken|downtime|outages?|accidents?"
    r"|injuries|scrap|rework|absences?|backlog|vulnerabilities|overdue"
    r"|improv\w+|better|lower|calmer|trend down|good cut)\b",
    re.IGNORECASE,
)
"""Measures of which everybody knows the better way; of others a misreading would be an error."""

_COMPARES = re.compile(r"[<>≤≥]|\b(?:up|down)\b", re.IGNORECASE)
_DOWN = re.compile(r"reduc|cut|lower|decreas|shorten|shrink|minimi|down", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:reduc|(?<!no )(?<!or )lower(?=\s)|decreas|shorten|shrink|minimi[sz]|increas|rais(?:e|ing)\b|boost)\w*|\bgrow(?:s|n|ing)?\b|(?<!-)(?<!hang )(?<!sign )(?<!sent )\b(?:up|down)\b"
    r"(?= (?:from|to)\b)|^(?:cut|lift)\b",
    re.IGNORECASE,
)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each target on the wrong side of its baseline."""
    for position, key_result in enumerate(subject.objective.key_results, start=1):
        reason = _against(key_result)
        target = key_result.measure.target
        if reason is None or target is None:
            continue
        yield Flag(on=f"kr:{position}", span=target.span, message=reason, confidence=0.95)


def _against(key_result: KeyResult) -> str | None:
    text, measure = key_result.text, key_result.measure
    baseline, target = measure.baseline, measure.target
    if baseline is None or target is None or baseline.unit != target.unit:
        return None
    if measure.direction == "hold" or find_guard(text) or _GUARDED.search(text):
        return None
    if baseline.value == target.value:
        return f"The target {target.span.text!r} equals the start {baseline.span.text!r}."
    rises = target.value > baseline.value
    wanted = wanted_direction(text, measure.metric)
    if wanted is None or rises == (wanted[0] == "increase"):
        return None
    if not _VERB.search(text) and abs(target.value - baseline.value) > _SLIP * abs(baseline.value):
        return None
    return (
        f"{shortened(wanted[1], 60)!r} and the way from {baseline.span.text!r} to "
        f"{target.span.text!r} contradict each other."
    )


def wanted_direction(text: str, metric: Span | None) -> tuple[str, str] | None:
    """Where a key result should go, by its verb or else by what it measures.

    Returns:
        ``increase`` or ``decrease`` with the words that say so, or None where nothing does.
    """
    verb = _VERB.search(text)
    if verb:
        return ("decrease" if _DOWN.match(verb.group()) else "increase"), verb.group()
    better = polarity(metric.text) if metric else None
    if metric is None or better is None or _COMPARES.search(text) or not _PLAIN.search(text):
        return None
    return ("increase" if better == "higher" else "decrease"), metric.text


RULE = Rule(
    code="K10",
    slug="reversed-target",
    kind="L",
    group="key-result",
    title="Reversed target",
    severity="error",
    fires_when="The target moves against the stated direction, or equals the baseline.",
    why="Somebody will act on the number, somebody else on the word.",
    authority="Consistency of the draft itself",
    question="Which one is meant: the direction in words, or the two numbers?",
    prompt="Does the target lie on the wrong side of the baseline for the stated verb, or equal it?",
    examples=(
        Example(text="Raise dealer NPS from 40 to 35", fires=True),
        Example(text="Churn from 4 % to 4 %", fires=True),
        Example(text="Reduce churn from 4 % to 3 %", fires=False),
        Example(text="Raise dealer NPS from 35 to 40", fires=False),
    ),
    held_out=(
        Example(text="Cut waiting time from 12 to 15 days", fires=True),
        Example(text="Increase on-time discharges from 80 % to 72 %", fires=True),
        Example(text="Waiting time from 15 to 12 days", fires=False),
        Example(text="Increase on-time discharges from 72 % to 80 %", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_which_way,
    rewrite=key_results.consistent,
)
