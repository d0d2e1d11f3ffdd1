"""Small trained heads: one a rule, on what the reader says and on words, loaded from arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import exp
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelUnavailable
from assistant.learned.labels import COLUMN, LOOKS, Look
from assistant.learned.ngrams import BUCKETS
from assistant.learned.reader import Odds, read_each
from assistant.learned.reading import Part, Text, of_key_result, of_objective, of_set, parts
from assistant.learned.views import View, look_at
from assistant.models import Objective

FOLDER = Path(__file__).parent / "artefacts"

Seen = tuple[Look, str]
"""A look at an element."""

WithParts = tuple[Text, tuple[Part, ...]]


class Head(NamedTuple):
    """What turns an element into a probability.

    Attributes:
        dense: weights of the signs.
        sparse: weights by bucket of words and letters.
        bias: the intercept of these two.
        words: how much they count beside the reader's log odds, whose weight is ``reader``.
        offset: added to both (Platt, 1999, with two scores in place of one).
        threshold: probability from which the rule fires, set on the dev split.
    """

    dense: NDArray[np.float32]
    sparse: NDArray[np.float32]
    bias: float
    words: float
    reader: float
    offset: float
    threshold: float

    def score(self, view: View) -> float:
        """What words and signs say, in no particular unit."""
        buckets, weights = view.columns
        return self.bias + float(self.dense @ view.dense) + float(self.sparse[buckets] @ weights)

    def probability(self, score: float, odds: float) -> float:
        """How likely the rule holds, from 0 to 1, by both."""
        both = self.words * score + self.reader * odds + self.offset
        return 1 / (1 + exp(-max(-30.0, min(30.0, both))))


class Opinion(NamedTuple):
    """What a head says about one element."""

    code: str
    on: str
    probability: float
    fires: bool


def judge(
    objectives: Sequence[Objective], only: Sequence[str] | None = None
) -> list[list[Opinion]]:
    """Ask every head about every element it can judge.

    Args:
        objectives: the drafts, in English.
        only: the one element of each draft that is asked about; all of them by default.

    Returns:
        For each objective the opinions of all heads.

    Raises:
        ModelUnavailable: an artefact is missing or damaged.
    """
    heads = {code: load(code) for code in LOOKS}
    wanted: Sequence[str | None] = only or [None] * len(objectives)
    return [
        list(_opinions(objective, on, odds, heads))
        for objective, on, odds in zip(objectives, wanted, odds_of(objectives, only), strict=True)
    ]


def _opinions(
    objective: Objective, only: str | None, odds: Mapping[Seen, Odds], heads: Mapping[str, Head]
) -> Iterator[Opinion]:
    views: dict[Seen, View] = {}
    for code, look in LOOKS.items():
        for on in elements(code, objective):
            if only not in {None, on}:
                continue
            key = seen_at(look, on)
            if key not in views:
                views[key] = look_at(look, objective, on)
            head, said = heads[code], float(odds[key][COLUMN[code]])
            probability = head.probability(head.score(views[key]), said)
            yield Opinion(code, on, probability, probability >= head.threshold)


def odds_of(
    objectives: Sequence[Objective], only: Sequence[str] | None = None
) -> Iterator[dict[Seen, Odds]]:
    """What the reader says about each element of each draft: log odds of every label.

    Yields what it says of each draft as soon as that is known.

    Args:
        objectives: the drafts.
        only: see :func:`judge`.

    Raises:
        ModelUnavailable: the reader is missing or damaged.
    """
    chosen: Sequence[str | None] = only or [None] * len(objectives)
    wanted = [_texts(objective, on) for objective, on in zip(objectives, chosen, strict=True)]
    unique = list(dict.fromkeys(text for texts in wanted for text, _ in texts))
    reading, found = zip(unique, read_each(unique), strict=True), dict[WithParts, Odds]()
    for texts in wanted:
        while any(text not in found for text, _ in texts):
            found.update([next(reading)])
        yield {
            name: row for text, names in texts for name, row in zip(names, found[text], strict=True)
        }


def seen_at(look: Look, on: str) -> Seen:
    """Where the reader's word on an element is kept; a look at the set sees all there is."""
    return look, "set" if look == "set" else on


def _texts(objective: Objective, only: str | None) -> list[tuple[WithParts, tuple[Seen, ...]]]:
    """What is read of a draft, and which elements the rows of the answer are about."""
    numbers = range(1, len(objective.key_results) + 1)
    found: list[tuple[WithParts, tuple[Seen, ...]]] = []
    if only in {None, "objective"}:
        found.append(((of_objective(objective), ()), (("objective", "objective"),)))
    found += [
        ((of_key_result(objective, n), ()), (("key-result", f"kr:{n}"),))
        for n in numbers
        if only in {None, f"kr:{n}"}
    ]
    if objective.key_results:
        ranges = tuple(parts(item.text for item in objective.key_results))
        names: tuple[Seen, ...] = (("set", "set"), *(("fit", f"kr:{n}") for n in numbers))
        found.append(((of_set(objective), ranges), names))
    return found


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
            bias, words, reader, offset, threshold = (float(x) for x in stored["scalars"])
            dense = stored["dense"].astype(np.float32)
    except (OSError, EOFError, KeyError, ValueError, IndexError, BadZipFile) as error:
        raise ModelUnavailable(
            f"The trained head of {code} cannot be read ({error}). Install the package again, or "
            "run `make train` in a checkout."
        ) from None
    return Head(dense, sparse, bias, words, reader, offset, threshold)
