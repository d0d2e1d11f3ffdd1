"""O9: two separable aims in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.models import Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import objectives

_JOINT = re.compile(r"\s(?:and|&|as well as|plus|while also|und)\s|;\s|\s/\s|\s\+\s", re.IGNORECASE)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the word that joins two aims, where the trained head finds them separable."""
    text = subject.objective.text
    joint = _JOINT.search(text)
    probability = subject.score("O9", "objective")
    if joint is None or probability is None:
        return
    yield Flag(
        on="objective",
        span=Span.of(text, joint.start() + 1, len(text)),
        message="Two aims in one: one could succeed while the other fails.",
        confidence=probability,
    )


RULE = Rule(
    code="O9",
    slug="compound-objective",
    kind="J",
    group="objective",
    title="Compound objective",
    severity="info",
    fires_when="Two separable aims stand in one objective.",
    why="The easier half gets done, and the score hides which one.",
    authority="Common practice: one objective, one aim",
    question="If you could reach only one half this cycle, which one?",
    prompt="Does it hold two aims that could succeed or fail apart? A list of means, or two sides of one "
    "state, is one aim.",
    examples=(
        Example(text="Grow aftermarket sales and rebuild the trainee programme", fires=True),
        Example(text="Win pharma hauliers and cut warehouse cost", fires=True),
        Example(text="Fast and friendly answers for night drivers", fires=False),
        Example(text="Parts and labour on one invoice", fires=False),
    ),
    held_out=(
        Example(text="Shorten waiting times and renew the accreditation", fires=True),
        Example(text="Increase donations and improve volunteer retention", fires=True),
        Example(text="Safe and early discharge after hip surgery", fires=False),
        Example(text="Search and rescue teams reach climbers in time", fires=False),
    ),
    detect=detect,
    ask=objectives.ask_which_half,
    rewrite=objectives.first_of_two,
)
