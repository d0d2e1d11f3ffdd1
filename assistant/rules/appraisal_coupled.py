"""S6: the score is tied to pay or rating, or a person's performance is a key result."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import flag_set
from assistant.rules.rewrites import sets

_PAY = re.compile(
    r"\b(?:bonus(?:es)?\b|(?:pay|salary) (?:rise|raise|group|grade)|raise(?:s)? depends?|yearly raise|variable pay"
    r"|(?:full|annual) raise|pay docked|docked|promotions?(?: round| case| decision)? (?:for|of|depends|follows)"
    r"|no promotion|pay (?:follows|depends|hangs)|rating [a-d]\b|grade [a-d]\b|(?:annual|yearly|leader|performance) "
    r"(?:review|rating|appraisal)s?|appraisals?|incentive (?:plan|scheme|payout)"
    r"|bottom quartile)\b",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Hr|Herr|Frau)\.? ?[A-Z]\w+(?:'s)?|\b(?:[Ff]oreman|[Rr]ep|[Dd]river|[Cc]onductor|[Bb]rewer|[Cc]rew chief|[Nn]urse"
    r"|[Tt]echnician|[Oo]ps lead) (?:[A-Z]\.? ?[A-Z]?\w*|\d{3,})"
)
_PRODUCT = re.compile(
    r"\b(?:customer|client|patient|employee|user|app store|fair|equal|gender)\b.{0,20}"
    r"\b(?:rating|bonus|pay|compensation)|\b(?:sign-on|referral|year-end|loyalty) bonus(?:es)?\b"
    r"|\bbonus (?:claims?|portal|points?|cards?|schemes? for (?:customers|dealers))|\bpay gap\b|\b(?:claims?|damage) compensation\b",
    re.IGNORECASE,
)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag words that tie the OKR to pay, rating or one person's performance."""
    objective = subject.objective
    names = ("objective", *(f"kr:{n}" for n in range(1, len(objective.key_results) + 1)))
    for on in names:
        text = objective.element(on) or ""
        found = _PAY.search(text) or _RATING.search(text)
        if found is None or _PRODUCT.search(text):
            continue
        yield Flag(
            on="set",
            span=None,
            message=f"{found.group()!r} ties the OKR to pay or to one person's performance.",
            confidence=0.8,
        )
        return
    yield from flag_set(
        subject, "S6", "Pay, a rating or one person's performance seems to hang on the score."
    )


RULE = Rule(
    code="S6",
    slug="appraisal-coupled",
    kind="J",
    group="set",
    title="Coupled to appraisal",
    severity="info",
    fires_when="The score is tied to pay or rating, or a named person's performance is a key result.",
    why="Tied to pay, targets shrink to what is safe and bad news comes late.",
    authority="Doerr, Castro, Grove: keep OKRs apart from pay; some authorities disagree",
    question="What would this key result be if nobody's pay hung on it?",
    prompt="Is the score tied to pay, bonus or rating, or is one person's performance a key result? "
    "Pay as the topic of the work (fair pay, pay gap) is fine.",
    examples=(
        Example(
            objective="Depots keep their dates",
            key_results=("On-time repairs from 64 % to 82 % (bonus-relevant)",),
            fires=True,
        ),
        Example(
            objective="Women and men earn the same for the same work",
            key_results=("Pay gap in the depots from 7 % to 2 %",),
            fires=False,
            note="pay is the topic, not the reward",
        ),
    ),
    held_out=(
        Example(
            objective="Nurses stay with us",
            key_results=("Ward managers' variable pay follows the leaver rate",),
            fires=True,
        ),
        Example(
            objective="Nurses stay with us",
            key_results=("Leavers within a year from 22 % to 14 %",),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_without_pay,
)
