"""Measures how much a judge adds to the local critic: `python -m evals.training.narrow`.

Asks the model that the settings name (OKR_LLM_BASE_URL, OKR_LLM_MODEL) about a fixed sample of the
dev split, fits one number a kind and prints it; with ``--write`` it goes into ``weights.json``. The
weight of the local critic stays 1, since it is calibrated already.
With ``--test`` the same sample of the test split is looked at with the weights as they are, and
``evals/results/narrow`` is written. Sizes follow the option ``--size``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.critique.combine import WEIGHTS, Kind, Weights, log_odds
from assistant.learned.heads import judge as judge_locally
from assistant.settings import Settings
from evals import pages
from evals.alignment.local import LocalEdges, LocalPeers
from evals.alignment.second import TIES, Case, opinions
from evals.alignment.signals import cosines
from evals.cases import CASES, DraftCase, DriftCase, PeerCase, read_cases
from evals.critics import rule_evidence
from evals.data import organisation
from evals.drafts import as_objective
from evals.metrics import Figure, auroc, draw_weights, summarise
from evals.suites.drafts import group_of as draft_group
from evals.suites.drafts import places
from evals.suites.drift import group_of as drift_group

SEED = 1
PARTS = ("links", "elements", "peers")
RULES = ("K1", "O1")
FILE = Path(__file__).parents[1] / "results" / "narrow.json"
PAGE = FILE.with_suffix(".md")
RIDGE = 0.05
"""Draws the weight of the judge to :data:`PRIOR`, so that a small sample does not decide alone."""

PRIOR = 6.0
Floats = NDArray[np.float64]


class Seen(NamedTuple):
    """One case: what is right, what the local critic says and what the model does.

    ``group`` is drawn together; ``org`` is left out together.
    """

    kind: Kind
    name: str
    org: str
    group: str
    gold: bool
    local: float
    evidence: float
    cosine: float


# What is looked at


def edge_sample(split: str, size: int) -> list[DriftCase]:
    """Whole contrast groups up to a size, then a quarter as many pairs of other kinds."""
    cases = read_cases(CASES / "drift" / split, DriftCase)
    groups = sorted({case.group for case in cases if case.group})
    _shuffle(groups)
    chosen: list[DriftCase] = []
    for group in groups:
        if len(chosen) < size:
            chosen += [case for case in cases if case.group == group]
    others = [case for case in cases if not case.group]
    _shuffle(others)
    return [*chosen, *others[: size // 4]]


def peer_sample(split: str, size: int) -> list[PeerCase]:
    """Pairs of all kinds, as they come."""
    cases = read_cases(CASES / "peers" / split, PeerCase)
    _shuffle(cases)
    return cases[:size]


def element_sample(split: str, rule: str, size: int) -> list[tuple[DraftCase, str, bool]]:
    """Elements with different words, half of them guilty of the rule."""
    known: dict[str, tuple[DraftCase, str, bool]] = {}
    for case in read_cases(CASES / "drafts" / split, DraftCase):
        guilty = {(label.on, label.rule) for label in case.labels}
        for on, code in places(case):
            if code == rule:
                words = as_objective(case).element(on) or ""
                known.setdefault(words, (case, on, (on, rule) in guilty))
    items = list(known.values())
    _shuffle(items)
    halves = ([item for item in items if item[2] is gold][: size // 2] for gold in (True, False))
    return [item for half in halves for item in half]


def _shuffle(items: list[Any]) -> None:
    random.Random(SEED).shuffle(items)


def look(split: str, size: int, parts: Sequence[str]) -> list[Seen]:
    """What is measured, asked of the model and of the local critic."""
    seen: list[Seen] = []
    if "links" in parts:
        seen += _edges(edge_sample(split, size))
    if "elements" in parts:
        for rule in RULES:
            seen += _elements(rule, element_sample(split, rule, size // 2))
    if "peers" in parts:
        seen += _peers(peer_sample(split, size // 2))
    return seen


def _edges(cases: Sequence[DriftCase]) -> Iterator[Seen]:
    asked: list[Case] = [("direction", case.parent, case.child) for case in cases]
    said = opinions(asked, "narrow")
    near = cosines([(case.child, case.parent) for case in cases])
    for case, local, opinion, cosine in zip(
        cases, LocalEdges().judge(cases), said, near, strict=True
    ):
        name = "contrast" if case.group else "pair"
        yield Seen(
            "direction",
            f"{name}:{case.label}",
            case.org or "",
            drift_group(case),
            case.label == "aligned",
            local.serves or 0.5,
            opinion.evidence if opinion else 0.0,
            float(cosine),
        )


def _peers(cases: Sequence[PeerCase]) -> Iterator[Seen]:
    local = list(LocalPeers().judge(cases))
    near = cosines([(case.a, case.b) for case in cases])
    for kind in TIES:
        asked: list[Case] = [
            (kind, case.b, case.a)
            if kind == "dependency" and item.needs == "b"
            else (kind, case.a, case.b)
            for case, item in zip(cases, local, strict=True)
        ]
        said = opinions(asked, "narrow")
        for case, item, opinion, cosine in zip(cases, local, said, near, strict=True):
            yield Seen(
                kind,
                kind,
                case.org or "",
                case.id,
                case.label == kind,
                item.scores[kind],
                opinion.evidence if opinion else 0.0,
                float(cosine),
            )


def _elements(code: str, sample: Sequence[tuple[DraftCase, str, bool]]) -> Iterator[Seen]:
    said = rule_evidence([(as_objective(case), on, code) for case, on, _ in sample])
    local = judge_locally([as_objective(case) for case, _, _ in sample])
    for (case, on, gold), evidence, known in zip(sample, said, local, strict=True):
        yield Seen(
            "decide",
            code,
            organisation(case),
            draft_group(case.id),
            gold,
            next(item.probability for item in known if (item.code, item.on) == (code, on)),
            evidence or 0.0,
            0.0,
        )


# The weight


def fit(seen: Sequence[Seen]) -> Weights:
    """The weight of the judge, by penalised likelihood.

    An offset is fitted beside it and thrown away: it says how often yes is right in this sample, and
    how this one model leans on it.
    """
    local = np.array([log_odds(item.local) for item in seen])
    evidence = np.array([item.evidence for item in seen])
    gold = np.array([item.gold for item in seen], dtype=float)

    def loss(numbers: Floats) -> float:
        total = local + numbers[0] * evidence + numbers[1]
        likelihood = np.logaddexp(0, total) - gold * total
        return float(likelihood.sum() + RIDGE * (numbers[0] - PRIOR) ** 2)

    judge, _ = minimize(loss, x0=np.array([PRIOR, 0.0]), method="Nelder-Mead").x
    return Weights(local=1.0, judge=round(max(0.0, float(judge)), 2))


def together(seen: Sequence[Seen], weights: Weights) -> Floats:
    """Log odds of both."""
    return np.array(
        [weights.local * log_odds(item.local) + weights.judge * item.evidence for item in seen]
    )


def left_out(seen: Sequence[Seen]) -> Floats:
    """Log odds of both, where the weights for an organisation come from the others."""
    found = np.zeros(len(seen))
    for org in sorted({item.org for item in seen}):
        rest = [item for item in seen if item.org != org]
        own = [at for at, item in enumerate(seen) if item.org == org]
        found[own] = together([seen[at] for at in own], fit(rest))
    return found


Selection = Callable[[Seen], bool]
QUESTIONS: dict[str, Selection] = {
    "direction: contrast, aligned against the rest": lambda item: item.name.startswith("contrast"),
    "direction: aligned against drifted": lambda item: (
        item.kind == "direction" and not item.name.endswith("unrelated")
    ),
    "direction: all": lambda item: item.kind == "direction",
    **{
        f"peers: {kind} against the rest": (lambda item, kind=kind: item.name == kind)
        for kind in TIES
    },
    **{f"drafts: {rule}": (lambda item, rule=rule: item.name == rule) for rule in RULES},
}


def figures(seen: Sequence[Seen], both: Floats) -> dict[str, dict[str, Figure]]:
    """AUROC of each critic on each question; higher scores should be yes."""
    found = {}
    for name, wanted in QUESTIONS.items():
        rows = [at for at, item in enumerate(seen) if wanted(item)]
        own = [seen[at] for at in rows]
        if len({item.gold for item in own}) < 2:  # noqa: PLR2004
            continue
        scores = {
            "local": np.array([item.local for item in own]),
            "narrow": np.array([item.evidence for item in own]),
            "both": both[rows],
            "cosine": np.array([item.cosine for item in own]),
        }
        found[name] = {key: _area(own, values) for key, values in scores.items()}
    return found


def _area(own: Sequence[Seen], values: Floats) -> Figure:
    gold = np.array([item.gold for item in own])
    weights = draw_weights([item.group for item in own])
    return summarise(auroc(gold, values, weights), len(own))


def by_kind(seen: Sequence[Seen], score: Callable[[list[Seen]], Floats]) -> Floats:
    """Scores of each kind by itself, in the order of the cases."""
    found = np.zeros(len(seen))
    for kind in dict.fromkeys(item.kind for item in seen):
        rows = [at for at, item in enumerate(seen) if item.kind == kind]
        found[rows] = score([seen[at] for at in rows])
    return found


def stored() -> dict[Kind, Weights]:
    """The weights as they are."""
    content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {kind: Weights.model_validate(item) for kind, item in content.items()}


def with_stored(own: list[Seen]) -> Floats:
    """Log odds of both with the weights as they are."""
    return together(own, stored()[own[0].kind])


# The command


def train(size: int, parts: Sequence[str], *, write: bool) -> dict[str, dict[str, Figure]]:
    """Fit the weights; the figures are of weights that did not see their organisation."""
    seen = look("dev", size, parts)
    weights = stored()
    for kind in dict.fromkeys(item.kind for item in seen):
        weights[kind] = fit([item for item in seen if item.kind == kind])
    text = json.dumps({kind: item.model_dump() for kind, item in weights.items()}, indent=1)
    if write:
        WEIGHTS.write_text(text + "\n", encoding="utf-8")
    print(text)
    found = figures(seen, by_kind(seen, left_out))
    publish(found, "dev")
    return found


def publish(found: dict[str, dict[str, Figure]], split: str) -> None:
    """Put the figures beside those that were measured before, and print both tables anew."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    content["model"] = Settings().llm_model
    content.setdefault(split, {}).update(
        {
            name: {key: figure.as_json() for key, figure in row.items()}
            for name, row in found.items()
        }
    )
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    pages.refresh(
        PAGE,
        {
            "narrow-dev": lambda: _table(content.get("dev", {})),
            "narrow-test": lambda: _table(content.get("test", {})),
        },
    )


