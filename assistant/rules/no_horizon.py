"""O7: neither the element nor its cycle gives a time."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.blanks import WHEN
from assistant.language.dates import find_deadlines
from assistant.models import Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import objectives
from assistant.rules.rewrites.unfilled import unfilled


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag an objective when cycle, horizon and every text are without a time."""
    objective = subject.objective
    if blank := unfilled("objective", objective.text, only=WHEN):
        yield blank
        return
    if objective.cycle_id or objective.horizon:
        return
    if any(next(iter(find_deadlines(text)), None) for text in objective.texts):
        return
    yield Flag(
        on="objective",
        span=Span.of(objective.text, 0, len(objective.text)),
        message="Neither the draft nor its cycle says by when.",
    )


RULE = Rule(
    code="O7",
    slug="no-horizon",
    kind="L",
    group="objective",
    title="No horizon",
    severity="info",
    fires_when="Neither the element nor its cycle gives a time.",
    why="Without a time nothing is late, and short and long aims cannot be balanced.",
    authority="Common practice: an OKR belongs to a cycle",
    question="Which cycle is this for, and by when would you know?",
    prompt="Is there neither a cycle nor any date or period in the draft?",
    examples=(
        Example(text="Depots keep their repair dates", fires=True),
        Example(text="Depots keep their repair dates by the end of 2027", fires=False),
    ),
    held_out=(
        Example(text="Nurses trust the new rota", fires=True),
        Example(text="Nurses trust the new rota before Q3 2027", fires=False),
    ),
    detect=detect,
    ask=objectives.ask_for_date,
    rewrite=objectives.with_date,
)
