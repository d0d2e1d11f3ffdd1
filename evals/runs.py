"""Runs that are kept, and the figures that rank them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.cases import CASES, ChainCase, DraftCase, read_cases
from evals.pages import Stored
from evals.run import SUITES
from evals.suites.base import Spent, some_of

PUBLISHED = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Board:
    """A figure that ranks the critics of a suite.

    Attributes:
        meaning: what the figure is.
        about: which part of the suite it is over; empty for all.
        only_with: a figure that a run has to have as well, so that a critic which decides a part
            alone is not ranked among those that decide all.
    """

    suite: str
    figure: str
    meaning: str
    about: str = ""
    only_with: str = ""


BOARDS = (
    Board("drafts", "macro_f1", "mean F1 over the rules", only_with="macro_f1.L"),
    Board("drafts", "macro_f1.J", "mean F1 over these rules", about="rules that need judgement"),
    Board(
        "drift", "auroc.contrast", "aligned against the rest, where the label flips with the parent"
    ),
    Board("chains", "auroc.hop", "levels that serve the one above against those that do not"),
    Board("peers", "macro_f1", "mean F1 of the five labels"),
    Board("attacks", "recall.noticed", "instructing texts that are noticed"),
)


@dataclass(frozen=True)
class Run:
    """A run of a suite that was written to a file.

    Attributes:
        id: names it: the file without its ending.
        model: the language model, where one was asked.
        metrics: the figures by name.
        decisions: where each decision stands; None where they were not kept.
        own: whether it was made here, and is not one of the published ones.
        spent: what a language model was asked, where the run counted it.
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
    spent: Spent | None = None


def stored(folder: Path) -> list[Run]:
    """The published runs, and those in a folder, the latest of these first."""
    own = sorted(folder.glob("*.json"), reverse=True) if folder.is_dir() else []
    published = sorted(PUBLISHED.glob("*-test.json"))
    return [run for path in (*own, *published) if (run := _run(path, own=path in own))]


def questions(suite: str, split: str, most: int | None = None) -> tuple[int, int]:
    """About how many questions a language model is asked in a run, and the tokens of all texts.

    Each text is told once for each question; a token is taken for four characters.
    """
    number, characters = 0, 0
    for case in some_of(list(cases_of(suite, split).values()), most):
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
            spent=Spent(**content["spent"]) if "spent" in content else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=8)
def cases_of(suite: str, split: str) -> dict[str, Any]:
    """The labelled cases of a suite and split, by id; none where they are not at hand."""
    folder = CASES / suite / split
    if not folder.is_dir():
        return {}
    return {case.id: case for case in read_cases(folder, SUITES[suite].model)}


def critics(suite: str) -> Sequence[str]:
    """The critics of a suite by name, the product's own first."""
    return tuple(SUITES[suite].critics)