def _table(rows: dict[str, dict[str, Any]]) -> str:
    head = ("question", "cases", "local critic", "model alone", "both", "cosine")
    return pages.table(
        head,
        [
            [name, str(row["local"]["n"]), *(pages.interval(figure) for figure in row.values())]
            for name, row in rows.items()
        ],
    )


def main() -> None:
    """Fit on dev, or look at test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="look at the test split")
    parser.add_argument("--size", type=int, default=60, help="contrast pairs; the rest follows")
    parser.add_argument("--write", action="store_true", help="write the weights of this model")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="a part alone")
    given = parser.parse_args()
    started = time.perf_counter()
    if given.test:
        found = look_at_test(given.size, given.only)
    else:
        found = train(given.size, given.only, write=given.write)
    for name, row in found.items():
        cells = ", ".join(f"{key} {pages.interval(item.as_json())}" for key, item in row.items())
        print(f"{name} ({row['local'].n}): {cells}")
    print(f"{time.perf_counter() - started:.0f} s")


def look_at_test(size: int, parts: Sequence[str]) -> dict[str, dict[str, Figure]]:
    """The figures on the test split, published."""
    seen = look("test", size, parts)
    found = figures(seen, by_kind(seen, with_stored))
    publish(found, "test")
    return found


if __name__ == "__main__":
    main()
