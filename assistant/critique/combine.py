"""Puts what a model leans to beside what the local critic says: one probability out of two.

Log odds of different models mean different things. A model leans to yes or to no whatever it is
asked, some are always sure of themselves, and small ones are often wrong. So a model is first asked
questions whose answers are known (``probes.json``), and read by how it did on these:

    evidence = trust x tanh((log odds - middle) / spread)           from -1 to 1
    log odds of the outcome = local x log odds of the local critic + judge x evidence

``middle`` lies halfway between its mean on the probes to which yes is right and on the others;
``spread`` is the spread of its answers; ``trust`` grows with how well it tells the two apart: twice
the area under the ROC curve, less one, drawn to 0. The weights (``weights.json``) are set by hand: the
local critic counts as it stands, and a model that gets every probe right can move the log odds by 4.
They could not be fitted, since the model of 1.5 billion parameters that was at hand did no better on
the test split than chance, and on the probes hardly; ``evals.training.narrow`` fits them with another.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp, log, sqrt, tanh
from pathlib import Path
from statistics import fmean, pvariance
from typing import Literal

from pydantic import TypeAdapter

from assistant.errors import ModelUnavailable
from assistant.models import Noun

Tie = Literal["conflict", "duplicate", "dependency"]
Relation = Literal["direction"] | Tie
"""What is asked about two: does the child advance the parent; are two peers this to each other."""

Kind = Relation | Literal["decide"]
"""Those, and whether a rule fires on an element."""

Lean = Literal["yes", "no", "unsure"]

PROBES = Path(__file__).parent / "probes.json"
WEIGHTS = Path(__file__).parent / "weights.json"
_SURE = 0.99
_LEAST_SPREAD = 0.2
_PRIOR = 6
"""A dozen probes tell little: what they say of a model is drawn to no trust at all, as if so many more
had been answered by chance."""

LEANS_FROM = 0.1
"""Evidence at least this strong is a yes or a no of the model; weaker is neither."""


class Probe(Noun):
    """A question whose answer is known; each side has its objective first, then key results.

    ``first_of`` and ``second_of`` say whose they are.
    """

    first: tuple[str, ...]
    first_of: str
    second: tuple[str, ...]
    second_of: str
    yes: bool


class Scale(Noun):
    """How one model's log odds are read for one kind of question.

    Attributes:
        middle: where neither yes nor no is meant.
        spread: the unit in which they are counted.
        trust: from 0, no better than chance on the probes, to 1.
        right: probes on the right side of the middle.
        of: probes asked.
    """

    middle: float
    spread: float
    trust: float
    right: int
    of: int

    @property
    def useful(self) -> bool:
        """Whether this model can ever lean to yes or to no; see :func:`leaning`."""
        return self.trust >= LEANS_FROM

    def evidence(self, odds: float) -> float:
        """What log odds are worth, from -1 (surely no) to 1 (surely yes)."""
        return self.trust * tanh((odds - self.middle) / self.spread)


class Weights(Noun):
    """How the two are added up for one kind of question; see the module."""

    local: float
    judge: float


def scale_of(answers: Sequence[tuple[bool, float]]) -> Scale:
    """The scale of a model.

    Args:
        answers: for each probe that it answered whether yes is right, and its log odds of yes.
    """
    yes = [odds for right, odds in answers if right]
    no = [odds for right, odds in answers if not right]
    if not yes or not no:
        return Scale(middle=0.0, spread=1.0, trust=0.0, right=0, of=len(answers))
    middle = (fmean(yes) + fmean(no)) / 2
    spread = max(_LEAST_SPREAD, sqrt(pvariance([odds for _, odds in answers], middle)))
    told = 2 * fmean((one > other) + (one == other) / 2 for one in yes for other in no) - 1
    trust = max(0.0, told) * len(answers) / (len(answers) + _PRIOR)
    return Scale(
        middle=round(middle, 4),
        spread=round(spread, 4),
        trust=round(trust, 4),
        right=sum((odds > middle) == right for right, odds in answers),
        of=len(answers),
    )


def leaning(evidence: float) -> Lean:
    """What the model says by itself."""
    if abs(evidence) < LEANS_FROM:
        return "unsure"
    return "yes" if evidence > 0 else "no"


def combine(kind: Kind, local: float | None, evidence: float) -> float:
    """How likely yes is right, by both.

    Args:
        kind: of the question.
        local: the local critic's probability; None if it could not judge.
        evidence: from :meth:`Scale.evidence`.

    Raises:
        ModelUnavailable: the weights are missing or damaged.
    """
    weights = _weights()[kind]
    known = 0.0 if local is None else log_odds(local)
    total = weights.local * known + weights.judge * evidence
    return 1 / (1 + exp(-total))


def log_odds(probability: float) -> float:
    """Natural log odds, cut off where a probability comes near 0 or 1."""
    inside = min(_SURE, max(1 - _SURE, probability))
    return log(inside / (1 - inside))


@cache
def probes(kind: Relation) -> tuple[Probe, ...]:
    """The questions of one kind whose answers are known.

    Raises:
        ModelUnavailable: the file is missing or damaged.
    """
    return TypeAdapter(dict[str, tuple[Probe, ...]]).validate_json(_read(PROBES))[kind]


@cache
def _weights() -> dict[str, Weights]:
    return TypeAdapter(dict[str, Weights]).validate_json(_read(WEIGHTS))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(
            f"'{path.name}' of the judge cannot be read ({error.strerror}). Install the package "
            "again."
        ) from None
