"""A8: it opposes a strategic choice or a stated "we will not"."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A8",
    slug="contradicts-strategy",
    kind="C",
    group="alignment",
    title="Contradicts the strategy",
    severity="warning",
    needs="strategy",
    fires_when="It opposes a strategic choice, or does what the strategy says will not be done.",
    why="A choice holds only as long as people give up the other thing. Its success would use up what "
    "was chosen for, and tell everyone that the choice was not meant.",
    authority="Porter, What Is Strategy? (1996): the essence is choosing what not to do",
    question="Is the choice still meant? If so, what would this look like within it; if not, who changes it?",
    prompt="Would success of the draft work against a passage that chooses, or that says what will not be "
    "done, for the people, place and time it names? Fire only then and cite the passage. Not being "
    "mentioned contradicts nothing.",
    examples=(
        Example(
            text="The first depot in Morocco is profitable",
            source="We will not open depots outside Europe before 2029.",
            fires=True,
        ),
        Example(
            text="Food fleets get the same repair date as everyone else",
            source="We serve pharma hauliers first, even where food fleets wait longer for a repair date.",
            fires=True,
            note="fair, and the opposite of what was chosen",
        ),
        Example(
            text="Hauliers from Morocco renew at our depots in Spain",
            source="We will not open depots outside Europe before 2029.",
            fires=False,
            note="the customers are from outside, the depots are not",
        ),
        Example(
            text="Mechanics stay beyond their first winter",
            source="We serve pharma hauliers first, even where food fleets wait longer for a repair date.",
            fires=False,
            note="not mentioned is not opposed",
        ),
    ),
    held_out=(
        Example(
            text="Private patients fill the new wing",
            source="The new wing is for the people of the district; we take no private patients there.",
            fires=True,
        ),
        Example(
            text="Patients of the district are seen in the new wing within a week",
            source="The new wing is for the people of the district; we take no private patients there.",
            fires=False,
        ),
    ),
)
