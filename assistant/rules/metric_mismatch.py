"""K8: it measures something else than its objective"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_key_results
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result that the trained head finds guilty."""
    yield from flag_key_results(
        subject,
        "K8",
        "It measures something else than its objective.",
    )


RULE = Rule(
    code="K8",
    slug="metric-mismatch",
    kind="J",
    group="key-result",
    title="Metric mismatch",
    severity="info",
    fires_when="It measures something else than its objective.",
    why="The team will move the number, and the objective stays where it is.",
    authority="Doerr: key results are the evidence of the objective",
    question="If this number moved and nothing else, would you say the objective is closer?",
    prompt="Would moving this number be evidence for this objective? Fire if it measures something else, however good the number is.",
    examples=(
        Example(
            text="Cost per hire from 4,100 to 3,200 EUR",
            fires=True,
            objective="New mechanics stay beyond their first winter",
        ),
        Example(
            text="Newsletter subscribers from 4k to 9k",
            fires=True,
            objective="Depots keep their repair dates",
        ),
        Example(
            text="Mechanics leaving in year one from 31 % to 18 %",
            fires=False,
            objective="New mechanics stay beyond their first winter",
        ),
        Example(
            text="Repairs finished on the promised day from 64 % to 82 %",
            fires=False,
            objective="Depots keep their repair dates",
        ),
    ),
    held_out=(
        Example(
            text="Lines of code per sprint from 900 to 1,400",
            fires=True,
            objective="Releases stop breaking the night shift",
        ),
        Example(
            text="Square metres cleaned per hour from 210 to 260",
            fires=True,
            objective="Patients feel safe on the ward",
        ),
        Example(
            text="Incidents after a release from 7 to 2 a month",
            fires=False,
            objective="Releases stop breaking the night shift",
        ),
        Example(
            text="Falls per 1,000 bed days from 5.1 to 3.5",
            fires=False,
            objective="Patients feel safe on the ward",
        ),
    ),
    detect=detect,
    ask=key_results.ask_for_link,
)
