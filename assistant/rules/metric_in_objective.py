"""O2: the objective's own text carries the target number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.quantities import find_quantities
from assistant.language.verbs import leading_verb
from assistant.models import Quantity, Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import objectives

_GOAL_UNITS = {"%", "percent", "$", "€", "£", "EUR", "USD", "GBP", "x", "points", "pp"}
_CONFIDENCE = re.compile(r"\b(?:confiden\w+|conf|sure)\b", re.IGNORECASE)
_LEADS_TO_TARGET = re.compile(
    r"(?:\b(?:to|by|from|under|over|above|below|least|most|than|reach|win|gain|sign|add|save|hit)"
    r"|[<>≤≥=:]|->|→)\s*[^\w\s]?$",
    re.IGNORECASE,
)


_OPENS = re.compile(r"(?:\w+\s+)?(?:the\s+)?[^\w\s]?")
"""A count at the start or behind the first verb is what shall be done: "Buy 12 electric trucks"."""

_FRACTION = re.compile(
    r"^(?:halve|double|triple|quadruple)\b|\b(?:half|a third|a quarter|a fifth|a tenth)\s"
    r"(?:less|more|fewer)\b|\b(?:half|a third|two thirds|a tenth) of\b",
    re.IGNORECASE,
)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the first quantity written in digits; dates and names are no quantities."""
    text = subject.objective.text
    quantity = next((item for item in find_quantities(text) if _is_target(text, item)), None)
    found = quantity.span if quantity else _fraction(text)
    if found is None:
        return
    yield Flag(
        on="objective",
        span=Span.of(text, found.start, found.end),
        message=f"The objective carries the number {found.text!r}; "
        "the number belongs in a key result.",
    )


def _is_target(text: str, quantity: Quantity) -> bool:
    start, end = quantity.span.start, quantity.span.end
    if not any(character.isdigit() for character in quantity.span.text):
        return False
    if _CONFIDENCE.search(text[max(0, start - 20) : end + 12]):
        return False
    before = text[:start]
    return (
        quantity.unit in _GOAL_UNITS
        or _LEADS_TO_TARGET.search(before) is not None
        or (_OPENS.fullmatch(before) is not None and _counts(text, start))
    )


def _counts(text: str, start: int) -> bool:
    """Whether what stands before a number is nothing, or a verb: not "LIMS 8"."""
    verb = leading_verb(text)
    return start == 0 or (verb is not None and verb.start == 0)


def _fraction(text: str) -> Span | None:
    found = _FRACTION.search(text)
    return Span.of(text, found.start(), found.end()) if found else None


RULE = Rule(
    code="O2",
    slug="metric-in-objective",
    kind="L",
    group="objective",
    title="Metric in the objective",
    severity="info",
    fires_when="The objective's own text carries the target number. Dates and names do not count.",
    why="With the number in the objective the team optimises the number; "
    "the change it stands for, and the key results that would show it, stay unsaid.",
    authority="Common practice (Doerr, Wodtke); some authorities allow it, hence advisory",
    question="Which change should the number show, in words a colleague would repeat?",
    prompt="Does the objective's own text state a target number? "
    "Years, quarters, product names and counts that only describe do not count.",
    examples=(
        Example(text="Grow monthly recurring revenue to $2M", fires=True),
        Example(text="Reach 40 % of first-time buyers ordering again", fires=True),
        Example(text="First-time buyers come back for a second order", fires=False),
        Example(text="Be ready for the 2027 tachograph regulation", fires=False, note="a year"),
    ),
    held_out=(
        Example(text="Cut onboarding time by 30%", fires=True),
        Example(text="Win 25 hospitals in the north", fires=True),
        Example(text="Pass ISO 27001 without slowing releases", fires=False),
        Example(text="Make 24/7 support bearable for the night shift", fires=False),
    ),
    any_language=True,
    detect=detect,
    ask=objectives.ask_for_change,
    rewrite=objectives.without_number,
)
