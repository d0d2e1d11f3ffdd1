"""A10: the same metric name with another definition or other data in two teams."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A10",
    slug="metric-definition-mismatch",
    kind="C",
    group="alignment",
    title="Metric defined differently",
    severity="info",
    needs="peer",
    fires_when="Another team uses the same name for a metric with a different definition, population, window or "
    "source of data.",
    why="The two numbers will be put side by side in a review, and the hour goes to why they differ "
    "instead of to what to do.",
    authority="Kimball and Ross, The Data Warehouse Toolkit: conformed facts, one definition for each name",
    question="Which definition holds for both of you, or what do you call yours instead?",
    prompt="Do the draft and another team's objective name the same metric with another unit, population, "
    "window or source, or start values that cannot both be true? Fire and cite it. The same metric of "
    "another named segment is no mismatch.",
    examples=(
        Example(
            text="On-time repairs, counted from the workshop's own date, from 64 % to 82 %",
            peer="Service desk: on-time repairs by the date promised to the customer from 41 % to 60 %",
            fires=True,
        ),
        Example(
            text="Active fleets (logged in this year) from 310 to 400",
            peer="Sales: active fleets, with an order in the quarter, from 120 to 180",
            fires=True,
        ),
        Example(
            text="On-time repairs in Region South from 64 % to 82 %",
            peer="Region North: on-time repairs in Region North from 71 % to 80 %",
            fires=False,
            note="one definition, two regions, both named",
        ),
        Example(
            text="Median repair time from 9 to 5 days",
            peer="Region North: repairs that take longer than two weeks from 12 % to 4 %",
            fires=False,
            note="two measures of one thing, each with a name of its own",
        ),
    ),
    held_out=(
        Example(
            text="Waiting time, from the family doctor's letter, from 40 to 20 days",
            peer="Admissions: waiting time, from the day we answer, from 22 to 15 days",
            fires=True,
        ),
        Example(
            text="Waiting time for knees from 40 to 20 days",
            peer="Eyes: waiting time for cataracts from 60 to 30 days",
            fires=False,
        ),
    ),
)
