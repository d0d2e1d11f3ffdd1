"""A7: it cannot succeed without what another team owns, and no objective there provides it."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A7",
    slug="undeclared-dependency",
    kind="C",
    group="alignment",
    title="Undeclared dependency",
    severity="warning",
    needs="peer",
    fires_when="It cannot succeed without something that another team owns or is changing, it does not say "
    "so, and no objective of that team provides it.",
    why="The team learns in week ten that the interface, the data or the people it counted on were "
    "never promised by anybody.",
    authority="Sull, Homkes and Sull, Why Strategy Execution Unravels (2015): people can rely on their "
    "boss, and not on colleagues in other units",
    question="What do you need from that team, by when, and who there has said yes?",
    prompt="Is there one thing without which the draft cannot succeed and which another team owns or is "
    "changing? Fire if the draft does not say that it needs it and no objective there provides it in "
    "time. What would merely help is no dependency.",
    examples=(
        Example(
            text="Drivers see the repair date in the portal the moment it moves",
            peer="Planning: the old depot calendar is frozen until the new one comes in spring",
            fires=True,
            note="the date comes out of a calendar that nobody may touch",
        ),
        Example(
            text="Pharma renewals are offered with each fleet's own temperature record",
            peer="Data: trailer records are kept for 30 days to save storage",
            fires=True,
        ),
        Example(
            text="Drivers see the repair date in the portal the moment it moves",
            peer="Planning: every depot publishes its repair dates hourly from August",
            fires=False,
            note="the other team provides what is needed",
        ),
        Example(
            text="Drivers see the repair date in the portal; needs Planning's hourly feed, agreed for August",
            peer="Planning: depots plan a week ahead",
            fires=False,
            note="declared, with the date",
        ),
    ),
    held_out=(
        Example(
            text="Family doctors read our discharge letter the same day",
            peer="IT: no new interfaces to outside practices before next year",
            fires=True,
        ),
        Example(
            text="Family doctors read our discharge letter the same day",
            peer="IT: letters reach all outside practices electronically from March",
            fires=False,
        ),
    ),
)
