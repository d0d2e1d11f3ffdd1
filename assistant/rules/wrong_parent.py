"""A11: it clearly serves another objective better than the one it hangs under."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="A11",
    slug="wrong-parent",
    kind="C",
    group="alignment",
    title="Wrong parent",
    severity="info",
    needs="parent",
    fires_when="It clearly serves another objective better than the one that it hangs under.",
    why="The parent above it looks covered and is not, the one it really serves looks neglected, and its "
    "results are reported to people who cannot use them.",
    authority="Alignment, not cascading: a link says whose outcome moves, not who reports to whom",
    question="Whose outcome would move if this succeeds: that of the parent you name, or of the other one?",
    prompt="Compare the parent that the draft names with another that is shown. Fire only if full success "
    "would hardly move the named one and plainly the other, for its people and in its direction. "
    "Serving both is no fault.",
    examples=(
        Example(
            text="Mechanics in their first winter have a second pair of hands",
            parent="Pharma hauliers stay with us because the cold chain never breaks",
            alternative="Mechanics stay beyond their first winter",
            fires=True,
        ),
        Example(
            text="Invoices leave the house without an error",
            parent="Broken-down trailers roll again after the first visit",
            alternative="We are paid within 30 days",
            fires=True,
            note="it hangs where the boss sits",
        ),
        Example(
            text="The right part is on the van before it leaves",
            parent="Broken-down trailers roll again after the first visit",
            alternative="Spare parts cost a tenth less",
            fires=False,
            note="the other one sounds like parts, and would not move",
        ),
        Example(
            text="A warning reaches the driver before the load is lost",
            parent="Pharma hauliers stay with us because the cold chain never breaks",
            alternative="Insurers lower our premium",
            fires=False,
            note="it serves both",
        ),
    ),
    held_out=(
        Example(
            text="Visitors find the ward without asking",
            parent="Patients go home well and do not come back within the month",
            alternative="Visitors feel welcome in a hard hour",
            fires=True,
        ),
        Example(
            text="Families learn to change the dressing before the patient leaves",
            parent="Patients go home well and do not come back within the month",
            alternative="Visitors feel welcome in a hard hour",
            fires=False,
        ),
    ),
)
