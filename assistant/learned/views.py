"""How an element of a draft is shown to a head: a dense row and a sparse one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.learned.ngrams import BUCKETS, hashed
from assistant.learned.signs import WIDTH, signs
from assistant.models import Objective

Vector = NDArray[np.float32]
Vectors = Mapping[str, Vector]
"""The embedding of each text of the drafts, of length 1."""

Look = Literal["objective", "key-result", "fit", "set"]
"""``objective`` and ``key-result``: the sentence alone; ``fit``: a key result beside its objective
and its siblings; ``set``: the objective with all key results together."""

_SIGN_SCALE = 0.5
_TEXT_SCALE = 2.0
_PRODUCT_SCALE = 20.0
_ALONE = 0.3
"""Stands in for a cosine where there is no other key result to compare with."""

_MOST_COUNTED = 6


@dataclass(frozen=True)
class View:
    """One element as numbers: ``dense`` of fixed length for its look, ``sparse`` by bucket."""

    dense: Vector
    sparse: dict[int, float]


def look_at(look: Look, objective: Objective, on: str, vectors: Vectors) -> View:
    """Show one element.

    Args:
        look: what is seen of its surroundings.
        objective: the draft.
        on: the element, ``objective``, ``kr:N`` or ``set``.
        vectors: holds all texts of the draft.
    """
    if look == "set":
        return _set(objective, vectors)
    text = objective.element(on) or ""
    if look == "fit":
        return _fit(objective, text, vectors)
    dense = np.concatenate([np.array(signs(text)) * _SIGN_SCALE, vectors[text] * _TEXT_SCALE])
    return View(dense.astype(np.float32), hashed(text))


def _fit(objective: Objective, text: str, vectors: Vectors) -> View:
    aim, own = vectors[objective.text], vectors[text]
    others = [vectors[item.text] for item in objective.key_results if item.text != text]
    to_aim = [float(other @ aim) for other in others]
    to_own = [float(other @ own) for other in others]
    near = float(own @ aim)
    relations = (
        near,
        near - (float(np.mean(to_aim)) if to_aim else _ALONE),
        float(np.mean(to_own)) if to_own else _ALONE,
        max(to_own, default=_ALONE),
    )
    dense = np.concatenate(
        [np.array(signs(text)), np.array(relations), aim * own * _PRODUCT_SCALE, own * _TEXT_SCALE]
    )
    return View(dense.astype(np.float32), hashed(text))


def _set(objective: Objective, vectors: Vectors) -> View:
    results = [item.text for item in objective.key_results]
    rows = np.array([signs(text) for text in results]) if results else np.zeros((1, WIDTH))
    aim = vectors[objective.text]
    own = np.array([vectors[text] for text in results]) if results else np.zeros((1, len(aim)))
    near = own @ aim
    counted = [float(len(results) == number) for number in range(_MOST_COUNTED + 1)]
    facts = np.concatenate(
        [
            np.array(signs(objective.text)),
            rows.mean(axis=0),
            rows.max(axis=0),
            np.array(counted),
            np.array([near.mean(), near.max(), near.min()]),
        ]
    )
    dense = np.concatenate([facts * _SIGN_SCALE, aim * _TEXT_SCALE, own.mean(axis=0) * _TEXT_SCALE])
    joined = {BUCKETS + bucket: weight for bucket, weight in hashed(" | ".join(results)).items()}
    return View(dense.astype(np.float32), {**hashed(objective.text), **joined})
