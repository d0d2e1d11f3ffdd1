"""K5: it can rise with no customer or business value"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_key_results
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result that the trained head finds guilty."""
    yield from flag_key_results(
        subject,
        "K5",
        "It can rise without anyone being better off.",
    )


RULE = Rule(
    code="K5",
    slug="vanity-metric",
    kind="J",
    group="key-result",
    title="Vanity metric",
    severity="info",
    fires_when="It can rise with no customer or business value.",
    why="Numbers that always go up feel like progress and steer nothing; effort flows to them all the same.",
    authority="Ries (vanity and actionable metrics)",
    question="Which behaviour of customers should follow from this number, and could you count that instead?",
    prompt="Can the number rise with no customer or business value (views, followers, registered accounts, items created, meetings held)? A count of valuable behaviour is fine.",
    examples=(
        Example(text="5,000 LinkedIn followers", fires=True),
        Example(text="Page views from 40k to 90k", fires=True),
        Example(text="Trial fleets that order within 30 days from 9 % to 15 %", fires=False),
        Example(text="Tasks created per user from 12 to 20", fires=True),
    ),
    held_out=(
        Example(text="Reach 20,000 app downloads", fires=True),
        Example(text="Newsletter list from 8k to 12k contacts", fires=True),
        Example(text="Readers who renew after the first year from 48 % to 55 %", fires=False),
        Example(text="Donors giving a second time from 22 % to 30 %", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_what_follows,
)
