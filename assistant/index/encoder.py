"""Runs a transformer in ONNX format on the processor: the one place that knows onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelUnavailable
from assistant.index.embedder import Progress, encodable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]
    Mask = NDArray[np.int64]

TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_BATCH = 8
_MAX_WORKERS = 8
"""Batches of 8, one core each, were faster than larger ones or than several cores a batch."""

Text = str | tuple[str, str]
"""One sentence, or two that are read together."""


@dataclass(frozen=True)
class Encoder:
    """A model with its tokenizer.

    Attributes:
        take: makes the rows of a batch from the model's first output and the mask of the tokens.
    """

    tokenizer: Any
    session: Any
    pool: ThreadPoolExecutor
    take: Callable[[Rows, Mask], Rows]

    def run(self, texts: Sequence[Text], width: int, progress: Progress | None = None) -> Rows:
        """One row of ``width`` numbers for each text, in their order."""
        import numpy as np

        rows = np.empty((len(texts), width), dtype=np.float32)
        encodings = self.tokenizer.encode_batch([_encodable(text) for text in texts])
        batches = [*_batches([len(item.ids) for item in encodings])]
        jobs = [[encodings[position] for position in batch] for batch in batches]
        results = map(self._run, jobs) if len(jobs) == 1 else self.pool.map(self._run, jobs)
        done = 0
        for batch, found in zip(batches, results, strict=True):
            rows[batch] = found
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return rows

    def _run(self, encodings: list[Any]) -> Rows:
        import numpy as np

        longest = max(len(item.ids) for item in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)
        mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
        for row, item in enumerate(encodings):
            length = len(item.ids)
            ids[row, :length], kinds[row, :length], mask[row, :length] = item.ids, item.type_ids, 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        return self.take(self.session.run(None, inputs)[0], mask)


def load_encoder(model: bytes, *, most_tokens: int, take: Callable[[Rows, Mask], Rows]) -> Encoder:
    """Make an encoder of a model that was trained with the tokenizer beside this module.

    Args:
        model: the content of an ONNX file.
        most_tokens: longer texts are cut.
        take: see :class:`Encoder`.
    """
    words = verified(TOKENIZER, TOKENIZER_SHA256, "Install okr-review again.")

    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(words)
    tokenizer.no_padding()
    tokenizer.enable_truncation(most_tokens)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return Encoder(tokenizer, session, ThreadPoolExecutor(_workers(), "encode"), take)


def verified(path: Path, expected: str, advice: str) -> bytes:
    """The content of a model's file.

    Raises:
        ModelUnavailable: it cannot be read, or is another one than expected.
    """
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


def _encodable(text: Text) -> Text:
    return encodable(text) if isinstance(text, str) else (encodable(text[0]), encodable(text[1]))


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Positions of texts of about the same length, so that little padding is computed."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _workers() -> int:
    """The cores this process may use, within reason."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(usable or 1, _MAX_WORKERS))
