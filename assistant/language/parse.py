"""Reads a goal sentence: what is measured, from where, to where, which way, by when."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.cues import Cue, cues
from assistant.language.dates import find_deadlines
from assistant.language.direction import main_cue, resolve
from assistant.language.metric import measured
from assistant.language.number import Number
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.polarity import polarity
from assistant.language.quantities import as_quantity
from assistant.language.roles import Roles, roles
from assistant.models import Cycle, Deadline, Direction, Measure, Quantity, Span

__all__ = ["find_change", "parse_measure", "states_unknown_baseline"]

_DUE = r"\s*(?:by|in|until|during|before|after|from)\s[^.;,)\]]{2,40}"
_SET = r"(?:set|measured|measure|established|defined|collected|taken|confirmed|agreed|known)"
_UNKNOWN_BASELINE = Pattern(
    r"(?:\b(?:the )?(?:baseline|start(?:ing)? (?:value|point|level)|current (?:value|level|rate))"
    r"(?: value| level)?(?: is| are| still|:|,| =|-){0,3}\s*(?:(?:as|currently|still|yet|not yet|so far) )?"
    r"(?:unknown|tbd|tba|t\.b\.d\.?|n/?a\b|open|pending|missing|needed|\?"
    r"|to be (?:defined|set|measured|determined|established|confirmed|agreed|collected|taken)"
    r"|not (?:yet )?(?:known|measured|available|set|defined|tracked|established)"
    rf"|(?:will be |being |is )?{_SET}(?= (?:by|in|until|during|before)\b))"
    r"|\b(?:unknown|no|missing) (?:current )?baseline(?: yet| so far| today| available)?"
    r"|\b(?:currently|so far|today|as yet) (?:unknown|not (?:measured|tracked|known))"
    r"|\bnot (?:yet )?(?:measured|tracked|known) (?:today|yet|so far|at present|currently)"
    r"|\b(?:set|establish|measure|define|determine|collect|take|create|agree) (?:the |a |our )?"
    r"(?:\w+ )?baseline\b"
    r"|\[\s*(?:baseline|start|current|from)\s*(?:value |level )?(?:tbd|:?\s*\?)\s*\])"
    rf"(?:[,;]?\s*(?:to be |will be |we will )?{_SET}?{_DUE})?"
)


def parse_measure(text: str, cycle: Cycle | None = None) -> Measure:
    """Read a goal sentence.

    Args:
        text: an objective or key result, terse or wordy, in English.
        cycle: the planning period around it, so that "by June" becomes a day.

    Returns:
        What the text says and nothing that it does not: ``metric`` is the words that name what
        is measured, for whom included where they stand together; ``target`` is the level to
        reach or, where only a change is stated ("by 20 %"), that change (see
        :func:`find_change`); ``direction`` is the stated one, else the one that start and
        target show, else ``reach`` where there is a target. Where several measures stand in
        one line, the first is read.
    """
    reading = read(text)
    found = measured(text)
    baseline, target = found.roles.baseline, found.roles.target
    return Measure(
        metric=reading.span(*found.metric) if found.metric else None,
        baseline=as_quantity(reading, baseline) if baseline else None,
        target=as_quantity(reading, target) if target else None,
        direction=_direction(text, reading),
        deadline=_deadline(text, cycle),
    )


def find_change(text: str) -> Quantity | None:
    """The size of the change that a goal asks for: "by 20 %", "+12 pts", "double", "2x".

    A change says nothing about the level, so it needs a baseline to be graded.
    """
    change = roles(text).change
    return as_quantity(read(text), change) if change else None


def states_unknown_baseline(text: str) -> Span | None:
    """The words that admit a missing start value: "baseline unknown, set by 31 January"."""
    reading = read(text)
    match = _UNKNOWN_BASELINE.search(reading.low)
    return reading.span(match.start(), match.end()) if match else None


@lru_cache(maxsize=4096)
def _direction(text: str, reading: Reading) -> Direction | None:
    found = roles(text)
    shown = _shown(found)
    cue = _governing_cue(text)
    if cue and cue.way == "improve" and cue.kind != "comparative":
        name = measured(text).metric
        return shown or _better(reading.low[slice(*name)] if name else "") or resolve(reading, cue)
    if cue and cue.way != "reach":
        return resolve(reading, cue)
    if shown:
        return shown
    return "reach" if found.target or cue else None


def _governing_cue(text: str) -> Cue | None:
    """The cue nearest before the measure's number, or else the first one of the text."""
    found = measured(text)
    levels = [n for n in (found.roles.baseline, found.roles.target) if n]
    if not levels:
        return main_cue(text)
    anchor = min(number.start for number in levels)
    moving = [cue for cue in cues(text) if cue.way != "reach"]
    before = [cue for cue in moving if cue.start <= anchor]
    if before:
        return before[-1]
    return main_cue(text)


def _shown(found: Roles) -> Direction | None:
    """The direction that start and target show by themselves."""
    if not found.baseline or not found.target or found.target is found.change:
        return None
    start, target = _comparable(found.baseline), _comparable(found.target)
    if start[1] != target[1] or start[0] == target[0]:
        return None
    return "increase" if target[0] > start[0] else "decrease"


def _comparable(number: Number) -> tuple[float, str | None]:
    """Value and unit, lengths of time in hours."""
    hours = _HOURS.get(number.unit or "")
    return (number.value * hours, "hours") if hours else (number.value, number.unit)


_HOURS = {
    "ms": 1 / 3.6e6,
    "seconds": 1 / 3600,
    "minutes": 1 / 60,
    "hours": 1.0,
    "working days": 24.0,
    "days": 24.0,
    "weeks": 168.0,
    "months": 730.0,
    "quarters": 2190.0,
    "years": 8760.0,
}


def _better(metric: str) -> Direction | None:
    wanted = polarity(metric)
    if not wanted:
        return None
    return "decrease" if wanted == "lower" else "increase"


def _deadline(text: str, cycle: Cycle | None) -> Deadline | None:
    """The first deadline with a word such as "by", or else the last period named."""
    found = list(find_deadlines(text, cycle))
    explicit = [due for due in found if due.span.text.lower().startswith(("by", "before", "until"))]
    return explicit[0] if explicit else found[-1] if found else None
