"""A4: it repeats its parent with no contribution of its own."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A4",
    slug="copied-parent",
    kind="C",
    group="alignment",
    title="Copied parent",
    severity="info",
    needs="parent",
    fires_when="It repeats its parent, in the same words or in others, with no contribution of its own.",
    why="Nobody learns what this team will do about it, two teams report the same number, and neither "
    "can be asked why it did not move.",
    authority="Niven and Lamorte, Objectives and Key Results: connect instead of copying down",
    question="Which part of the parent is yours to move, and what would you see first if it did?",
    prompt="Does the draft say the same as the parent it names, word for word or paraphrased, with nothing "
    "about this team's own slice, lever or stage? Then fire. A narrower segment, place or cause is no copy.",
    examples=(
        Example(
            text="Our pharma customers remain with us thanks to an unbroken cold chain",
            parent="Pharma hauliers stay with us because the cold chain never breaks",
            fires=True,
            note="other words, the same sentence",
        ),
        Example(
            text="Broken-down trailers roll again after the first visit",
            parent="Broken-down trailers roll again after the first visit",
            fires=True,
        ),
        Example(
            text="Broken-down trailers north of the Elbe roll again after the first visit",
            parent="Broken-down trailers roll again after the first visit",
            fires=False,
            note="the team's own slice",
        ),
        Example(
            text="The first visit brings the right part",
            parent="Broken-down trailers roll again after the first visit",
            fires=False,
            note="close in words, and a lever of its own",
        ),
    ),
    held_out=(
        Example(
            text="Nurses do not leave us",
            parent="Nurses stay with us",
            fires=True,
        ),
        Example(
            text="Nurses in their first year stay with us",
            parent="Nurses stay with us",
            fires=False,
        ),
    ),
)
