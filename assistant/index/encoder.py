"""Runs a transformer in ONNX format on the processor: the one place that knows onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from assistant.errors import ModelUnavailable
from assistant.index.embedder import encodable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

BATCH = 8
_SLICE = 1024
"""Texts that are in tokens at the same time; long lists would fill the memory with them."""

_MAX_WORKERS = 8
"""Batches of 8, one core each, were faster than larger ones or than several cores a batch."""

T = TypeVar("T")
Text = str | tuple[str, str]
"""One sentence, or two that are read together."""


class Output(NamedTuple):
    """What the model says of one text.

    Attributes:
        position: which text.
        tokens: a row for each token, special ones included.
        encoding: where each token stands in the text.
    """

    position: int
    tokens: Rows
    encoding: Any


@dataclass(frozen=True)
class Encoder:
    """A model with its tokenizer."""

    tokenizer: Any
    session: Any
    pool: ThreadPoolExecutor
    batch: int

    def run(self, texts: Sequence[Text], take: Callable[[Output], T]) -> Iterator[tuple[int, T]]:
        """Run the model on every text, those of about the same length together, or one by one.

        Args:
            texts: in any order.
            take: what is kept of each output; called in several threads.

        Yields:
            The position of each text with what was kept of it, as the batches are done; in the
            order of the texts where a batch is one text.
        """
        for start in range(0, len(texts), _SLICE):
            yield from self._run_slice(texts[start : start + _SLICE], start, take)

    def _run_slice(
        self, texts: Sequence[Text], first: int, take: Callable[[Output], T]
    ) -> Iterator[tuple[int, T]]:
        encodings = self.tokenizer.encode_batch([_encodable(text) for text in texts])
        batches = [*_batches([len(item.ids) for item in encodings], self.batch)]

        def work(batch: list[int]) -> list[tuple[int, T]]:
            return [
                (first + output.position, take(output._replace(position=first + output.position)))
                for output in self._run(batch, [encodings[position] for position in batch])
            ]

        found = map(work, batches) if len(batches) == 1 else self.pool.map(work, batches)
        for batch in found:
            yield from batch

    def _run(self, batch: list[int], encodings: list[Any]) -> Iterator[Output]:
        import numpy as np

        longest = max(len(item.ids) for item in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)
        mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
        for row, item in enumerate(encodings):
            length = len(item.ids)
            ids[row, :length], kinds[row, :length], mask[row, :length] = item.ids, item.type_ids, 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        states = self.session.run(None, inputs)[0]
        for row, (position, item) in enumerate(zip(batch, encodings, strict=True)):
            yield Output(position, states[row, : len(item.ids)], item)


def load_encoder(model: bytes, *, most_tokens: int, batch: int = BATCH) -> Encoder:
    """Make an encoder of a model that was trained with the tokenizer beside this module.

    Args:
        model: the content of an ONNX file.
        most_tokens: longer texts are cut.
        batch: texts that are run together. With int8 weights a text's numbers depend a little on
            what it is run with; 1 where they must not.
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
    return Encoder(tokenizer, session, ThreadPoolExecutor(_workers(), "encode"), batch)


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


def _batches(lengths: list[int], size: int) -> Iterator[list[int]]:
    """Positions of texts of about the same length, so that little padding is computed."""
    order = [*range(len(lengths))]
    if size > 1:
        order.sort(key=lengths.__getitem__)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _workers() -> int:
    """The cores this process may use, within reason."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(usable or 1, _MAX_WORKERS))
