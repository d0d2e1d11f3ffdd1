"""The parts of a goal that a cascade can change: what, for whom, which way, how, by when."""

from __future__ import annotations

from assistant.language.direction import find_direction
from assistant.language.metric import measured, object_range
from assistant.language.parse import parse_measure
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.polarity import polarity
from assistant.language.segments import (
    find_guard,
    find_mechanism,
    find_segments,
    segment_ranges,
)
from assistant.language.sides import mechanism_range
from assistant.models import Cycle, Deadline, Measure, Noun, Span

Range = tuple[int, int]


class Slots(Noun):
    """What a goal says, part by part; a part that it does not say is None or empty.

    Attributes:
        what: what is to be better: the metric without the segment behind it, or else the
            object of the opening verb ("new gateway").
        measure: metric, start, target, direction and deadline as parsed.
        segments: for whom and where.
        direction: the words that state the direction, if words do.
        mechanism: the means ("by automating triage").
        horizon: the deadline or period.
        guard: what must not get worse ("without raising prices").
    """

    what: Span | None = None
    measure: Measure = Measure()
    segments: tuple[Span, ...] = ()
    direction: Span | None = None
    mechanism: Span | None = None
    horizon: Deadline | None = None
    guard: Span | None = None


_PREPOSITION = Pattern(
    r"[\s(]+(?:in|of|for|among|amongst|from|at|on|across|within|by|with|to|throughout|between)"
    r"(?: (?:the|our|all|every|each|a|an))?\s+$"
)
_WINDOW = 32
_EMPTY_HEADS = Pattern(
    r"(?:the )?(?:share|number|proportion|percentage|part|count|rate|total|average|median|amount|%)"
    r"(?: of)?"
)


def parse_slots(text: str, cycle: Cycle | None = None) -> Slots:
    """Read the slots of an objective or key result.

    Args:
        text: the sentence.
        cycle: the planning period around it, for days without a year.
    """
    reading = read(text)
    direction = find_direction(text)
    measure = parse_measure(text, cycle)
    return Slots(
        what=_what(text, reading),
        measure=measure,
        segments=tuple(_own_segments(text)),
        direction=direction[1] if direction else None,
        mechanism=find_mechanism(text),
        horizon=measure.deadline,
        guard=find_guard(text),
    )


def _own_segments(text: str) -> list[Span]:
    """The segments outside the mechanism: "through partners" is a means, not a market."""
    means = mechanism_range(text)
    ranges = segment_ranges(text)
    return [
        span
        for span, (start, _) in zip(find_segments(text), ranges, strict=True)
        if not (means and means[0] <= start < means[1])
    ]


def _what(text: str, reading: Reading) -> Span | None:
    found = measured(text).metric or object_range(text)
    if not found:
        return None
    start, end = found
    for segment_start, _ in segment_ranges(text):
        if not start < segment_start < end:
            continue
        before = _PREPOSITION.search(
            reading.low, max(start, segment_start - _WINDOW), segment_start
        )
        if not before:
            continue
        head = reading.low[start : before.start()].strip()
        if _EMPTY_HEADS.fullmatch(head):
            continue
        if polarity(head) or len(head.split()) > 1 or not measured(text).metric:
            return reading.span(start, before.start())
    return reading.span(start, end)
