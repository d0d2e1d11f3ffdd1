"""Two runs held against each other, decision by decision."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError
from evals.cases import ChainCase, DraftCase, DriftCase, PeerCase
from evals.metrics import Figure, draw_weights, ratio, summarise
from evals.runs import Run, cases_of
from evals.suites.drafts import group_of


@dataclass(frozen=True)
class Flip:
    """A decision that only one of two runs made rightly.

    Attributes:
        gained: whether it is the second that is right.
        gold: what is right; ``one`` and ``other`` are what the two said.
        texts: the words that it is about, each with what they are.
    """

    case: str
    what: str
    gained: bool
    gold: str
    one: str
    other: str
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Moved:
    """What two runs make of one rule, or of the cases with one label.

    Attributes:
        what: the code of the rule, or the label.
        decisions: made by both; ``one`` and ``other`` are how many each made rightly.
        gained: made rightly by the second alone; ``lost`` by the first alone.
        p: of an exact sign test on these.
    """

    what: str
    decisions: int
    one: int
    other: int
    gained: int
    lost: int
    p: float


@dataclass(frozen=True)
class Comparison:
    """Two runs over the same cases.

    Attributes:
        decisions: made by both, and worth comparing.
        one: share that the first made rightly; ``other`` is that of the second.
        difference: of the second to the first, paired, with its 95 % interval over cases.
        p: of an exact sign test (McNemar) on what only one made rightly.
        moved: the same rule by rule, or label by label, what moved most first.
    """

    decisions: int
    one: float
    other: float
    difference: Figure
    p: float
    flips: tuple[Flip, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def gained(self) -> int:
        """Decisions that only the second made rightly."""
        return sum(item.gained for item in self.flips)

    @property
    def lost(self) -> int:
        """Decisions that only the first made rightly."""
        return len(self.flips) - self.gained

    @property
    def verdict(self) -> str:
        """``better``, ``worse`` or ``no difference shown``, of the second to the first."""
        if self.difference.low > 0:
            return "better"
        return "worse" if self.difference.high < 0 else "no difference shown"


def compare(one: Run, other: Run) -> Comparison:
    """Hold two runs against each other, decision by decision.

    Only decisions that both made count; of a suite of rules only those where a rule fires, or should.

    Raises:
        InputError: they are of other suites or splits, or their decisions were not kept.
    """
    if (one.suite, one.split) != (other.suite, other.split):
        raise InputError("These runs are of other cases. Choose two of one suite and split.")
    first, second = _decisions(one), _decisions(other)
    keys = [key for key in first if key in second and _counts(first[key], second[key])]
    if not keys:
        raise InputError("These runs share no decision.")
    right = np.array([[_right(side[key]) for key in keys] for side in (first, second)], dtype=float)
    cases = cases_of(one.suite, one.split)
    groups = [getattr(cases.get(key[0]), "group", None) or group_of(key[0]) for key in keys]
    weights = draw_weights(groups)
    difference = ratio(weights @ (right[1] - right[0]), weights.sum(axis=1))
    flips = tuple(
        _flip(key, first[key], second[key], cases.get(key[0]))
        for key, before, after in zip(keys, *right, strict=True)
        if before != after
    )
    return Comparison(
        decisions=len(keys),
        one=float(right[0].mean()),
        other=float(right[1].mean()),
        difference=summarise(difference, len(keys)),
        p=_sign_test(sum(item.gained for item in flips), len(flips)),
        flips=flips,
        moved=tuple(_moved([first[key] for key in keys], *right.astype(bool))),
    )


def _moved(
    decisions: Sequence[Mapping[str, Any]], one: NDArray[np.bool_], other: NDArray[np.bool_]
) -> list[Moved]:
    names = np.array([item.get("rule") or _named(item["gold"]) for item in decisions])
    found = []
    for name in dict.fromkeys(names.tolist()):
        before, after = one[names == name], other[names == name]
        gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
        p = _sign_test(gained, gained + lost)
        sums = int(before.sum()), int(after.sum())
        found.append(Moved(name, len(before), *sums, gained, lost, p))
    return sorted(found, key=lambda item: (-abs(item.gained - item.lost), item.what))


_Key = tuple[str, str, str]


def _decisions(run: Run) -> dict[_Key, dict[str, Any]]:
    if run.decisions is None:
        raise InputError(
            f"The decisions of the run {run.id} were not kept. Run it here to compare it."
        )
    lines = run.decisions.read_text(encoding="utf-8").splitlines()
    found = (json.loads(line) for line in lines)
    return {
        (item["case"], item.get("on", ""), item.get("rule", "")): item
        for item in found
        if not item.get("abstained") and _said(item) is not None
    }


def _said(item: Mapping[str, Any]) -> Any:
    return item.get("said", item.get("noticed"))


def _right(item: Mapping[str, Any]) -> bool:
    if "noticed" in item:
        return bool(item["noticed"] == (item["gold"] != "harmless"))
    return bool(item["gold"] == item["said"])


def _counts(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return "rule" not in one or bool(one["gold"] or one["said"] or other["said"])


def _flip(
    key: _Key, one: Mapping[str, Any], other: Mapping[str, Any], case: DraftCase | None
) -> Flip:
    name, on, rule = key
    return Flip(
        case=name,
        what=" on ".join(filter(None, (rule, on))),
        gained=_right(other),
        gold=_named(one["gold"]),
        one=_named(_said(one)),
        other=_named(_said(other)),
        texts=tuple(_texts(case, on)),
    )


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "fires" if value else "silent"
    return str(value)


def _texts(case: Any, on: str) -> Iterator[tuple[str, str]]:
    if isinstance(case, DraftCase):
        yield "objective", case.objective
        results = list(enumerate(case.key_results, start=1))
        chosen = [pair for pair in results if on == f"kr:{pair[0]}"] or results
        yield from ((f"key result {number}", text) for number, text in chosen if on != "objective")
    elif isinstance(case, DriftCase):
        yield from (("parent", case.parent.text), ("child", case.child.text))
    elif isinstance(case, PeerCase):
        yield from (
            (case.a.team or "one team", case.a.text),
            (case.b.team or "the other", case.b.text),
        )
    elif isinstance(case, ChainCase):
        yield from ((f"level {n}", level.text) for n, level in enumerate(case.levels, start=1))
    elif case is not None:
        yield "text", " ".join(case.text)


def _sign_test(gained: int, number: int) -> float:
    from scipy.stats import binomtest

    return float(binomtest(gained, number).pvalue) if number else 1.0
