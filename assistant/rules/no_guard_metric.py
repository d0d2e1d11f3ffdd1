"""S3: growth, speed, volume or cost with nothing to guard against harm"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_set
from assistant.rules.rewrites import sets


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the set where the trained head finds it guilty."""
    yield from flag_set(
        subject,
        "S3",
        "It pushes growth, speed, volume or cost, and nothing in the set would show the harm.",
    )


RULE = Rule(
    code="S3",
    slug="no-guard-metric",
    kind="J",
    group="set",
    title="No guard metric",
    severity="info",
    fires_when="A growth, speed, volume or cost key result has no quality or harm measure beside it.",
    why="What is pushed without a guard is paid for elsewhere, usually by customers or by the next team.",
    authority="Grove: pair indicators",
    question="What must not get worse while you push this, and how would you see it?",
    prompt="Does the set push growth, speed, volume or cost with no measure of quality or harm beside it?",
    examples=(
        Example(
            objective="Depots turn trailers around faster",
            key_results=(
                "Median repair time from 9 to 5 days",
                "Repairs per mechanic from 3 to 5 a day",
            ),
            fires=True,
        ),
        Example(
            objective="Depots turn trailers around faster",
            key_results=(
                "Median repair time from 9 to 5 days",
                "Repairs that come back within 30 days stay under 4 %",
            ),
            fires=False,
        ),
    ),
    held_out=(
        Example(
            objective="Lower the cost of a hospital night",
            key_results=("Cost per bed day from 610 to 540 EUR",),
            fires=True,
        ),
        Example(
            objective="Lower the cost of a hospital night",
            key_results=(
                "Cost per bed day from 610 to 540 EUR",
                "Readmissions within 30 days not above 8 %",
            ),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_for_guard,
    rewrite=sets.guard,
)
