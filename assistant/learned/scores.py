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


def fitting_embedder(embedder: Embedder | None) -> Embedder:
    """The embedder itself where it is the model that the heads were trained with, or else that.

    Raises:
        ModelUnavailable: that model is missing or damaged, told when it is first used.
    """
    if embedder is not None and embedder.name.startswith(TRAINED_ON):
        return embedder
    from assistant.index.onnx import OnnxEmbedder

    return OnnxEmbedder()


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
    fitting = fitting_embedder(embedder)
    return [
        {f"{item.code}@{item.on}": item.probability for item in opinions if item.fires}
        for opinions in judge(objectives, fitting.embed)
    ]
