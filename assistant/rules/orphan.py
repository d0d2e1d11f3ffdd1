"""A1: an objective with no parent and no stated contribution."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag an objective below the top that says nothing about what it serves."""
    objective = subject.objective
    if subject.is_top or objective.parents or objective.contribution:
        return
    yield Flag(
        on="objective",
        span=None,
        message="It names no parent and no contribution, so nobody can tell what it serves.",
    )


RULE = Rule(
    code="A1",
    slug="orphan",
    kind="L",
    group="alignment",
    title="Orphan",
    severity="info",
    fires_when="It has no parent and no stated contribution.",
    why="A team can be fully successful with it and nobody above can tell what moved.",
    authority="Alignment, not cascading: a team says itself what it contributes to",
    question="Which objective or strategic choice gets closer when this one succeeds, and how?",
    prompt="Does the draft name a parent objective or say what it contributes to?",
    examples=(
        Example(text="Depots keep their repair dates", fires=True),
        Example(
            text="Depots keep their repair dates",
            contribution="fleets renew their service contracts",
            fires=False,
        ),
    ),
    held_out=(
        Example(text="Nurses trust the new rota", fires=True),
        Example(
            text="Nurses trust the new rota",
            contribution="fewer agency nurses on the wards",
            fires=False,
        ),
    ),
    any_language=True,
    detect=detect,
)
