"""How many edges, chains and peers are labelled, split by split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals import pages
from evals.cases import CASES, SPLITS, ChainCase, DriftCase, PeerCase, read_cases
from evals.suites.drift import LABELS as EDGES
from evals.suites.drift import SUBTYPES as DRIFTS
from evals.suites.peers import LABELS as PEERS
from evals.suites.peers import SUBTYPES as CONFLICTS

Counted = dict[str, int]
"""How many there are of what, by its name."""


def counts_table() -> str:
    """Every label with how often it was given in each split."""
    counted = {split: _count(split) for split in SPLITS}
    return pages.table(
        ("what", *SPLITS),
        (
            [name, *(str(counted[split].get(name, 0)) for split in SPLITS)]
            for name in dict.fromkeys(name for found in counted.values() for name in found)
        ),
    )


def _count(split: str) -> Counted:
    edges = read_cases(CASES / "drift" / split, DriftCase)
    chains = read_cases(CASES / "chains" / split, ChainCase)
    peers = read_cases(CASES / "peers" / split, PeerCase)
    return dict((*_edges(edges), *_chains(chains), *_peers(peers)))


def _edges(cases: list[DriftCase]) -> Iterator[tuple[str, int]]:
    labels = Counter(case.label for case in cases)
    ways = Counter(case.subtype for case in cases)
    yield "**children under a parent**", len(cases)
    yield "organisations", len({case.org for case in cases})
    yield "contrast groups", len({case.group for case in cases if case.group})
    yield from ((label, labels[label]) for label in EDGES)
    yield from ((f"drifted: {way}", ways[way]) for way in DRIFTS)


def _chains(cases: list[ChainCase]) -> Iterator[tuple[str, int]]:
    below = [level for case in cases for level in case.levels[1:]]
    yield "**cascades**", len(cases)
    yield "levels below the top", len(below)
    yield "that do not serve the level above", sum(level.hop != "aligned" for level in below)
    yield "that do not serve the top", sum(level.cum != "aligned" for level in below)


def _peers(cases: list[PeerCase]) -> Iterator[tuple[str, int]]:
    labels = Counter(case.label for case in cases)
    kinds = Counter(case.subtype for case in cases)
    okrs = Counter(okr.key for case in cases for okr in (case.a, case.b))
    yield "**pairs of peers**", len(cases)
    yield "OKRs in them", len(okrs)
    yield "of these with several partners", sum(count > 1 for count in okrs.values())
    yield from ((f"peers: {label}", labels[label]) for label in PEERS)
    yield from ((f"conflict: {kind}", kinds[kind]) for kind in CONFLICTS)


PARTS: pages.Parts = {"alignment-counts": counts_table}
