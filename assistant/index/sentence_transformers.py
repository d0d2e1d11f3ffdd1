"""Any model of sentence-transformers; an optional extra, since it brings PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelUnavailable
from assistant.index.embedder import Progress, encodable
from assistant.index.lazy import Lazy

if TYPE_CHECKING:
    from assistant.index.embedder import Vectors

_CHUNK = 256
_WEIGHTS = frozenset({".safetensors", ".bin", ".onnx"})


class SentenceEmbedder:
    """Embeds with a sentence-transformers model.

    Args:
        model: a folder, or the name of a model on the hub, which is downloaded on first use.

    Raises:
        ModelUnavailable: sentence-transformers is not installed.
    """

    def __init__(self, model: str) -> None:
        if find_spec("sentence_transformers") is None:
            raise ModelUnavailable(
                "The embedder 'sentence-transformers' is not installed. "
                "Install the extra: pip install 'okr-review[sentence-transformers]'."
            )
        self._model = model
        self._loaded = Lazy(lambda: _load(model))
        self._dimensions = Lazy(lambda: int(self._loaded.get().encode("dimensions").shape[0]))
        self._name = Lazy(lambda: f"sentence-transformers:{model}:{self._revision()}")

    @property
    def name(self) -> str:
        """The model with the hash of its weights, or with its revision on the hub."""
        return self._name.get()

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has; this loads the model."""
        return self._dimensions.get()

    def warm(self) -> None:
        """Load the model; its many imports are not safe in a thread."""
        self._loaded.get()

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See :class:`assistant.index.embedder.Embedder`."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _CHUNK):
            chunk = [encodable(text) for text in texts[start : start + _CHUNK]]
            vectors[start : start + len(chunk)] = self._loaded.get().encode(
                chunk, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(start + len(chunk), len(texts))
        return vectors

    def _revision(self) -> str:
        folder = Path(self._model)
        if folder.is_dir():
            return _weights_hash(folder)
        known = _hub_revision(self._model)
        if known is None:
            self._loaded.get()
            known = _hub_revision(self._model)
        return known or "unknown revision"


def _load(model: str) -> Any:
    try:
        return import_module("sentence_transformers").SentenceTransformer(model, device="cpu")
    except Exception as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelUnavailable(
            f"The sentence-transformers model '{model}' cannot be loaded ({first_line}). "
            "Set OKR_EMBEDDING_MODEL to a folder or to the name of a model on the hub."
        ) from error


def _weights_hash(folder: Path) -> str:
    digest = sha256()
    for path in sorted(item for item in folder.rglob("*") if item.suffix in _WEIGHTS):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as weights:
            while block := weights.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:12]


def _hub_revision(model: str) -> str | None:
    """The commit of the downloaded copy, which is part of its path in the cache."""
    found = import_module("huggingface_hub").try_to_load_from_cache(model, "config.json")
    return Path(found).parent.name[:12] if isinstance(found, str) else None
