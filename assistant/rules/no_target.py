"""K2: a key result with no quantity that could be graded."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.blanks import BASELINE, find_blanks
from assistant.language.quantities import find_quantities
from assistant.models import Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import is_legitimate
from assistant.rules.rewrites import key_results
from assistant.rules.rewrites.unfilled import unfilled


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result in which no gradable quantity stands."""
    for position, key_result in enumerate(subject.objective.key_results, start=1):
        text = key_result.text
        is_open = any(item.text != BASELINE for item in find_blanks(text))
        if is_open and (blank := unfilled(f"kr:{position}", text)):
            yield blank
            continue
        if key_result.measure.target or next(find_quantities(text), None):
            continue
        if is_legitimate(subject, text):
            continue
        yield Flag(
            on=f"kr:{position}",
            span=Span.of(text, 0, len(text)),
            message="There is no quantity in it, so at the end of the cycle two people would "
            "score it differently.",
        )


RULE = Rule(
    code="K2",
    slug="no-target",
    kind="L",
    group="key-result",
    title="No target",
    severity="warning",
    fires_when="It holds no quantity that could be graded.",
    why="Without a quantity the score is an opinion, and the discussion at the end of the cycle "
    "is about words.",
    authority="Grove: a key result is measurable, with no argument at the end",
    question="What would you count or measure, and from which value to which value?",
    prompt="Does the key result hold a quantity (number, share, multiple, zero, every) against which it "
    "could be graded? Dates, names and version numbers are no quantities.",
    examples=(
        Example(text="Improve dealer satisfaction", fires=True),
        Example(text="Publish the pricing guide by 30 June", fires=True, note="only a date"),
        Example(text="Dealer satisfaction from 3.4 to 4.2", fires=False),
        Example(text="Zero cold-chain breaks on pharma routes", fires=False),
    ),
    held_out=(
        Example(text="Better hand-over between the shifts", fires=True),
        Example(text="ISO 14001 audit passed in Q3", fires=True),
        Example(text="Every depot answers within one hour", fires=False),
        Example(text="Double the share of repairs booked online", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_for_measure,
    rewrite=key_results.with_measure,
)
