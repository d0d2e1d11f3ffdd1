"""Runs that are kept: listed, ranked and compared, decision by decision."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import InputError
from evals.cases import CASES, ChainCase, DraftCase, DriftCase, PeerCase, read_cases
from evals.metrics import Figure, draw_weights, ratio, summarise
from evals.pages import Stored
from evals.run import SUITES
from evals.suites.drafts import group_of

PUBLISHED = Path(__file__).parent / "results"
HEADLINES = {
    "drafts": ("macro_f1", "mean F1 over the rules"),
    "drift": ("auroc.contrast", "aligned against the rest, where the label flips with the parent"),
    "chains": ("auroc.hop", "levels that serve the one above against those that do not"),
    "peers": ("macro_f1", "mean F1 of the five labels"),
    "attacks": ("recall.noticed", "instructing texts that are noticed"),
}
"""The figure that ranks the critics of each suite, and what it is."""


@dataclass(frozen=True)
class Run:
    """A run of a suite that was written to a file.

    Attributes:
        id: names it: the file without its ending.
        model: the language model, where one was asked.
        metrics: the figures by name.
        decisions: where each decision stands; None where they were not kept.
        own: whether it was made here, and is not one of the published ones.
    """

    id: str
    suite: str
    critic: str
    split: str
    cases: int
    seconds: float
    model: str
    metrics: Mapping[str, Stored]
    baselines: Mapping[str, Mapping[str, Stored]]
    errors: int
    decisions: Path | None
    own: bool


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
class Comparison:
    """Two runs over the same cases.

    Attributes:
        decisions: made by both, and worth comparing.
        one: share that the first made rightly; ``other`` is that of the second.
        difference: of the second to the first, paired, with its 95 % interval over cases.
        p: of an exact sign test (McNemar) on what only one made rightly.
    """

    decisions: int
    one: float
    other: float
    difference: Figure
    p: float
    flips: tuple[Flip, ...]

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


def stored(folder: Path) -> list[Run]:
    """The published runs, and those in a folder, the latest of these first."""
    own = sorted(folder.glob("*.json"), reverse=True) if folder.is_dir() else []
    published = sorted(PUBLISHED.glob("*-test.json"))
    return [run for path in (*own, *published) if (run := _run(path, own=path in own))]


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
    cases = _cases(one.suite, one.split)
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
    )


def questions(suite: str, split: str) -> tuple[int, int]:
    """About how many questions a language model is asked in a run, and the tokens of all texts.

    Each text is told once for each question; a token is taken for four characters.
    """
    cases = _cases(suite, split)
    number, characters = 0, 0
    for case in cases.values():
        own = _asked(case)
        number += own
        characters += own * len(case.model_dump_json())
    return number, characters // 4


def _asked(case: Any) -> int:
    if isinstance(case, DraftCase):
        return len(case.elements())
    return 2 * (len(case.levels) - 1) if isinstance(case, ChainCase) else 1


def _run(path: Path, *, own: bool) -> Run | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        decisions = path.with_suffix(".jsonl")
        return Run(
            id=path.stem,
            suite=content["suite"],
            critic=content["critic"],
            split=content["split"],
            cases=content["cases"],
            seconds=content["seconds"],
            model=content.get("model", ""),
            metrics=content["metrics"],
            baselines=content["baselines"],
            errors=len(content["errors"]),
            decisions=decisions if decisions.is_file() else None,
            own=own,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


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


@lru_cache(maxsize=8)
def _cases(suite: str, split: str) -> dict[str, Any]:
    folder = CASES / suite / split
    if not folder.is_dir():
        return {}
    return {case.id: case for case in read_cases(folder, SUITES[suite].model)}


def _sign_test(gained: int, number: int) -> float:
    from scipy.stats import binomtest

    return float(binomtest(gained, number).pvalue) if number else 1.0


def critics(suite: str) -> Sequence[str]:
    """The critics of a suite by name, the product's own first."""
    return tuple(SUITES[suite].critics)
