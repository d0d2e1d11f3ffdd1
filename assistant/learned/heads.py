"""Small trained heads: one logistic regression a rule, loaded from plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from math import exp
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelUnavailable
from assistant.learned.ngrams import BUCKETS
from assistant.learned.views import Look, Vectors, View, look_at
from assistant.models import Objective

FOLDER = Path(__file__).parent / "artefacts"
_SEEN: dict[Look, tuple[str, ...]] = {
    "objective": ("O1", "O3", "O4", "O6", "O9", "O11"),
    "key-result": ("K1", "K4", "K5", "K6", "K11"),
    "fit": ("K7", "K8"),
    "set": ("O8", "S2", "S3", "S4", "S5"),
}
LOOKS: dict[str, Look] = {code: look for look, codes in _SEEN.items() for code in codes}
"""Which rules have a head, and what it sees."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class Head(NamedTuple):
    """The weights of one head.

    Attributes:
        dense: weights of the dense row.
        sparse: weights by bucket.
        bias: the intercept.
        slope: turns the score into log odds, as does ``offset`` (Platt, 1999).
        threshold: probability from which the rule fires, set on the dev split.
    """

    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]
    bias: float
    slope: float
    offset: float
    threshold: float

    def probability(self, view: View) -> float:
        """How likely the rule holds, from 0 to 1."""
        score = self.bias + float(self.dense @ view.dense)
        score += sum(float(self.sparse[bucket]) * weight for bucket, weight in view.sparse.items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * score + self.offset))))


class Opinion(NamedTuple):
    """What a head says about one element."""

    code: str
    on: str
    probability: float
    fires: bool


def judge(objectives: Sequence[Objective], embed: Embed) -> list[list[Opinion]]:
    """Ask every head about every element it can judge.

    Args:
        objectives: the drafts, in English.
        embed: turns texts into vectors of length 1, one row each.

    Returns:
        For each objective the opinions of all heads.

    Raises:
        ModelUnavailable: an artefact is missing or damaged.
    """
    texts = list(dict.fromkeys(text for item in objectives for text in item.texts))
    vectors = dict(zip(texts, embed(texts), strict=True)) if texts else {}
    return [list(_opinions(item, vectors)) for item in objectives]


def _opinions(objective: Objective, vectors: Vectors) -> Iterator[Opinion]:
    views: dict[tuple[Look, str], View] = {}
    for code, look in LOOKS.items():
        head = load(code)
        for on in elements(code, objective):
            key = (look, on)
            if key not in views:
                views[key] = look_at(look, objective, on, vectors)
            probability = head.probability(views[key])
            yield Opinion(code, on, probability, probability >= head.threshold)


def elements(code: str, objective: Objective) -> Iterable[str]:
    """The elements that the head of a rule judges."""
    if code.startswith("K"):
        return tuple(f"kr:{number}" for number in range(1, len(objective.key_results) + 1))
    if LOOKS[code] == "set" and not objective.key_results:
        return ()
    return ("set",) if code.startswith("S") else ("objective",)


@cache
def load(code: str) -> Head:
    """The head of a rule.

    Raises:
        ModelUnavailable: its file is missing or damaged.
    """
    path = FOLDER / f"{code}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            sparse = np.zeros(2 * BUCKETS, dtype=np.float32)
            sparse[stored["buckets"]] = stored["weights"]
            bias, slope, offset, threshold = (float(item) for item in stored["scalars"])
            dense = stored["dense"].astype(np.float32)
    except (OSError, EOFError, KeyError, ValueError, IndexError, BadZipFile) as error:
        raise ModelUnavailable(
            f"The trained head of {code} cannot be read ({error}). Install the package again, or "
            "run `make train` in a checkout."
        ) from None
    return Head(dense, sparse, bias, slope, offset, threshold)
