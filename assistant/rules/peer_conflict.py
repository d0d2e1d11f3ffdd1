"""A5: if both succeed, a shared outcome gets worse, or both need the same scarce thing."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A5",
    slug="peer-conflict",
    kind="C",
    group="alignment",
    title="Conflict with a peer",
    severity="warning",
    needs="peer",
    fires_when="If this and an objective of another team both succeed, an outcome that they share gets "
    "worse, or both need the same scarce thing.",
    why="Each team is right by its own score, and the quarrel is settled late, by whoever is louder, "
    "at the expense of the customer between them.",
    authority="Sull, Homkes and Sull, Why Strategy Execution Unravels (2015): what fails is "
    "coordination across units, not alignment upwards",
    question="Which of the two gives way when both cannot be had, and have you told the other team?",
    prompt="Suppose the draft and this objective of another team both fully succeed. Does an outcome that "
    "both answer for get worse (volume against quality, speed against stability, cost against "
    "experience, opposite directions), or do both need the same people, slots or money? Fire only with "
    "a concrete way. The same theme, or another lever, is no conflict.",
    examples=(
        Example(
            text="Depots take every breakdown call within the hour",
            peer="Workshops: fewer standby shifts, so that mechanics see their families",
            fires=True,
            note="the same mechanics are promised twice",
        ),
        Example(
            text="New hauliers sign up in record numbers this autumn",
            peer="Credit desk: unpaid invoices of hauliers in their first year fall by half",
            fires=True,
            note="volume against quality: the easiest to sign pay last",
        ),
        Example(
            text="Depots take every breakdown call within the hour",
            peer="Portal: drivers describe the fault with a photo before anyone calls",
            fires=False,
            note="the same breakdowns, another lever, and neither stands in the other's way",
        ),
        Example(
            text="Spare parts cost a tenth less",
            peer="Workshops: no repair waits for a part",
            fires=False,
            note="an old tension, but nothing here says that stock is what gets cut; ask, do not fire",
        ),
    ),
    held_out=(
        Example(
            text="Theatres run to the last minute of the list",
            peer="Emergency: an acute case waits no more than 30 minutes for a theatre",
            fires=True,
        ),
        Example(
            text="Theatres start on time",
            peer="Wards: patients are ready when the porter comes",
            fires=False,
        ),
    ),
)
