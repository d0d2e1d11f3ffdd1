"""S2: all key results at 1.0 could leave the objective unmet"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_set
from assistant.rules.rewrites import sets


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the set where the trained head finds it guilty."""
    yield from flag_set(
        subject,
        "S2",
        "All key results could be met while the objective is not.",
    )


RULE = Rule(
    code="S2",
    slug="insufficient",
    kind="J",
    group="set",
    title="Insufficient",
    severity="info",
    fires_when="All key results at 1.0 could leave the objective unmet.",
    why="The score says success, and the thing you wanted has not happened.",
    authority="Doerr: necessary and sufficient key results",
    question="Imagine all key results met and the objective not: what happened? Measure that.",
    prompt="With every key result at 1.0, is an essential part of the objective still measured by nothing? "
    "A measure that is weak, late or only near it is no reason.",
    examples=(
        Example(
            objective="Pharma hauliers choose us over Nordkalt",
            key_results=("Answer tenders within 5 days",),
            fires=True,
        ),
        Example(
            objective="Pharma hauliers choose us over Nordkalt",
            key_results=(
                "Pharma tenders won against Nordkalt from 3 to 8 in 10",
                "Pharma renewals from 71 % to 85 %",
            ),
            fires=False,
        ),
    ),
    held_out=(
        Example(
            objective="Nurses stay with us",
            key_results=("Coffee corner on every ward",),
            fires=True,
        ),
        Example(
            objective="Nurses stay with us",
            key_results=(
                "Nurses leaving within a year from 22 % to 14 %",
                "Shifts covered by agency from 18 % to 9 %",
            ),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_what_is_missing,
)
