"""What an entry must fulfil to be looked at, told once and translated for each store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Field = Literal["kind", "gate", "team", "cycle", "owner"]
"""A column of the records and a metadata key in Chroma."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One field holds one of the values, or with ``exclude`` none of them.

    Attributes:
        values: compared exactly; the empty text stands for no team or no cycle.
    """

    field: Field
    values: tuple[str, ...]
    exclude: bool = False


def among(field: Field, values: Iterable[str | None]) -> Condition:
    """The field holds one of the values; None stands for none at all."""
    return Condition(field, _sorted(values))


def not_among(field: Field, values: Iterable[str | None]) -> Condition:
    """The field holds none of the values."""
    return Condition(field, _sorted(values), exclude=True)


def _sorted(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value or "" for value in values}))
