"""S4: nothing to steer by before the period ends"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_set
from assistant.rules.rewrites import sets


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the set where the trained head finds it guilty."""
    yield from flag_set(
        subject,
        "S4",
        "Every measure arrives when the period is over; there is nothing to steer by on the way.",
    )


RULE = Rule(
    code="S4",
    slug="lagging-only",
    kind="J",
    group="set",
    title="Lagging only",
    severity="info",
    fires_when="There is nothing the team can steer by before the period ends, or there are leading signals only and no result.",
    why="When the result is known it is too late to act on it.",
    authority="McChesney (lead and lag measures)",
    question="Which number would move in the first three weeks if you are on the right way?",
    prompt="Are all key results only known at the end (annual figures, revenue, audits)? Or all early signals with no result?",
    examples=(
        Example(
            objective="Fleets renew with us",
            key_results=(
                "Annual renewal rate from 71 % to 85 %",
                "Yearly revenue per fleet from 41k to 48k EUR",
            ),
            fires=True,
        ),
        Example(
            objective="Fleets renew with us",
            key_results=(
                "Annual renewal rate from 71 % to 85 %",
                "Fleets with a service review in the last 60 days from 20 % to 70 %",
            ),
            fires=False,
        ),
    ),
    held_out=(
        Example(
            objective="A healthier budget year",
            key_results=("Year-end result from -2.1M to 0 EUR",),
            fires=True,
        ),
        Example(
            objective="A healthier budget year",
            key_results=(
                "Year-end result from -2.1M to 0 EUR",
                "Invoices sent within 5 days from 40 % to 90 % each week",
            ),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_for_sign,
    rewrite=sets.leading_sign,
)
