"""What can be told of two OKRs without reading one in the light of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from assistant.language.stems import content_stems, likeness
from evals.cases import Okr
from evals.metrics import Floats

Two = tuple[Okr, Okr]
_FEWEST = 20
"""Labelled examples on each side of a threshold, at least."""

Label = TypeVar("Label", bound=str)


def cosines(pairs: Sequence[Two]) -> Floats:
    """The cosine of the two texts of each pair, from -1 to 1."""
    from assistant.index.onnx import OnnxEmbedder

    texts = sorted({okr.text for pair in pairs for okr in pair})
    vectors = dict(zip(texts, OnnxEmbedder().embed(texts), strict=True))
    return np.array([vectors[one.text] @ vectors[other.text] for one, other in pairs])


def overlaps(pairs: Sequence[Two]) -> Floats:
    """What the two texts of each pair share of all their content words, from 0 to 1."""
    return np.array(
        [likeness(content_stems(one.text), content_stems(other.text)) for one, other in pairs]
    )


class Thresholds:
    """Cuts a number into labels.

    Args:
        values: of labelled examples.
        labels: of the same examples; they are weighted alike, however rare.
        steps: how many stretches the number is cut into, at most.
    """

    def __init__(self, values: Floats, labels: Sequence[str], steps: int) -> None:
        from sklearn.tree import DecisionTreeClassifier

        fewest = min(_FEWEST, max(1, len(labels) // steps))
        self._tree = DecisionTreeClassifier(
            max_leaf_nodes=steps, min_samples_leaf=fewest, class_weight="balanced", random_state=0
        ).fit(values[:, None], labels)

    def likely(self, values: Floats) -> list[Mapping[str, float]]:
        """How likely each label is, for each value."""
        names = self._tree.classes_.tolist()
        found = self._tree.predict_proba(values[:, None]).tolist()
        return [dict(zip(names, row, strict=True)) for row in found]


def likeliest(likely: Mapping[Label, float]) -> Label:
    """The label that is most likely."""
    return max(likely, key=lambda label: likely[label])
