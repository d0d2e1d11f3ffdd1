"""What parsing says about a sentence, as a row of numbers from 0 to 1."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.parse import parse_measure
from assistant.language.quantities import find_quantities
from assistant.language.segments import find_guard, find_mechanism, find_segments
from assistant.language.verbs import (
    find_delivery,
    find_effect,
    find_evidence_criterion,
    find_maintain,
    leading_verb,
)

_SHORT, _LONG = (3, 6), (14, 18)
"""Words up to which a sentence is short, and beyond which it is long."""

_OPENING = 3
"""A delivery that begins before this character leads the sentence."""


@lru_cache(maxsize=4096)
def signs(text: str) -> tuple[float, ...]:
    """The signs of one sentence; the order is fixed, since trained weights refer to it."""
    measure = parse_measure(text)
    delivery, effect = find_delivery(text), find_effect(text)
    evidence, quantities = find_evidence_criterion(text), len(list(find_quantities(text)))
    words = len(text.split())
    found = (
        delivery is not None,
        delivery is not None and delivery.start < _OPENING,
        effect is not None,
        evidence is not None,
        delivery is not None and effect is None and evidence is None,
        delivery is not None and measure.baseline is not None,
        find_maintain(text) is not None,
        leading_verb(text) is not None,
        find_guard(text) is not None,
        find_mechanism(text) is not None,
        next(iter(find_segments(text)), None) is not None,
        measure.metric is not None,
        measure.baseline is not None,
        measure.target is not None,
        measure.unit is not None,
        measure.unit in ("%", "percent"),
        measure.deadline is not None,
        measure.direction == "increase",
        measure.direction == "decrease",
        measure.direction == "reach",
        measure.direction == "hold",
        quantities == 0,
        quantities == 1,
        quantities > 1,
        any(character.isdigit() for character in text),
        *(words <= limit for limit in _SHORT),
        *(words > limit for limit in _LONG),
    )
    return tuple(float(item) for item in found)


WIDTH = len(signs(""))
