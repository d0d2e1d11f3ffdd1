"""S1: more key results or objectives than anyone can steer by."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag a set with too many key results, and each objective beyond the team's limit."""
    objective, limits = subject.objective, subject.limits
    open_results = [item for item in objective.key_results if item.status != "dropped"]
    if len(open_results) > limits.key_results:
        yield Flag(
            on="set",
            span=None,
            message=f"{len(open_results)} key results; with more than {limits.key_results} "
            "the team has a list, not a focus.",
        )
    limit = limits.objectives_for_company if subject.is_top else limits.objectives_per_team
    together = [item.id for item in subject.siblings if item.status != "dropped"]
    if len(together) <= limit or together[limit] != objective.id:
        return
    yield Flag(
        on="set",
        span=None,
        message=f"The team has {len(together)} objectives in this cycle; "
        f"from this one on there are more than {limit}.",
        question="Which of these objectives would you drop first, and why not now?",
    )


RULE = Rule(
    code="S1",
    slug="too-many",
    kind="L",
    group="set",
    title="Too many",
    severity="info",
    fires_when="An objective has more than 5 key results, or a team more than 3 objectives "
    "(5 for the company). The limits can be configured.",
    why="Each addition takes attention from the others; a long list hides that nothing was chosen.",
    authority="Doerr, Wodtke, Martin: limit the number ruthlessly",
    question="Which key results would you keep if you could keep only three?",
    prompt="Count the key results. Fire when there are more than five.",
    examples=(
        Example(
            objective="Depots keep their repair dates",
            key_results=tuple(f"Region {name} late repairs from 9 % to 4 %" for name in "ABCDEF"),
            fires=True,
        ),
        Example(
            objective="Depots keep their repair dates",
            key_results=tuple(f"Region {name} late repairs from 9 % to 4 %" for name in "ABCDE"),
            fires=False,
            note="five are the limit, not beyond it",
        ),
    ),
    held_out=(
        Example(
            objective="Nurses trust the new rota",
            key_results=tuple(f"Ward {number}: swaps from 12 to 4 a week" for number in range(7)),
            fires=True,
        ),
        Example(objective="Nurses trust the new rota", key_results=(), fires=False),
    ),
    any_language=True,
    detect=detect,
)
