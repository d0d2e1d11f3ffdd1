"""Finds numbers: the gradable quantities of a goal, and literally everything number-like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from assistant.language.figures import find_numbers, same_number
from assistant.language.number import Number
from assistant.language.number_digits import in_digits
from assistant.language.number_words import in_words
from assistant.language.plain import Reading, read
from assistant.models import Quantity

__all__ = ["as_quantity", "find_numbers", "find_quantities", "numbers", "same_number"]


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield every number that a goal could be graded by, in order and without overlap.

    Dates, versions, standards, priorities, ids and denominators ("per 1,000 patients") are no
    quantities. A share in words or parts ("one in five", "7 of 10 customers") is given in ``%``;
    a score on a scale keeps the scale as its unit (``/5``); a range counts with its first
    bound; factors ("double", "2x", "halve") have the unit ``x``; "all" and "every" are 100 %
    unless they only say where ("in all stores"); "no", "none" and "nobody" are 0. The sign of
    "-5 %" stands in the span, not in the value.
    """
    reading = read(text)
    for number in numbers(text):
        yield as_quantity(reading, number)


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[Number, ...]:
    """Every gradable number, by position in the plain text."""
    reading = read(text)
    found = sorted((*in_digits(reading), *in_words(reading)), key=lambda n: (n.start, -n.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return tuple(kept)


def as_quantity(reading: Reading, number: Number) -> Quantity:
    """The public value for a number of this reading."""
    return Quantity(
        value=number.value,
        unit=number.unit,
        span=reading.span(number.start, number.end),
    )
