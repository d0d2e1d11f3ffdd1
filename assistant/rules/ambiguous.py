"""O8: two informed readers would set different targets."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.blanks import WHEN, find_blanks
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_objective
from assistant.rules.rewrites import objectives
from assistant.rules.rewrites.unfilled import unfilled


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag an objective that the trained head finds ambiguous with its key results in view."""
    text = subject.objective.text
    is_open = any(item.text != WHEN for item in find_blanks(text))
    if is_open and (blank := unfilled("objective", text)):
        yield blank
        return
    yield from flag_objective(
        subject, "O8", "Two informed readers would set different targets for it."
    )


RULE = Rule(
    code="O8",
    slug="ambiguous",
    kind="J",
    group="objective",
    title="Ambiguous",
    severity="info",
    fires_when="Two informed readers would set different targets, key results included.",
    why="Each reader pursues their own version and both believe they are aligned.",
    authority="Lencioni, Martin: clarity before commitment",
    question="What would you see at the end of the cycle that settles whether it was met?",
    prompt="Read the objective with its key results. Would two informed colleagues set clearly different targets? "
    "Key results that pin it down make it unambiguous.",
    examples=(
        Example(
            objective="Improve the platform",
            key_results=("Platform feels better", "Fewer complaints"),
            fires=True,
        ),
        Example(
            objective="Improve the platform",
            key_results=(
                "Deploy time from 40 to 10 min",
                "Failed deploys from 9 % to 3 %",
            ),
            fires=False,
        ),
    ),
    held_out=(
        Example(
            objective="Better meetings",
            key_results=("Meetings are useful",),
            fires=True,
        ),
        Example(
            objective="Better meetings",
            key_results=("Hours in recurring meetings a week from 11 to 6",),
            fires=False,
        ),
    ),
    detect=detect,
    ask=objectives.ask_what_settles,
)
