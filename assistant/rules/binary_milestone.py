"""K6: done or not done where a graded measure is feasible"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.quantities import find_quantities
from assistant.language.verbs import find_evidence_criterion
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_key_results, is_early, is_legitimate
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag each key result that the trained head finds guilty, where no criterion excuses it."""
    flags = flag_key_results(
        subject,
        "K6",
        "It is either done or not done, so it says nothing until the end and nothing about how well.",
    )
    for flag in flags:
        if not _is_excused(subject, subject.objective.element(flag.on) or ""):
            yield flag


def _is_excused(subject: Subject, text: str) -> bool:
    """A count is graded by itself, which suffices while a team explores."""
    if is_legitimate(subject, text) or find_evidence_criterion(text):
        return True
    return is_early(subject) and next(find_quantities(text), None) is not None


RULE = Rule(
    code="K6",
    slug="binary-milestone",
    kind="J",
    group="key-result",
    title="Binary milestone",
    severity="info",
    fires_when="Done or not done where a graded measure is feasible, and no evidence criterion.",
    why="Between kick-off and the last day a milestone gives no signal, and reaching it late or badly scores the same.",
    authority="Doerr (graded key results); milestones are welcome with an evidence criterion",
    question="How would you see half of it? Or what evidence would show that it is done well?",
    prompt="Is it a yes-or-no milestone where a graded measure would be feasible, without evidence criterion? Compliance dates and decisions with a criterion are fine.",
    examples=(
        Example(text="New warehouse system live", fires=True),
        Example(text="Finalise the dealer contract", fires=True),
        Example(text="Pilot depot live: 8 of 10 repairs planned without paper", fires=False),
        Example(text="Share of parts scanned on arrival from 40 % to 90 %", fires=False),
    ),
    held_out=(
        Example(text="Strategy document approved", fires=True),
        Example(text="Complete the vendor selection", fires=True),
        Example(text="Vendor chosen after 3 wards ran a shift without fallback", fires=False),
        Example(text="Discharge letters sent the same day from 55 % to 80 %", fires=False),
    ),
    detect=detect,
    ask=key_results.ask_for_evidence,
    rewrite=key_results.with_evidence,
)
