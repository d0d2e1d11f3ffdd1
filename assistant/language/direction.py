"""Which way a goal says that its measure should move, and which way is better for a measure."""

from __future__ import annotations

import re

from assistant.language.cues import Cue, cues
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.polarity import Polarity, polarity
from assistant.language.sides import side_ranges
from assistant.models import Direction, Span

__all__ = ["Polarity", "find_direction", "main_cue", "polarity", "resolve"]

_TIMES_BEHIND = Pattern(r"[^,.;:(]{0,40}\btimes?\b")
_WINDOW = 120
_WINDOW_BEFORE = 80


def find_direction(text: str) -> tuple[Direction, Span] | None:
    """The direction that a goal states, with the words that state it.

    Returns:
        ``increase``, ``decrease`` or ``hold`` where a verb, a comparative, a noun of change or
        a sign says so ("improve" is read by what is better for the words behind it);
        ``reach`` where only a level or a limit is stated. None where no direction is stated,
        as in "NPS 40" or "from 3 to 5": there the numbers have to speak.
    """
    reading = read(text)
    found = main_cue(text)
    return (resolve(reading, found), reading.span(found.start, found.end)) if found else None


def main_cue(text: str) -> Cue | None:
    """The first cue of movement outside guard and mechanism, or else the first of reaching."""
    sides = side_ranges(text)
    free = [cue for cue in cues(text) if not any(start <= cue.start < end for start, end in sides)]
    moving = [cue for cue in free if cue.way != "reach"]
    return next(iter(moving or free or cues(text)), None)


def resolve(reading: Reading, cue: Cue) -> Direction:
    """The direction of a cue; "improve" means less where less of the measure is better."""
    if cue.way != "improve":
        return cue.way
    if cue.kind == "comparative":
        return "decrease" if _TIMES_BEHIND.match(reading.low, cue.end) else "increase"
    behind = reading.low[cue.end : cue.end + _WINDOW]
    before = reading.low[max(0, cue.start - _WINDOW_BEFORE) : cue.start]
    words = re.split(r"[,.;:(]|\bso that\b|\bby\b", behind)[0]
    found = polarity(words) or polarity(re.split(r"[,.;:(]", before)[-1])
    return "decrease" if found == "lower" else "increase"
