"""What turns text into vectors, whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from assistant.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.settings import Settings

    Vectors = NDArray[np.float32]

Progress = Callable[[int, int], None]
"""Takes how many are done and how many there are."""


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that a dot product is a cosine."""

    @property
    def name(self) -> str:
        """Identifies the model, its version and its content; cheap to ask for."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        ...

    def warm(self) -> None:
        """Load the model, in the background where that is safe."""
        ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of the texts.

        Args:
            texts: any text; what is longer than the model reads is cut off.
            progress: told from time to time how many texts are done.

        Returns:
            float32 of shape (number of texts, dimensions), in the order of the texts. The same
            text gets the same vector, whatever stands beside it.

        Raises:
            ModelUnavailable: the model is missing, not the expected one, or does not answer.
        """
        ...


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Nothing is loaded yet.

    Raises:
        ConfigurationError: a setting that it needs is missing, or one contradicts it.
    """
    if settings.embedder == "onnx":
        if settings.embedding_model:
            raise ConfigurationError(
                f"OKR_EMBEDDING_MODEL is '{settings.embedding_model}', but the embedder 'onnx' "
                "comes with its own model. Unset it, or set OKR_EMBEDDER to "
                "'sentence-transformers' or 'http'."
            )
        from assistant.index.onnx import OnnxEmbedder

        return OnnxEmbedder()
    if not settings.embedding_model:
        raise ConfigurationError(
            f"The embedder '{settings.embedder}' needs the name of a model. "
            "Set OKR_EMBEDDING_MODEL."
        )
    if settings.embedder == "sentence-transformers":
        from assistant.index.sentence_transformers import SentenceEmbedder

        return SentenceEmbedder(settings.embedding_model)
    if not settings.embedding_base_url:
        raise ConfigurationError(
            "The embedder 'http' needs an address. Set OKR_EMBEDDING_BASE_URL, "
            "for example to http://localhost:8080/v1."
        )
    from assistant.index.http import HttpEmbedder

    return HttpEmbedder(
        settings.embedding_base_url, settings.embedding_model, settings.embedding_api_key
    )


def encodable(text: str) -> str:
    """The text with what UTF-8 cannot carry (lone surrogates) replaced by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
