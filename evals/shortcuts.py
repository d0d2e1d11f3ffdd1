"""What shortcuts alone score on the test split of the drafts: `python -m evals.shortcuts`.

Word count, character count, digits, "from X to Y", and a bag of words trained on the train split.
A rule that one of them predicts is not proven to be understood by a head that scores as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.rules import all_rules
from evals import pages
from evals.cases import CASES, DraftCase, read_cases
from evals.drafts import as_objective
from evals.metrics import Figure, Floats, auroc, draw_weights, summarise
from evals.readme import RESULTS
from evals.suites.drafts import group_of, places
from evals.words import fit_words

PAGE = Path(__file__).parent.parent / "docs" / "data.md"
STORED = RESULTS.parent / "shortcuts.json"
ENOUGH = 10
"""Positives on the test split below which a rule is left out."""

GIVEN_AWAY = 0.75
"""From this AUROC on, or as far below one half, a sign by itself says too much."""

_ARROW = r"(?:->|=>|→|⇒)"
_FROM_TO = re.compile(
    rf"\bfrom\b[^.;]*?\d[^.;]*?\bto\b[^.;]*?\d|\d[^.;\d]*{_ARROW}[^.;\d]*\d", re.IGNORECASE
)
SIGNS: dict[str, Callable[[str], float]] = {
    "words": lambda text: len(text.split()),
    "characters": len,
    "a digit": lambda text: any(character.isdigit() for character in text),
    "from X to Y": lambda text: _FROM_TO.search(text) is not None,
}
BAG = "bag of words"


@dataclass(frozen=True)
class Judged:
    """The elements of a split that were judged for one rule."""

    texts: tuple[str, ...]
    gold: NDArray[np.bool_]
    groups: tuple[str, ...]


def judged(cases: Sequence[DraftCase]) -> dict[str, Judged]:
    """The judged elements by rule; of a set, all its words."""
    found: dict[str, list[tuple[str, bool, str]]] = {}
    for case in cases:
        objective, gold = as_objective(case), {(label.on, label.rule) for label in case.labels}
        for on, rule in places(case):
            row = (objective.words(on), (on, rule) in gold, group_of(case.id))
            found.setdefault(rule, []).append(row)
    return {
        rule: Judged(
            texts=tuple(text for text, _, _ in rows),
            gold=np.array([fires for _, fires, _ in rows]),
            groups=tuple(group for _, _, group in rows),
        )
        for rule, rows in found.items()
    }


def measure(train: Sequence[DraftCase], test: Sequence[DraftCase]) -> dict[str, dict[str, Figure]]:
    """The AUROC of every shortcut for every rule with enough positives on the test split.

    Args:
        train: what the bag of words learns from.
        test: what everything is measured on.
    """
    known, asked = judged(train), judged(test)
    found = {}
    for rule in all_rules():
        own = asked.get(rule.code)
        if own is None or own.gold.sum() < ENOUGH:
            continue
        weights = draw_weights(own.groups)
        scores = {
            name: np.array([float(sign(text)) for text in own.texts])
            for name, sign in SIGNS.items()
        }
        if rule.code in known and known[rule.code].gold.any():
            scores[BAG] = bag_of_words(known[rule.code], own.texts)
        found[rule.code] = {
            name: summarise(auroc(own.gold, values, weights), int(own.gold.sum()))
            for name, values in scores.items()
        }
    return found


def bag_of_words(known: Judged, texts: Sequence[str]) -> Floats:
    """How guilty texts look to a logistic regression that sees single words alone."""
    return np.asarray(fit_words(known.texts, known.gold).decision_function(texts))


def shortcuts_table() -> str:
    """The figures of the last measurement, beside those of the trained heads."""
    found: dict[str, dict[str, Any]] = json.loads(STORED.read_text(encoding="utf-8"))
    heads = json.loads(RESULTS.read_text(encoding="utf-8"))["metrics"]
    names = [*SIGNS, BAG]
    slugs = {rule.code: rule.slug for rule in all_rules()}
    rows = (
        [
            f"{code} {slugs[code]}",
            str(figures["words"]["n"]),
            *(pages.interval(figures.get(name)) for name in names),
            pages.interval(heads.get(f"auroc.{code}")),
        ]
        for code, figures in found.items()
    )
    shown = pages.table(("rule", "positives", *names, "trained head"), rows)
    return f"{shown}\n\n{_given_away(found)}"


def _given_away(found: dict[str, dict[str, Any]]) -> str:
    parts = [
        f"{code} ({', '.join(told)})"
        for code, figures in found.items()
        if (told := [name for name in SIGNS if _tells(figures[name]["value"])])
    ]
    if not parts:
        return f"No single sign reaches {GIVEN_AWAY} on any rule."
    return (
        f"A single sign reaches {GIVEN_AWAY}, or {1 - GIVEN_AWAY} the other way round, on: "
        f"{', '.join(parts)}. Figures of these rules may owe something to it."
    )


def _tells(value: float) -> bool:
    return max(value, 1 - value) >= GIVEN_AWAY


PARTS: pages.Parts = {"shortcuts": shortcuts_table}


def _store(found: dict[str, dict[str, Figure]]) -> None:
    plain = {
        code: {name: figure.as_json() for name, figure in figures.items()}
        for code, figures in found.items()
    }
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    drafts = CASES / "drafts"
    _store(measure(read_cases(drafts / "train", DraftCase), read_cases(drafts / "test", DraftCase)))
    pages.refresh(PAGE, PARTS)
