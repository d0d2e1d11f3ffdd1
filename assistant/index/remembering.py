"""An embedder that embeds no text twice, for the length of one review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.index.embedder import Embedder, Progress, Vectors


class RememberingEmbedder:
    """Answers from memory what another embedder has said before. Keeps all it was asked.

    Args:
        embedder: asked about texts that are new.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """The name of the embedder behind it."""
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._embedder.dimensions

    def warm(self) -> None:
        """Load the model behind it."""
        self._embedder.warm()

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See :class:`assistant.index.embedder.Embedder`."""
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.embed(new, progress), strict=True))
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])
