"""How an element of a draft is shown to a head: words and letters, and what parsing says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.learned.labels import Look
from assistant.learned.ngrams import BUCKETS, hashed
from assistant.learned.signs import WIDTH, signs
from assistant.models import Objective

Vector = NDArray[np.float32]

_SIGN_SCALE = 0.5
_MOST_COUNTED = 6


@dataclass(frozen=True)
class View:
    """One element as numbers: ``dense`` of fixed length for its look, ``sparse`` by bucket."""

    dense: Vector
    sparse: dict[int, float]

    @cached_property
    def columns(self) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The sparse part as buckets and weights."""
        size = len(self.sparse)
        buckets = np.fromiter(self.sparse, dtype=np.intp, count=size)
        return buckets, np.fromiter(self.sparse.values(), dtype=np.float64, count=size)


def look_at(look: Look, objective: Objective, on: str) -> View:
    """Show one element.

    Args:
        look: what is seen of its surroundings.
        objective: the draft.
        on: the element, ``objective``, ``kr:N`` or ``set``.
    """
    if look == "set":
        return _set(objective)
    text = objective.element(on) or ""
    facts = [np.array(signs(text))]
    if look == "fit":
        facts.append(_rows(item.text for item in objective.key_results).max(axis=0))
    dense = np.concatenate(facts) * _SIGN_SCALE
    return View(dense.astype(np.float32), hashed(text))


def _set(objective: Objective) -> View:
    results = [item.text for item in objective.key_results]
    rows = _rows(results)
    counted = [float(len(results) == number) for number in range(_MOST_COUNTED + 1)]
    facts = np.concatenate(
        [
            np.array(signs(objective.text)),
            rows.mean(axis=0),
            rows.max(axis=0),
            rows.min(axis=0),
            np.array(counted),
        ]
    )
    joined = {BUCKETS + bucket: weight for bucket, weight in hashed(" | ".join(results)).items()}
    dense = (facts * _SIGN_SCALE).astype(np.float32)
    return View(dense, {**hashed(objective.text), **joined})


def _rows(texts: Iterable[str]) -> NDArray[np.float64]:
    rows = [signs(text) for text in texts]
    return np.array(rows) if rows else np.zeros((1, WIDTH))
