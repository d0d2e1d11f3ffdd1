"""A2: a strategic choice or parent objective that no child serves."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A2",
    slug="coverage-gap",
    kind="C",
    group="alignment",
    title="Coverage gap",
    severity="warning",
    needs="organisation",
    fires_when="A strategic choice or a parent objective has no child that serves it.",
    why="Every team is busy and every score is good, and the thing that was chosen has nobody. "
    "It shows at the end of the year, when it is too late to ask who had it.",
    authority="Kaplan and Norton, The Strategy-Focused Organization: every theme of the strategy "
    "has somebody's measure",
    question="Which team moves this, with what, in this cycle; or is it no longer meant?",
    prompt="Take the strategic choice or parent objective by itself. Is there at least one child "
    "whose full success would move it, whatever words the child uses? Fire only when there is "
    "none. A child that names it and would not move it does not serve it.",
    examples=(
        Example(
            text="Pharma hauliers stay with us because the cold chain never breaks",
            children=("Fleet managers book repairs without calling",),
            fires=True,
            note="the only child is about convenience, and breaks in the chain stay as they are",
        ),
        Example(
            text="Rental fleets come to us first in the south",
            fires=True,
            note="nobody below took it up",
        ),
        Example(
            text="Pharma hauliers stay with us because the cold chain never breaks",
            children=("A warning reaches the driver before the load is lost",),
            fires=False,
            note="no word in common, and yet it is what keeps the chain whole",
        ),
        Example(
            text="We will not open depots outside Europe before 2029",
            fires=False,
            note="a choice not to act needs no child; A8 watches over it",
        ),
    ),
    held_out=(
        Example(
            text="Patients with suspected stroke are scanned within the hour",
            children=("The canteen serves a warm meal on nights",),
            fires=True,
        ),
        Example(
            text="Patients with suspected stroke are scanned within the hour",
            children=("The night radiographer is in the building, not on call",),
            fires=False,
        ),
    ),
)
