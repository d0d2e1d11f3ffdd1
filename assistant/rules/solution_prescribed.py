"""O11: a specific solution is fixed; swapping it would falsify the objective."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.segments import find_mechanism
from assistant.models import Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import objectives


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the words of the solution, where the trained head finds that one is fixed."""
    probability = subject.score("O11", "objective")
    if probability is None:
        return
    text = subject.objective.text
    span = find_mechanism(text) or Span.of(text, 0, len(text))
    yield Flag(
        on="objective",
        span=span,
        message="It fixes one solution; a better one found next month would count as a miss.",
        confidence=probability,
    )


RULE = Rule(
    code="O11",
    slug="solution-prescribed",
    kind="J",
    group="objective",
    title="Solution prescribed",
    severity="info",
    fires_when="A specific solution is fixed; swapping it would falsify the objective.",
    why="It takes the team's freedom to find something better, and hides the reason for the work.",
    authority="Torres, Cagan: give teams problems, not features",
    question="If another way worked better, would you still want this one? What is it for?",
    prompt="Is a result stated but tied to one named solution (tool, vendor, feature), so that swapping it would "
    "falsify the objective? A way to win that is itself the strategy is a choice, not a prescription.",
    examples=(
        Example(text="Cut repair calls by moving dealers to the ChatFix bot", fires=True),
        Example(text="Reduce stock errors with RFID tags on every pallet", fires=True),
        Example(text="Cut repair calls by letting dealers see their dates", fires=False),
        Example(text="Pallets are where the system says", fires=False),
    ),
    held_out=(
        Example(text="Use the Orion app to shorten triage", fires=True),
        Example(text="Improve attendance through a WhatsApp reminder bot", fires=True),
        Example(text="Families come to the second appointment", fires=False),
        Example(text="Triage in minutes on winter weekends", fires=False),
    ),
    detect=detect,
    ask=objectives.ask_for_purpose,
    rewrite=objectives.without_solution,
)
