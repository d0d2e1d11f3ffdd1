"""O3: delivering a thing is the objective."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.segments import find_mechanism
from assistant.language.verbs import find_delivery, find_effect
from assistant.models import Span, shortened
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import confidence
from assistant.rules.rewrites import objectives


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the delivery words of an objective that states no resulting state."""
    text = subject.objective.text
    delivery = find_delivery(text)
    by_words = 0.7 if delivery and not find_effect(text) and not find_mechanism(text) else None
    sure = confidence(subject, "O3", "objective", by_words=by_words)
    if sure is None:
        return
    span = delivery or Span.of(text, 0, len(text))
    yield Flag(
        on="objective",
        span=span,
        message=f"{shortened(span.text)!r} makes a piece of work the aim; "
        "the state it should lead to is not said.",
        confidence=sure,
    )


RULE = Rule(
    code="O3",
    slug="project-as-objective",
    kind="J",
    group="objective",
    title="Project as objective",
    severity="warning",
    fires_when="Delivering a thing, a project or a list of tasks is the objective, "
    "with no resulting state.",
    why="A project can be finished on time and change nothing. With the project as the aim, nobody "
    "may stop it when it turns out not to help.",
    authority="Wodtke, Seiden: an objective is a state to reach, not work to do",
    question="When this is delivered, what will be true for whom that is not true today?",
    prompt="Is the objective the delivery of a thing, a project or tasks, with no state that should result? "
    "If a resulting state is named beside the project, do not fire.",
    examples=(
        Example(text="Launch the new dealer portal", fires=True),
        Example(text="ERP migration phase 2", fires=True),
        Example(text="Dealers order parts without ringing us", fires=False),
        Example(
            text="Launch the dealer portal so that parts orders need no call",
            fires=False,
            note="the resulting state is named",
        ),
    ),
    held_out=(
        Example(text="Build a data warehouse", fires=True),
        Example(text="Rollout of the new rota system", fires=True),
        Example(text="Ward managers see tomorrow's gaps today", fires=False),
        Example(
            text="Ship orders the day they arrive",
            fires=False,
            note="a state of the service",
        ),
    ),
    detect=detect,
    ask=objectives.ask_for_state,
    rewrite=objectives.with_state,
)
