"""For whom or where a goal applies."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from assistant.language.groups import group_ranges
from assistant.language.places import place_ranges
from assistant.language.plain import read
from assistant.language.sides import Range, find_guard, find_mechanism, guard_range
from assistant.models import Span

__all__ = ["find_guard", "find_mechanism", "find_segments", "segment_ranges"]


def find_segments(text: str) -> Iterator[Span]:
    """Yield the words that say for whom or where: people, organisations, places, channels.

    A span holds the noun phrase alone, without preposition and article: ``enterprise
    customers``, ``DACH``, ``tier-1 suppliers``, ``Leeds depot``. People in a guard ("without
    more staff") are no segment of the goal.
    """
    reading = read(text)
    for start, end in segment_ranges(text):
        yield reading.span(start, end)


@lru_cache(maxsize=4096)
def segment_ranges(text: str) -> tuple[Range, ...]:
    """Where segments stand in the plain text, in order and without overlap."""
    found = sorted({*group_ranges(text), *place_ranges(text)}, key=lambda r: (r[0], -r[1]))
    guard = guard_range(text)
    kept: list[Range] = []
    for start, end in found:
        if guard and guard[0] <= start < guard[1]:
            continue
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        else:
            kept.append((start, end))
    return tuple(kept)
