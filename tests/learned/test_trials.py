"""A single element is judged as it is in its draft, and no text is embedded twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.index.onnx import OnnxEmbedder
from assistant.index.remembering import RememberingEmbedder
from assistant.language.parse import parse_measure
from assistant.learned.scores import scores_of
from assistant.learned.trials import scores_of_elements
from assistant.models import KeyResult, Objective

TEXTS = ("Launch the new portal", "Page views from 40k to 90k", "Improve it")
OBJECTIVE = Objective(
    id="o",
    text="Deliver an outstanding experience",
    key_results=tuple(
        KeyResult(id=f"k{number}", text=text, measure=parse_measure(text))
        for number, text in enumerate(TEXTS)
    ),
)


class Counting:
    """Counts what the embedder behind it is asked for."""

    name = OnnxEmbedder.name
    dimensions = OnnxEmbedder.dimensions

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._embedder = OnnxEmbedder()

    def warm(self) -> None:
        self._embedder.warm()

    def embed(self, texts: Sequence[str], progress: object = None) -> np.ndarray:  # type: ignore[type-arg]
        self.asked.extend(texts)
        return self._embedder.embed(texts)


@pytest.mark.parametrize("on", ["objective", "kr:1", "kr:2", "set"])
def test_one_element_is_judged_as_in_the_whole_draft(on: str) -> None:
    embedder = OnnxEmbedder()
    whole = scores_of([OBJECTIVE], embedder)[0]
    (alone,) = scores_of_elements([(OBJECTIVE, on)], embedder.embed)
    expected = {key: value for key, value in whole.items() if key.endswith(f"@{on}")}
    assert alone == pytest.approx(expected)


def test_what_is_known_is_not_embedded_again() -> None:
    counting = Counting()
    memory = RememberingEmbedder(counting)
    first = memory.embed(["a", "b", "a"])
    again = memory.embed(["b", "c"])
    assert counting.asked == ["a", "b", "c"]
    assert first.shape == (3, memory.dimensions)
    assert np.array_equal(first[1], again[0])
    assert memory.embed([]).shape == (0, memory.dimensions)
