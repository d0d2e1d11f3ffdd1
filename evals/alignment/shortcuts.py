"""What shortcuts score on the test split of edges, chains and peers.

`python -m evals.alignment.shortcuts` measures: one side alone, word overlap and cosine. Where one
of them does as well as the trained reader, the reader is not proven to read one side in the light
of the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evals import pages
from evals.alignment import edges, peers
from evals.cases import CASES, ChainCase, DriftCase, Okr, Pair, PeerCase, read_cases
from evals.metrics import Figure
from evals.readme import results_of
from evals.shortcuts import PAGE, STORED
from evals.suites import chains, drift
from evals.suites import peers as peer_suite
from evals.suites.drift import EdgeCritic, EdgeVerdict

Measured = dict[str, dict[str, Figure]]
"""Figures by what is measured, then by shortcut."""

FILE = STORED.parent / "alignment-shortcuts.json"
STYLE = 0.60
"""From this AUROC of the child alone on, a split measures how drifted children are written."""

DRIFT = (
    "auroc.contrast",
    "auroc.aligned_vs_drifted",
    "auroc.aligned_vs_rest",
    "auroc.unrelated_vs_rest",
)
CHAINS = ("auroc.hop", "auroc.cum")
PEERS = tuple(f"auroc.{label}" for label in peer_suite.LABELS)
READER = "trained reader"


class Sign:
    """Counts something in the child alone; more of it speaks for a child that serves."""

    def __init__(self, count: Callable[[Okr], float]) -> None:
        self._count = count

    def judge(self, cases: Sequence[Pair]) -> Iterator[EdgeVerdict]:
        """One verdict a pair, in order: a score and no label."""
        for case in cases:
            found = self._count(case.child)
            yield EdgeVerdict(serves=found, unrelated=-found)


def words(okr: Okr) -> float:
    """How many words it has."""
    return len(okr.text.split())


def digits(okr: Okr) -> float:
    """How many of its key results have a digit."""
    return sum(any(map(str.isdigit, text)) for text in okr.key_results)


EDGE_SIGNS: Mapping[str, Callable[[], EdgeCritic]] = {
    "child alone": lambda: edges.OneText("child"),
    "parent alone": lambda: edges.OneText("parent"),
    "words of the child": lambda: Sign(words),
    "its key results with a digit": lambda: Sign(digits),
    "word overlap": edges.word_overlap,
    "cosine": edges.cosine,
}
PEER_SIGNS = {
    "each side alone": peers.CRITICS["one_side"],
    "word overlap": peers.CRITICS["word_overlap"],
    "cosine": peers.CRITICS["cosine"],
}


def measure_drift(cases: Sequence[DriftCase]) -> Measured:
    """The AUROC of every shortcut on children and parents."""
    return _by_figure(
        DRIFT, {name: drift.run(cases, make()).metrics for name, make in EDGE_SIGNS.items()}
    )


def measure_chains(cases: Sequence[ChainCase]) -> Measured:
    """The AUROC of every shortcut on the levels of cascades."""
    return _by_figure(
        CHAINS,
        {
            name: chains.run(cases, edges.Levels(make())).metrics
            for name, make in EDGE_SIGNS.items()
        },
    )


def measure_peers(cases: Sequence[PeerCase]) -> Measured:
    """The AUROC of every shortcut on peers, one label against the others."""
    return _by_figure(
        PEERS, {name: peer_suite.run(cases, make()).metrics for name, make in PEER_SIGNS.items()}
    )


def _by_figure(names: Sequence[str], found: Mapping[str, Mapping[str, Figure]]) -> Measured:
    return {
        name: {sign: metrics[name] for sign, metrics in found.items() if name in metrics}
        for name in names
    }


def shortcuts_table() -> str:
    """The figures of the last measurement, beside those of the product."""
    if not FILE.exists():
        return "Not measured yet."
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    edges_part = {suite: found[suite] for suite in ("drift", "chains")}
    return "\n\n".join(
        (
            _table(edges_part, tuple(EDGE_SIGNS)),
            style_sentence(found["drift"]["auroc.aligned_vs_drifted"]["child alone"]),
            _table({"peers": found["peers"]}, tuple(PEER_SIGNS)),
        )
    )


def style_sentence(alone: pages.Stored) -> str:
    """What the score of the child alone says about the split."""
    shown = pages.number(alone)
    if (alone["value"] or 0.0) > STYLE:
        return (
            f"The child alone tells aligned from drifted at {shown}: above {STYLE:.2f} a split "
            "measures how drifted children are written, so read the figures on contrast groups."
        )
    return f"The child alone tells aligned from drifted at {shown}, which is below {STYLE:.2f}."


def _table(found: Mapping[str, Mapping[str, Any]], signs: Sequence[str]) -> str:
    rows = []
    for suite, figures in found.items():
        product = (results_of(suite) or {}).get("metrics", {})
        for name, measured in figures.items():
            cases = next((figure["n"] for figure in measured.values()), 0)
            own = [pages.interval(measured.get(sign)) for sign in signs]
            rows.append([f"{suite} {name}", str(cases), *own, pages.interval(product.get(name))])
    return pages.table(("figure", "cases", *signs, READER), rows)


PARTS: pages.Parts = {"alignment-shortcuts": shortcuts_table}


def _store(found: Mapping[str, Measured]) -> None:
    plain = {
        suite: {
            name: {sign: figure.as_json() for sign, figure in figures.items()}
            for name, figures in measured.items()
        }
        for suite, measured in found.items()
    }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _store(
        {
            "drift": measure_drift(read_cases(CASES / "drift" / "test", DriftCase)),
            "chains": measure_chains(read_cases(CASES / "chains" / "test", ChainCase)),
            "peers": measure_peers(read_cases(CASES / "peers" / "test", PeerCase)),
        }
    )
    pages.refresh(PAGE, PARTS)
