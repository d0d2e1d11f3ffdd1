"""S9: nothing says when the team would look again, or what would change its course."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.dates import find_deadlines
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import sets

_LOOK_AGAIN = re.compile(
    r"\b(?:check[- ]?(?:in|point)s?|mid[- ]?(?:cycle|quarter|term)|review(?:ed)? (?:in|by|on|after|every|weekly|monthly)"
    r"|weekly|fortnightly|monthly|every (?:week|two weeks|month|sprint)|if .{3,60}(?:we|then|stop)"
    r"|stop if|kill criteri\w+|go/no-go|decision (?:by|in|on)|assum(?:e|es|ing|ption)\w*|baseline .{0,30}set by)\b",
    re.IGNORECASE,
)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag a set in which no text or note speaks of looking again."""
    objective = subject.objective
    texts = [objective.text, *objective.notes]
    for item in objective.key_results:
        texts.extend((item.text, *item.notes))
    if any(_LOOK_AGAIN.search(text) for text in texts):
        return
    deadlines = sum(1 for text in texts if next(iter(find_deadlines(text)), None))
    if deadlines > 1:
        return
    yield Flag(
        on="set",
        span=None,
        message="Nothing says when you would look again, or what would make you change course.",
        confidence=0.6,
    )


RULE = Rule(
    code="S9",
    slug="no-check-point",
    kind="J",
    group="set",
    title="No check-point",
    severity="info",
    fires_when="Nothing says when the team would look again, or what would make it change course.",
    why="OKRs assume that the world stands still for a quarter. A date to look again, and the assumption "
    "that could fail, make it cheap to be wrong.",
    authority="Strategy under uncertainty (McGrath: discovery-driven planning)",
    question="When will you look again, and which sign would make you change course?",
    prompt="Does the draft rest on a bet that could plainly fail within the cycle, while nothing says when the "
    "team looks again or what would make it change course? Ordinary work needs no check point.",
    examples=(
        Example(
            objective="Fleets book online",
            key_results=("Repairs booked online from 12 % to 35 %",),
            fires=True,
        ),
        Example(
            objective="Fleets book online",
            key_results=(
                "Repairs booked online from 12 % to 35 %; stop if under 18 % by 15 August",
            ),
            fires=False,
        ),
    ),
    held_out=(
        Example(objective="Nurses stay", key_results=("Leavers from 22 % to 14 %",), fires=True),
        Example(
            objective="Nurses stay",
            key_results=("Leavers from 22 % to 14 %, reviewed monthly with the wards",),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_for_check_point,
)
