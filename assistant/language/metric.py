"""What a goal measures: its numbers by role, and the words that name the measure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.language.clauses import lead_end, leads, skip_opening
from assistant.language.cues import Cue, cues
from assistant.language.lexicon import delivery_verbs, is_measure_head
from assistant.language.names import (
    end_of_name,
    has_name,
    name_after,
    name_before,
    touches,
    without_head,
    without_right_tail,
)
from assistant.language.number import Number
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.polarity import polarity
from assistant.language.roles import Roles, roles
from assistant.language.sides import Range, side_ranges


class Measured(NamedTuple):
    """What a goal measures, by position in the plain text."""

    metric: Range | None
    roles: Roles

    @property
    def pair(self) -> Range | None:
        """From the start value to the target, where both are stated."""
        start, target = self.roles.baseline, self.roles.target
        if not start or not target:
            return None
        return min(start.start, target.start), max(start.end, target.end)


_SHARE_OF = Pattern(r"\s(?:of|of the|of all|of our)\s(?!sales|revenue|turnover)")
_TOPIC_BEFORE = Pattern(r"\s*[,:–-]\s*(?:at least |over |more than )?")
_LEVEL_WORDS = Pattern(
    r"\b(?:at or (?:above|below|under|over)|below|above|under|within|stable|steady|constant|flat"
    r"|at (?:the|its|current|today))\b"
)
_LONGEST_TOPIC = 7
_SHORTEST_TOPIC = 3


@lru_cache(maxsize=4096)
def measured(text: str) -> Measured:
    """The measure of a goal sentence."""
    found = roles(text)
    anchor = _anchor(read(text).low, found)
    return Measured(_name_beside(text, found, anchor) if anchor else _name_alone(text), found)


def object_range(text: str) -> Range | None:
    """What the opening verb acts on, up to the next clause, deadline or means."""
    found, reading = leads(text), read(text)
    if not found:
        return None
    last = found[0]
    while following := next((other for other in found if touches(last, other)), None):
        last = following
    start = reading.tokens[last.at].start
    return _object_of(text, Cue(start, lead_end(reading, last), "reach", "verb"))


def _anchor(low: str, found: Roles) -> Number | None:
    """The number nearest to the name: the first of start and target, or else the change."""
    change = found.change
    levels = [n for n in (found.baseline, found.target) if n and n is not change]
    if not levels:
        return change or found.target
    first = min(levels, key=lambda n: n.start)
    if change and change.end <= first.start and not has_name(low[change.end : first.start]):
        return change
    return first


def _name_beside(text: str, found: Roles, anchor: Number) -> Range | None:
    left, right = name_before(text, found, anchor), name_after(text, found, anchor)
    if right and (not left or _counts_what_follows(text, found, anchor, left)):
        return right
    return left


def _counts_what_follows(text: str, found: Roles, anchor: Number, left: Range) -> bool:
    """Whether the number counts the words behind it although others stand before it.

    So it is in "Service desk: 70 % of tickets ..." and in "Roll out the app to 40 stores".
    """
    reading = read(text)
    if _SHARE_OF.match(reading.low, anchor.end):
        return _TOPIC_BEFORE.fullmatch(reading.low, left[1], anchor.start) is not None
    is_count = anchor.kind == "weak" or (anchor.kind == "count" and not anchor.unit)
    if not is_count or found.is_pair:
        return False
    return any(
        delivery_verbs().at(reading.tokens, lead.at)
        and reading.tokens[lead.at].start < anchor.start
        for lead in leads(text)
    )


def _name_alone(text: str) -> Range | None:
    """What a verb or word of direction acts on: "Reduce churn", "faster onboarding"."""
    sides = side_ranges(text)
    moving = [
        cue
        for cue in cues(text)
        if cue.way != "reach" and not any(start <= cue.start < end for start, end in sides)
    ]
    for cue in moving:
        if found := _object_of(text, cue) or _subject_of(text, cue):
            return found
    return None if moving or leads(text) else _bare_topic(read(text))


def _object_of(text: str, cue: Cue) -> Range | None:
    reading = read(text)
    ends = [end_of_name(text, cue.end)]
    ends += [other.start for other in cues(text) if other.start > cue.end and other.kind == "verb"]
    if cue.way == "hold" and (level := _LEVEL_WORDS.search(reading.low, cue.end + 1)):
        ends.append(level.start())
    tokens = [t for t in reading.tokens if cue.end <= t.start and t.end <= min(ends)]
    tokens = without_right_tail(without_head(tokens))
    return (tokens[0].start, tokens[-1].end) if tokens else None


def _subject_of(text: str, cue: Cue) -> Range | None:
    """What improves in "Average truck age improves"."""
    reading = read(text)
    if cue.kind != "verb":
        return None
    start = skip_opening(reading, 0, cue.start)
    tokens = [t for t in reading.tokens if start <= t.start and t.end <= cue.start]
    tokens = without_right_tail(without_head(tokens))
    return (tokens[0].start, tokens[-1].end) if tokens else None


def _bare_topic(reading: Reading) -> Range | None:
    """The whole text, if it is a short name of a known measure."""
    match = re.search(r"[([:,;]", reading.low)
    end = match.start() if match and match.start() >= _SHORTEST_TOPIC else len(reading.low)
    tokens = [token for token in reading.tokens if token.end <= end]
    if not tokens or len(tokens) > _LONGEST_TOPIC or polarity(reading.low[:end]) is None:
        return None
    head = re.split(r"\b(?:of|in|for|per|to|from|among|at|on|with)\b", reading.low[:end])[0].split()
    if not head or not (is_measure_head(head[-1]) or is_measure_head(tokens[-1].low)):
        return None
    return tokens[0].start, tokens[-1].end
