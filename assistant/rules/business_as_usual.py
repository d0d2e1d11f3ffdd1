"""O4: keep, maintain, continue; nothing has to change."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.verbs import find_effect, find_maintain
from assistant.models import Span, shortened
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import confidence
from assistant.rules.rewrites import objectives


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag words of keeping in an objective that names no change beside them."""
    text = subject.objective.text
    keeping = find_maintain(text)
    by_words = 0.8 if keeping and not find_effect(text) else None
    sure = confidence(subject, "O4", "objective", by_words=by_words)
    if sure is None:
        return
    span = keeping or Span.of(text, 0, len(text))
    yield Flag(
        on="objective",
        span=span,
        message=f"{shortened(span.text)!r}: nothing has to change for this to be met.",
        confidence=sure,
    )


RULE = Rule(
    code="O4",
    slug="business-as-usual",
    kind="J",
    group="objective",
    title="Business as usual",
    severity="info",
    fires_when="Keep, maintain, continue: nothing has to change.",
    why="Running the business matters and needs its health metrics, but an objective spends the "
    "team's scarce attention on a change.",
    authority="Common practice: health metrics beside OKRs (Wodtke)",
    question="What is different at the end of the cycle? If nothing, would a health metric do?",
    prompt="Could the objective be met if the team simply went on as today? Keeping something while something "
    "else changes is fine.",
    examples=(
        Example(text="Maintain our high level of service quality", fires=True),
        Example(text="Continue to support the regional depots", fires=True),
        Example(
            text="Keep repair dates although volume doubles",
            fires=False,
            note="a change around it",
        ),
        Example(text="Fleets keep their contracts beyond the first year", fires=False),
    ),
    held_out=(
        Example(text="Ensure ongoing compliance with hygiene rules", fires=True),
        Example(text="Keep the lights on in the data centre", fires=True),
        Example(text="Nurses stay beyond their first winter", fires=False),
        Example(text="Parents keep coming back after the trial month", fires=False),
    ),
    detect=detect,
    ask=objectives.ask_what_changes,
)
