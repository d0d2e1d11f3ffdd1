"""K11: the owner cannot plausibly move it within the cycle"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_key_results
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result that the trained head finds guilty."""
    yield from flag_key_results(
        subject,
        "K11",
        "The team cannot plausibly move it by itself within the cycle.",
    )


RULE = Rule(
    code="K11",
    slug="not-influenceable",
    kind="J",
    group="key-result",
    title="Not influenceable",
    severity="info",
    fires_when="The owner cannot plausibly move it within the cycle.",
    why="A number that others move teaches the team nothing and blames or praises it by luck.",
    authority="Castro, Wodtke: within the team's reach",
    question="Which part of this number moves when only your team acts?",
    prompt="Could the owner move it within the cycle? Share prices, market size, national figures and company totals owned by a small team are out of reach.",
    examples=(
        Example(text="Company share price from 41 to 50 EUR", fires=True),
        Example(text="National diesel price below 1.50 EUR", fires=True),
        Example(text="Depot overtime hours from 1,900 to 1,200 a month", fires=False),
        Example(text="Quote-to-order time from 12 to 7 days", fires=False),
    ),
    held_out=(
        Example(text="Unemployment in the region from 6.2 % to 5 %", fires=True),
        Example(
            text="Group EBIT from 8 % to 10 %",
            fires=True,
            objective="Intranet search works",
        ),
        Example(
            text="Searches without a click from 45 % to 25 %",
            fires=False,
            objective="Intranet search works",
        ),
        Example(text="Missed appointments from 14 % to 9 %", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_for_own_part,
)
