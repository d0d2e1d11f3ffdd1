"""S7: committed, aspirational or learning is not stated."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import sets


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag an objective that states no type."""
    if subject.objective.kind is not None:
        return
    yield Flag(
        on="set",
        span=None,
        message="It is not said whether this is committed, aspirational or a learning OKR.",
    )


RULE = Rule(
    code="S7",
    slug="type-undeclared",
    kind="L",
    group="set",
    title="Type undeclared",
    severity="info",
    fires_when="Committed, aspirational or learning is not stated.",
    why="0.7 is a success for an aspiration and a failure for a commitment; readers must know which.",
    authority="Doerr (committed and aspirational), Torres (learning)",
    question="Would 0.7 be a good result here, or a broken promise?",
    prompt="Is no type (committed, aspirational, learning) stated in the draft?",
    examples=(
        Example(objective="Depots keep their repair dates", fires=True),
        Example(objective="Depots keep their repair dates", declared="committed", fires=False),
    ),
    held_out=(
        Example(objective="Nurses trust the new rota", fires=True),
        Example(objective="Nurses trust the new rota", declared="learning", fires=False),
    ),
    any_language=True,
    detect=detect,
    ask=sets.ask_for_type,
)
