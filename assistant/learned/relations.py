"""What the trained reader says about two objectives: does one serve the other, do they collide."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelUnavailable
from assistant.learned.labels import COLUMN, CONFLICTS, DRIFTS, EDGES, PEERS
from assistant.learned.reader import read
from assistant.learned.reading import of_pair
from assistant.models import ConflictSubtype, DriftSubtype, Noun, Objective, PeerKind

Pair = tuple[Objective, Objective]
Numbers = NDArray[np.float64]
Texts = tuple[str, ...]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
WEIGHTS = Path(__file__).parent / "artefacts" / "relations.json"
"""What turns log odds into calibrated probabilities; set on the dev split."""

EMBEDDER = "onnx:all-MiniLM-L6-v2"
"""How the name of the embedder begins that the scales were set with."""

_EDGE_COLUMNS = [COLUMN[f"edge:{name}"] for name in EDGES]
_DRIFT_COLUMNS = [COLUMN[f"drift:{name}"] for name in DRIFTS]
_PEER_COLUMNS = [COLUMN[f"peer:{name}"] for name in PEERS]
_CONFLICT_COLUMNS = [COLUMN[f"conflict:{name}"] for name in CONFLICTS]
_NEEDS = COLUMN["needs"]

Name = TypeVar("Name", bound=str)


class EdgeOpinion(Noun):
    """How a child relates to a parent.

    Attributes:
        serves: how likely the child's success advances the parent, from 0 to 1, calibrated.
        unrelated: how likely there is no causal path at all.
        subtypes: if it drifted, how likely in which way; sums to 1.
    """

    serves: float
    unrelated: float
    subtypes: Mapping[DriftSubtype, float]


class PeerOpinion(Noun):
    """What two objectives of different teams are to each other.

    Attributes:
        kinds: how likely each kind, sums to 1.
        subtypes: if it is a conflict, how likely in which way; sums to 1.
        a_needs_b: if it is a dependency, how likely the first needs the second.
    """

    kinds: Mapping[PeerKind, float]
    subtypes: Mapping[ConflictSubtype, float]
    a_needs_b: float


class Scales(Noun):
    """How log odds become probabilities (Platt, 1999; Guo et al., 2017, temperature scaling).

    Attributes:
        serves: a weight for each of :data:`assistant.learned.labels.EDGES`, one for each of the two
            numbers of :func:`closeness`, then the offset.
        unrelated: likewise.
        subtypes: the inverse temperature of the drift subtypes.
        kinds: the inverse temperature of the peer kinds, then an offset for each.
        conflicts: the inverse temperature of the conflict subtypes.
        needs: the weight of the difference between the two directions.
    """

    serves: tuple[float, ...]
    unrelated: tuple[float, ...]
    subtypes: float
    kinds: tuple[float, ...]
    conflicts: float
    needs: float


def judge_edges(pairs: Sequence[Pair], embed: Embed) -> list[EdgeOpinion]:
    """Ask whether each child serves its parent.

    Args:
        pairs: child first, then parent.
        embed: turns texts into vectors of length 1, one row each, by the model that the scales
            were set with.

    Raises:
        ModelUnavailable: the trained reader is missing or damaged.
    """
    if not pairs:
        return []
    scales = _scales()
    odds = _odds(pairs)
    seen = np.hstack(
        [
            odds[:, _EDGE_COLUMNS],
            closeness([(child.texts, parent.texts) for child, parent in pairs], embed),
        ]
    )
    serves = _sigmoid(_weighted(seen, scales.serves))
    unrelated = _sigmoid(_weighted(seen, scales.unrelated))
    subtypes = _softmax(odds[:, _DRIFT_COLUMNS] * scales.subtypes)
    return [
        EdgeOpinion(serves=one, unrelated=two, subtypes=_named(DRIFTS, three))
        for one, two, three in zip(serves.tolist(), unrelated.tolist(), subtypes, strict=True)
    ]


def judge_peers(pairs: Sequence[Pair]) -> list[PeerOpinion]:
    """Ask what each two objectives are to each other.

    Each pair is read in both orders, so that the order matters for ``a_needs_b`` alone.

    Raises:
        ModelUnavailable: the trained reader is missing or damaged.
    """
    if not pairs:
        return []
    scales = _scales()
    odds = _odds([*pairs, *((second, first) for first, second in pairs)])
    there, back = odds[: len(pairs)], odds[len(pairs) :]
    both = (there + back) / 2
    kinds = _softmax(both[:, _PEER_COLUMNS] * scales.kinds[0] + np.array(scales.kinds[1:]))
    subtypes = _softmax(both[:, _CONFLICT_COLUMNS] * scales.conflicts)
    needs = _sigmoid((there - back)[:, _NEEDS] * scales.needs)
    return [
        PeerOpinion(kinds=_named(PEERS, one), subtypes=_named(CONFLICTS, two), a_needs_b=three)
        for one, two, three in zip(kinds, subtypes, needs.tolist(), strict=True)
    ]


def closeness(pairs: Sequence[tuple[Texts, Texts]], embed: Embed) -> Numbers:
    """How close the words of two objectives are, as cosines.

    Args:
        pairs: of each side the objective first, then its key results.
        embed: see :func:`judge_edges`.

    Returns:
        Shape (pairs, 2): the closest two key results (the objective stands in where there are
        none), and the mean over all sentences of the one with all of the other.
    """
    texts = list(dict.fromkeys(text for pair in pairs for side in pair for text in side))
    row = {text: number for number, text in enumerate(texts)}
    vectors = embed(texts)

    def of(side: Texts) -> NDArray[np.float32]:
        return vectors[[row[text] for text in side]]

    rows = []
    for child, parent in pairs:
        cosines = of(child) @ of(parent).T
        results = cosines[len(child) > 1 :, len(parent) > 1 :]
        rows.append((float(results.max()), float(cosines.mean())))
    return np.array(rows)


@cache
def _scales() -> Scales:
    try:
        return Scales.model_validate(json.loads(WEIGHTS.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The scales of the trained reader in '{WEIGHTS}' cannot be read "
            f"({type(error).__name__}). Install the package again, or run `make train` in a checkout."
        ) from None


def _odds(pairs: Sequence[Pair]) -> Numbers:
    rows = read([(of_pair(first, second), ()) for first, second in pairs])
    return np.array([row[0] for row in rows], dtype=np.float64)


def _weighted(odds: Numbers, weights: Sequence[float]) -> Numbers:
    result: Numbers = odds @ np.array(weights[:-1]) + weights[-1]
    return result


def _sigmoid(values: Numbers) -> Numbers:
    result: Numbers = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return result


def _softmax(values: Numbers) -> Numbers:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


def _named(names: Sequence[Name], row: Numbers) -> dict[Name, float]:
    return dict(zip(names, row.tolist(), strict=True))
