"""O6: nobody can say who benefits, or where it applies."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_objective
from assistant.rules.rewrites import objectives


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag an objective that the trained head finds without beneficiary and scope."""
    yield from flag_objective(
        subject, "O6", "It does not say who is better off, or where it applies."
    )


RULE = Rule(
    code="O6",
    slug="no-beneficiary-or-scope",
    kind="J",
    group="objective",
    title="No beneficiary or scope",
    severity="info",
    fires_when="Nobody can say who benefits, or where it applies.",
    why="Without a beneficiary nobody can be asked whether it worked, and every team reads in its own.",
    authority="Outcome thinking (Seiden): a change in somebody's behaviour",
    question="Who notices first when this succeeds, and in which part of the business?",
    prompt="With team and key results in view, can a reader say who benefits or where it applies? Fire only if neither.",
    examples=(
        Example(text="More efficiency", fires=True),
        Example(text="Strengthen synergies and improve processes", fires=True),
        Example(text="Night drivers find a depot that answers", fires=False),
        Example(text="Fewer returns from first-time buyers", fires=False),
    ),
    held_out=(
        Example(text="Optimise performance across the board", fires=True),
        Example(text="Better quality", fires=True),
        Example(text="Tenants in the old town heat for less", fires=False),
        Example(text="Faster discharge on the surgical wards", fires=False),
    ),
    detect=detect,
    ask=objectives.ask_who_notices,
    rewrite=objectives.with_scope,
)
