"""K4: unit, population or window undefined"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_key_results
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result that the trained head finds guilty."""
    yield from flag_key_results(
        subject,
        "K4",
        "Its unit, population or time window is open, so two people would grade it differently.",
    )


RULE = Rule(
    code="K4",
    slug="ambiguous-metric",
    kind="J",
    group="key-result",
    title="Ambiguous metric",
    severity="info",
    fires_when='Unit, population or window is undefined in a way that changes the grading ("1M users": ever, or in seven days?).',
    why="A number with an open definition can be met by choosing the definition at the end.",
    authority="Goodhart and measurement practice: define before you count",
    question="Who or what is counted, over which period, and in which unit?",
    prompt="Could two careful people grade it differently because the unit, the counted population or the time window is open? Common measures of a field need no definition.",
    examples=(
        Example(text="Reach 1M users", fires=True, note="ever, or in a week?"),
        Example(text="Engagement at 40", fires=True),
        Example(text="Weekly active dispatchers from 310 to 500", fires=False),
        Example(text="Repairs finished on the promised day from 64 % to 82 %", fires=False),
    ),
    held_out=(
        Example(text="Activity up to 300", fires=True),
        Example(text="Quality score of 8", fires=True),
        Example(text="Patients seen within 4 hours from 71 % to 85 %", fires=False),
        Example(text="Monthly paying members from 1,900 to 2,600", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_who_counts,
)
