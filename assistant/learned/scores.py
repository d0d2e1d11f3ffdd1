"""What the heads say about drafts, as the rules want it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.learned.heads import Opinion, judge
from assistant.models import Objective

Scores = Mapping[str, float]
"""Probabilities by ``CODE@ELEMENT``, only of those that are sure enough to fire."""


def scores_of(objectives: Sequence[Objective]) -> list[Scores]:
    """Ask the heads about each objective.

    Args:
        objectives: drafts in English.

    Raises:
        ModelUnavailable: a head or the reader is missing or damaged.
    """
    return [_sure(opinions) for opinions in judge(objectives)]


def scores_of_elements(drafts: Sequence[tuple[Objective, str]]) -> list[Scores]:
    """Ask the heads about one element of each draft, for texts that are tried out.

    Args:
        drafts: drafts in English, each with the name of the element.

    Raises:
        ModelUnavailable: a head or the reader is missing or damaged.
    """
    return [_sure(found) for found in judge([item for item, _ in drafts], [on for _, on in drafts])]


def _sure(opinions: Iterable[Opinion]) -> Scores:
    return {f"{item.code}@{item.on}": item.probability for item in opinions if item.fires}
