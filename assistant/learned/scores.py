"""What the heads say about drafts, as the rules want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.learned.heads import judge
from assistant.models import Objective

if TYPE_CHECKING:
    from assistant.index.embedder import Embedder

TRAINED_ON = "onnx:all-MiniLM-L6-v2"
"""How the name of the embedder begins that the heads were trained with."""

Scores = Mapping[str, float]
"""Probabilities by ``CODE@ELEMENT``, only of those that are sure enough to fire."""


def scores_of(objectives: Sequence[Objective], embedder: Embedder | None = None) -> list[Scores]:
    """Ask the heads about each objective.

    Args:
        objectives: drafts in English.
        embedder: used where it is the model that the heads were trained with; otherwise that
            model is loaded, since weights fit no other.

    Raises:
        ModelUnavailable: a head or the embedding model is missing or damaged.
    """
    if not objectives:
        return []
    if embedder is None or not embedder.name.startswith(TRAINED_ON):
        from assistant.index.onnx import OnnxEmbedder

        embedder = OnnxEmbedder()
    return [
        {f"{item.code}@{item.on}": item.probability for item in opinions if item.fires}
        for opinions in judge(objectives, embedder.embed)
    ]
