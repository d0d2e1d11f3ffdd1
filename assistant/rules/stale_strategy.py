"""A9: it rests on a superseded version, or on an assumption that a newer document withdraws."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A9",
    slug="stale-strategy",
    kind="C",
    group="alignment",
    title="Stale strategy",
    severity="warning",
    needs="strategy",
    fires_when="It rests on a superseded version of the strategy, or on an assumption that a newer document "
    "withdraws.",
    why="The team works with full force for a reason that no longer holds, and everyone who read the newer "
    "document believes that this was stopped.",
    authority="McGrath and MacMillan, Discovery-Driven Planning (1995): plans rest on assumptions that "
    "have to be tested again",
    question="The newer document says otherwise: what is left of this objective under it?",
    prompt="Does the draft, or the reason it gives, rest on a statement that a newer passage replaces or "
    "withdraws? Compare dates and versions. Fire only if that changes what the draft should aim for; old "
    "and still valid is not stale.",
    examples=(
        Example(
            text="Every new contract carries the fuel surcharge",
            source="Pricing policy, May 2026: the fuel surcharge is withdrawn; contracts name one price.",
            fires=True,
        ),
        Example(
            text="The Leipzig depot takes a third of all pharma repairs",
            source="Board memo, June 2026: the Leipzig depot closes in spring; pharma repairs move to Halle.",
            fires=True,
            note="the plan of the year before still builds on Leipzig",
        ),
        Example(
            text="Halle takes over pharma repairs without a late day",
            source="Board memo, June 2026: the Leipzig depot closes in spring; pharma repairs move to Halle.",
            fires=False,
            note="it follows the newer document",
        ),
        Example(
            text="Pharma hauliers renew at list price",
            source="Plan 2023: we win on reliability and give no discounts.",
            fires=False,
            note="old, and nothing newer withdraws it",
        ),
    ),
    held_out=(
        Example(
            text="All wards use the paper rota by autumn",
            source="Circular, August: the paper rota ends; wards plan in the new system from September.",
            fires=True,
        ),
        Example(
            text="Wards swap shifts in the new system without calling the office",
            source="Circular, August: the paper rota ends; wards plan in the new system from September.",
            fires=False,
        ),
    ),
)
