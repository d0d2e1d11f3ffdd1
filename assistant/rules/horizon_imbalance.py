"""S5: short-term key results crowd out a multi-period aim"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_set
from assistant.rules.rewrites import sets


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the set where the trained head finds it guilty."""
    yield from flag_set(
        subject,
        "S5",
        "The aim spans several periods; its key results only cover the next weeks.",
    )


RULE = Rule(
    code="S5",
    slug="horizon-imbalance",
    kind="J",
    group="set",
    title="Horizon imbalance",
    severity="info",
    fires_when="Short-term key results crowd out a multi-period aim.",
    why="Quarter after quarter the urgent wins, and the long aim starts later and later.",
    authority="Kaplan and Norton; horizon balance",
    question="Which early evidence of the long aim could you see this cycle?",
    prompt="Does the objective aim beyond this cycle while every key result is a quick gain that does not build towards it?",
    examples=(
        Example(
            objective="Be the depot network of choice for electric fleets by 2030",
            key_results=("Discount campaign brings 40 orders in May",),
            fires=True,
        ),
        Example(
            objective="Be the depot network of choice for electric fleets by 2030",
            key_results=(
                "Depots that can service e-trailers from 2 to 6",
                "E-fleets with a 5-year contract from 0 to 3",
            ),
            fires=False,
        ),
    ),
    held_out=(
        Example(
            objective="A carbon-neutral hospital by 2032",
            key_results=("Save 20k EUR on paper towels this quarter",),
            fires=True,
        ),
        Example(
            objective="A carbon-neutral hospital by 2032",
            key_results=("Heat use per square metre from 190 to 175 kWh a year",),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_for_step,
)
