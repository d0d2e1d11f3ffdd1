"""A6: two teams own the same outcome for the same population, and do not say so."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A6",
    slug="duplicate",
    kind="C",
    group="alignment",
    title="Duplicate",
    severity="info",
    needs="peer",
    fires_when="Another team owns the same outcome for the same population, and neither says that it is "
    "shared. The wording may differ.",
    why="Both plan for it, both count the gain, customers are asked twice, and when it fails each "
    "had thought that the other was on it.",
    authority="One accountable owner for each outcome, as in every practice of assigning responsibility",
    question="Which of you owns this outcome; and does the other one support it, or drop it?",
    prompt="Does another team's objective name the same change for the same people or place in the same "
    "period, whatever its words? Fire unless one says that it is shared. Another lever, stage or segment "
    "is no duplicate.",
    examples=(
        Example(
            text="Fleet managers book repairs without calling",
            peer="Service desk: phone bookings of fleet managers become the exception",
            fires=True,
            note="not one word in common, and the same change",
        ),
        Example(
            text="Drivers know when their trailer is ready",
            peer="Portal: drivers no longer ask when the repair is done",
            fires=True,
        ),
        Example(
            text="Fleet managers book repairs without calling",
            peer="Portal: hauliers with one truck book repairs without calling",
            fires=False,
            note="nearly the same words, and other people",
        ),
        Example(
            text="Fleet managers book repairs without calling",
            peer="Service desk: shared with Portal, which leads: phone bookings become the exception",
            fires=False,
            note="declared as shared",
        ),
    ),
    held_out=(
        Example(
            text="Nobody waits for a bed in the corridor",
            peer="Bed office: corridor beds are empty at eight",
            fires=True,
        ),
        Example(
            text="Nobody waits for a bed in the corridor",
            peer="Surgery: day patients leave by four, so that beds come free",
            fires=False,
        ),
    ),
)
