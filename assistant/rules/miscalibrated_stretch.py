"""S8: certain or not credible, given a stated confidence"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import sets

_STATED = re.compile(
    r"(?:confidence|confident|conf|sure|certain|chance|odds)\b[^\w%]{0,3}(?:of |is |at )?"
    r"(?P<after>\d+(?:[.,]\d+)?)\s?(?P<unit>%|/ ?10)?"
    r"|(?P<before>\d+(?:[.,]\d+)?)\s?%\s(?:confiden\w+|sure|certain|chance|odds)",
    re.IGNORECASE,
)
_CERTAIN, _HOPELESS = 0.93, 0.12
"""Stated confidence from which a target is certain, and up to which it is out of reach."""


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag a set in which a stated confidence is near one or near zero."""
    for text in subject.objective.texts:
        for stated in _STATED.finditer(text):
            confidence = _share(stated)
            if confidence is None or _HOPELESS < confidence < _CERTAIN:
                continue
            kind = "certain" if confidence >= _CERTAIN else "out of reach"
            yield Flag(
                on="set",
                span=None,
                message=f"{stated.group().strip()!r} says that this is {kind}.",
                confidence=0.9,
            )
            return


def _share(stated: re.Match[str]) -> float | None:
    number = float((stated["after"] or stated["before"]).replace(",", "."))
    if stated["before"] or stated["unit"] == "%":
        number /= 100
    elif stated["unit"]:
        number /= 10
    return number if 0 <= number <= 1 else None


RULE = Rule(
    code="S8",
    slug="miscalibrated-stretch",
    kind="J",
    group="set",
    title="Miscalibrated stretch",
    severity="info",
    fires_when="It is certain or not credible, given a stated confidence.",
    why="A certain target teaches nothing, an impossible one is ignored.",
    authority="Doerr, Wodtke: about even odds for an aspirational target",
    question="What would you set if you expected to reach it half of the time?",
    prompt="Is a confidence stated that makes the set certain (near 1.0) or not credible (near 0)? Without a stated confidence do not fire.",
    examples=(
        Example(
            objective="Depots keep their dates (confidence 0.99)",
            key_results=("On-time repairs from 64 % to 65 %",),
            fires=True,
        ),
        Example(
            objective="Depots keep their dates (confidence 0.5)",
            key_results=("On-time repairs from 64 % to 82 %",),
            fires=False,
        ),
    ),
    held_out=(
        Example(
            objective="Nurses stay, confidence 1.0",
            key_results=("Leavers from 22 % to 21 %",),
            fires=True,
        ),
        Example(
            objective="Nurses stay",
            key_results=("Leavers from 22 % to 14 %",),
            fires=False,
        ),
    ),
    detect=detect,
    ask=sets.ask_for_even_odds,
)
