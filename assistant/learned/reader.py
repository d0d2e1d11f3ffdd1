"""The reader: a small fine-tuned encoder that tells every label of a text in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelUnavailable
from assistant.learned.reading import Part, Text

if TYPE_CHECKING:
    from assistant.index.encoder import Encoder, Output

Odds = NDArray[np.float32]
"""A number for each label, or a row of them for each text."""

MODEL = Path(__file__).parent / "artefacts" / "reader.onnx"
MOST_TOKENS = 160
"""Longer texts are cut."""


def read(texts: Sequence[tuple[Text, Sequence[Part]]]) -> list[Odds]:
    """Read texts, and the parts of their second half.

    Args:
        texts: each with the parts that are judged on their own.

    Returns:
        For each text log odds of shape (1 + parts, labels): the whole first, then each part.
        A part beyond what the reader sees gets those of the whole.

    Raises:
        ModelUnavailable: the reader is missing or damaged.
    """
    return [*read_each(texts)]


def read_each(texts: Sequence[tuple[Text, Sequence[Part]]]) -> Iterator[Odds]:
    """As :func:`read`, each as soon as it is done: other cores read on meanwhile."""
    if not texts:
        return
    plain = [first if second is None else (first, second) for (first, second), _ in texts]

    def take(output: Output) -> Odds:
        return _pooled(output, texts[output.position][1])

    for _, odds in _encoder().run(plain, take):
        yield odds


def _pooled(output: Output, parts: Sequence[Part]) -> Odds:
    whole = output.tokens.mean(axis=0)
    rows = [whole]
    for start, end in parts:
        tokens = _tokens(output, start, end)
        rows.append(output.tokens[tokens].mean(axis=0) if tokens is not None else whole)
    return np.stack(rows)


def _tokens(output: Output, start: int, end: int) -> slice | None:
    first = output.encoding.char_to_token(start, 1)
    last = output.encoding.char_to_token(max(start, end - 1), 1)
    return None if first is None or last is None else slice(first, last + 1)


@cache
def _encoder() -> Encoder:
    from assistant.index.encoder import load_encoder

    try:
        content = MODEL.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"The trained reader cannot be read from '{MODEL}' ({error.strerror}). Install the "
            "package again, or run `make train` in a checkout."
        ) from None
    try:
        return load_encoder(content, most_tokens=MOST_TOKENS, batch=1)
    except (RuntimeError, ValueError) as error:
        raise ModelUnavailable(
            f"The trained reader in '{MODEL}' is damaged ({type(error).__name__}). Install the "
            "package again, or run `make train` in a checkout."
        ) from None
