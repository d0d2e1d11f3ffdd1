"""What the heads say about single elements, for texts that are tried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.learned.heads import LOOKS, Embed, elements, load
from assistant.learned.scores import Scores
from assistant.learned.views import Look, Vectors, View, look_at
from assistant.models import Objective


def scores_of_elements(drafts: Sequence[tuple[Objective, str]], embed: Embed) -> list[Scores]:
    """Ask the heads about one element of each draft, with all texts embedded in one go.

    Args:
        drafts: drafts in English, each with the name of the element.
        embed: turns texts into vectors of length 1, one row each.

    Returns:
        Probabilities by ``CODE@ELEMENT``, only of those that are sure enough to fire.

    Raises:
        ModelUnavailable: an artefact is missing or damaged.
    """
    texts = list(dict.fromkeys(text for objective, _ in drafts for text in objective.texts))
    vectors = dict(zip(texts, embed(texts), strict=True)) if texts else {}
    return [dict(_sure(objective, on, vectors)) for objective, on in drafts]


def _sure(objective: Objective, on: str, vectors: Vectors) -> Iterator[tuple[str, float]]:
    views: dict[Look, View] = {}
    for code, look in LOOKS.items():
        if on not in elements(code, objective):
            continue
        if look not in views:
            views[look] = look_at(look, objective, on, vectors)
        head = load(code)
        probability = head.probability(views[look])
        if probability >= head.threshold:
            yield f"{code}@{on}", probability
