"""A3: the child could be a full success while its parent does not advance."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

_STAY = "Pharma hauliers stay with us because the cold chain never breaks"
_FIRST_VISIT = "Broken-down trailers roll again after the first visit"

RULE = Rule(
    code="A3",
    slug="drift",
    kind="C",
    group="alignment",
    title="Drift from the parent",
    severity="warning",
    needs="parent",
    fires_when="It clearly descends from its parent, and yet it could be a full success while the parent "
    "does not advance.",
    why="This is how an organisation executes flawlessly in different directions: each team hits its "
    "target, and the outcome above that the target was made for stays where it was.",
    authority="Kerr, On the Folly of Rewarding A, While Hoping for B (1975); Goodhart's law as Strathern "
    "put it; our guideline with its two tests",
    question="If you hit all of this, what exactly would move in the parent, for whom and by when?",
    prompt="Be the sceptical sponsor of the parent that the draft names. T1: if the draft hit all it says, "
    "would the parent's outcome move, for the people, in the direction and by the time the parent "
    "names? T2: could the draft be a full success while that outcome stays flat or gets worse, because "
    "something else is optimised? T1 yes and T2 no is aligned: one lever, one funnel stage, an enabling "
    "condition or the team's own slice is enough, and no word need be shared. Fire if T1 is no or T2 is "
    "yes, and say the first that fits: contradiction, copy-paste (use A4), horizon mismatch, scope "
    "change, scope narrowing, means-end swap, metric substitution.",
    examples=(
        Example(
            text="Every service case is closed within two days",
            parent=_FIRST_VISIT,
            fires=True,
            note="metric substitution: a case can be closed while the trailer still stands",
        ),
        Example(
            text="All mechanics hold the new cooling certificate by May",
            parent=_FIRST_VISIT,
            fires=True,
            note="means-end swap: the course has become the aim",
        ),
        Example(
            text="Supermarket fleets renew for three years",
            parent=_STAY,
            fires=True,
            note="scope change: other customers, with other reasons to stay",
        ),
        Example(
            text="The two trailers of our reference customer never break the chain",
            parent=_STAY,
            fires=True,
            note="scope narrowing: success there would not show in the parent",
        ),
        Example(
            text="More trailers leave the depot the day they come in",
            parent=_FIRST_VISIT,
            fires=True,
            note="contradiction: speed that is paid for with second visits",
        ),
        Example(
            text="The sensor of the 2029 trailers warns a day ahead",
            parent="Pharma loads arrive cold this summer",
            fires=True,
            note="horizon mismatch: the effect comes long after the time that the parent names",
        ),
        Example(
            text="The right part is on the van before it leaves",
            parent=_FIRST_VISIT,
            fires=False,
            note="one lever is enough, and no word is shared",
        ),
        Example(
            text="Region South: pharma trailers cool through August without a break",
            parent=_STAY,
            fires=False,
            note="narrower, but it is the team's own slice",
        ),
    ),
    held_out=(
        Example(
            text="Beds are turned over within 40 minutes",
            parent="Patients go home well and do not come back within the month",
            fires=True,
        ),
        Example(
            text="Ward rounds end with a discharge letter that the family doctor has read",
            parent="Patients go home well and do not come back within the month",
            fires=False,
        ),
    ),
)
