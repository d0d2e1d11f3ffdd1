"""What the trained models say in a scan: each question is worked out once, then remembered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from assistant.learned.relations import (
    EdgeOpinion,
    Embed,
    Pair,
    PeerOpinion,
    judge_edges,
    judge_peers,
)
from assistant.learned.scores import Scores, scores_of
from assistant.memory import Memory, Told, code_digest, digest, remembered
from assistant.models import Objective

_SCORES: TypeAdapter[Scores] = TypeAdapter(dict[str, float])
_VECTOR: TypeAdapter[list[float]] = TypeAdapter(list[float])
_EDGES, _PEERS = TypeAdapter(EdgeOpinion), TypeAdapter(PeerOpinion)


class Opinions:
    """Asks the trained models what the memory does not hold.

    Args:
        memory: open as long as this is asked.
        embed: see :func:`assistant.learned.relations.judge_edges`.
        embedder: the name of the model behind ``embed``.
    """

    def __init__(self, memory: Memory, embed: Embed, embedder: str) -> None:
        self.memory = memory
        self._embed = embed
        self._embedder = embedder

    def scores(self, objectives: Sequence[Objective], told: Told | None = None) -> list[Scores]:
        """See :func:`assistant.learned.scores.scores_of`."""
        return remembered(
            self.memory,
            objectives,
            lambda item: ("scores", models_digest("language"), item.texts),
            scores_of,
            _SCORES,
            told,
        )

    def edges(self, pairs: Sequence[Pair], told: Told | None = None) -> list[EdgeOpinion]:
        """See :func:`assistant.learned.relations.judge_edges`."""
        return remembered(
            self.memory,
            pairs,
            lambda pair: ("edge", models_digest(), self._embedder, *_texts(pair)),
            lambda some: judge_edges(some, self._embed),
            _EDGES,
            told,
        )

    def peers(self, pairs: Sequence[Pair], told: Told | None = None) -> list[PeerOpinion]:
        """See :func:`assistant.learned.relations.judge_peers`."""
        return remembered(
            self.memory,
            pairs,
            lambda pair: ("peer", models_digest(), *_texts(pair)),
            judge_peers,
            _PEERS,
            told,
        )


def _texts(pair: Pair) -> tuple[tuple[str, ...], ...]:
    return tuple(item.texts for item in pair)


def known_vectors(memory: Memory, embed: Embed, embedder: str) -> Embed:
    """Embeds texts that are no entries of the index, as far as they are not known from memory.

    Args:
        memory: open as long as this is used.
        embed: turns texts into vectors of length 1.
        embedder: the name of the model behind it.
    """

    def work_out(texts: Sequence[str]) -> list[list[float]]:
        return [row.tolist() for row in embed(texts)]

    def known(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = remembered(memory, texts, lambda text: ("vector", embedder, text), work_out, _VECTOR)
        return np.array(rows, dtype=np.float32) if rows else embed(texts)

    return known


@cache
def models_digest(*readers: str) -> str:
    """Changes when the trained models do, or what reads texts for them.

    Args:
        readers: further parts of the package that they depend on.
    """
    vendors = (version(name) for name in ("onnxruntime", "tokenizers", "numpy"))
    code = code_digest("learned", "index/minilm", "index/encoder.py", *readers)
    return digest(code, *vendors).hex()
