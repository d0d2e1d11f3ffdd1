"""O10: no owner named."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import objectives


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag an objective without an owner, in a draft where some element has one."""
    objective = subject.objective
    if objective.owner or any(item.owner for item in objective.key_results):
        return
    yield Flag(
        on="objective",
        span=Span.of(objective.text, 0, len(objective.text)),
        message="No owner is named.",
    )


RULE = Rule(
    code="O10",
    slug="no-owner",
    kind="L",
    group="objective",
    title="No owner",
    severity="info",
    fires_when="No owner is named.",
    why="What everybody owns is nobody's to raise when it slips.",
    authority="Common practice: one owner an objective",
    question="Who will bring this up first when it slips?",
    prompt="Is no owner named anywhere in the draft?",
    examples=(
        Example(text="Depots keep their repair dates", fires=True),
        Example(text="Depots keep their repair dates", owner="Mia Brandt", fires=False),
    ),
    held_out=(
        Example(text="Nurses trust the new rota", fires=True),
        Example(text="Nurses trust the new rota", owner="Ward lead", fires=False),
    ),
    any_language=True,
    detect=detect,
    ask=objectives.ask_for_owner,
)
