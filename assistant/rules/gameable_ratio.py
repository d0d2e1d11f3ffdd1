"""K7: a ratio that improves by shedding volume"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_key_results
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result that the trained head finds guilty."""
    yield from flag_key_results(
        subject,
        "K7",
        "The ratio also improves when volume or the hard cases are shed; nothing in the set guards against that.",
    )


RULE = Rule(
    code="K7",
    slug="gameable-ratio",
    kind="J",
    group="key-result",
    title="Gameable ratio",
    severity="info",
    fires_when="A ratio or average improves by shedding volume or hard cases, with no guard in the set.",
    why="The quickest way to a better average is fewer difficult cases.",
    authority="Goodhart's law; Muller (The Tyranny of Metrics)",
    question="What would stop you from reaching it by turning away the hard cases?",
    prompt="Is it a ratio or average that improves by turning away volume or hard cases, and does no other key result guard the volume?",
    examples=(
        Example(
            text="Average handling time from 9 to 6 minutes",
            fires=True,
            objective="Support answers well",
        ),
        Example(
            text="Share of bids won from 24 % to 35 %",
            fires=True,
            objective="Win more tenders",
        ),
        Example(
            text="Bids won from 31 to 45 a quarter",
            fires=False,
            objective="Win more tenders",
        ),
        Example(
            text="Repairs finished on the promised day, all depots, from 64 % to 82 %",
            fires=False,
        ),
    ),
    held_out=(
        Example(
            text="Average stay from 6.1 to 5.2 days",
            fires=True,
            objective="Patients get home safely",
        ),
        Example(
            text="Mean margin per order from 18 % to 22 %",
            fires=True,
            objective="Healthy growth",
        ),
        Example(
            text="Calls solved from 410 to 600 a week",
            fires=False,
            objective="Support answers well",
        ),
        Example(text="Zero patients sent home without a plan", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_for_guard,
    rewrite=key_results.with_guard,
)
