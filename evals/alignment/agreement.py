"""How far a second reader of edges, chains and peers agrees with the first.

`python -m evals.alignment.agreement` compares what lies in evals/cases/second with the test split.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.errors import InputError
from assistant.models import ConflictSubtype, DriftSubtype, PeerKind
from evals import pages
from evals.agreement import PAGE, SECOND, STORED
from evals.cases import (
    CASES,
    Case,
    CaseType,
    ChainCase,
    DriftCase,
    EdgeLabel,
    PeerCase,
    read_cases,
)
from evals.metrics import Figure, Floats, draw_pair_weights, draw_weights, kappa, summarise
from evals.suites.drift import group_of

FILE = STORED.parent / "alignment-agreement.json"


class SecondEdge(Case):
    """What a second reader says about a child and its parent."""

    label: EdgeLabel
    subtype: DriftSubtype | None = None


class SecondLevel(BaseModel):
    """What a second reader says about one level."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hop: EdgeLabel
    cum: EdgeLabel


class SecondChain(Case):
    """What a second reader says about the levels below the top, in order."""

    levels: tuple[SecondLevel, ...]


class SecondPeer(Case):
    """What a second reader says about two teams' objectives."""

    label: PeerKind
    subtype: ConflictSubtype | None = None
    needs: Literal["a", "b"] | None = None


@dataclass(frozen=True)
class Agreement:
    """How far two readers agree on one question.

    Attributes:
        cases: what both judged.
        agreed: how often they said the same.
        kappa: Cohen's, with its interval; NaN where all verdicts of both are the same.
    """

    cases: int
    agreed: int
    kappa: Figure


Rows = list[tuple[str, str, str]]
"""What is drawn together, what the first says, what the second says."""

Found = dict[str, Agreement]


def compare_drift(first: Sequence[DriftCase], second: Sequence[SecondEdge]) -> Found:
    """Compare two readers of children and parents.

    Raises:
        InputError: the second reader labelled a case that there is not.
    """
    pairs = list(_paired(first, second))
    labels: Rows = [(group_of(one), one.label, two.label) for one, two in pairs]
    return _agreements(
        {
            "drift: three labels": labels,
            "drift: aligned or not": [
                (group, str(one == "aligned"), str(two == "aligned")) for group, one, two in labels
            ],
            "drift: three labels, what the first calls arguable taken as agreement": [
                (group_of(one), two.label if two.label == one.arguable else one.label, two.label)
                for one, two in pairs
            ],
            "drift: way to drift, where both say that it drifted": [
                (group_of(one), one.subtype, two.subtype)
                for one, two in pairs
                if one.subtype and two.subtype
            ],
        }
    )


def compare_chains(first: Sequence[ChainCase], second: Sequence[SecondChain]) -> Found:
    """Compare two readers of cascades.

    Raises:
        InputError: the second reader labelled a cascade that there is not, or not every level.
    """
    hops: Rows = []
    cums: Rows = []
    for one, two in _paired(first, second):
        below = one.levels[1:]
        if len(two.levels) != len(below):
            raise InputError(
                f"The second reader labelled {len(two.levels)} levels of {one.id!r}, which has "
                f"{len(below)} below the top."
            )
        for own, other in zip(below, two.levels, strict=True):
            hops.append((one.id, str(own.hop), other.hop))
            cums.append((one.id, str(own.cum), other.cum))
    return _agreements({"chains: against the level above": hops, "chains: against the top": cums})


def compare_peers(first: Sequence[PeerCase], second: Sequence[SecondPeer]) -> Found:
    """Compare two readers of peers.

    Raises:
        InputError: the second reader labelled a case that there is not.
    """
    pairs = list(_paired(first, second))
    sides = {one.id: (one.a.key, one.b.key) for one, _ in pairs}
    labels: Rows = [(one.id, one.label, two.label) for one, two in pairs]
    kinds: Rows = [
        (one.id, one.subtype, two.subtype) for one, two in pairs if one.subtype and two.subtype
    ]
    needs: Rows = [(one.id, one.needs, two.needs) for one, two in pairs if one.needs and two.needs]
    return _agreements(
        {
            "peers: five labels": labels,
            "peers: kind of conflict, where both say that it is one": kinds,
            "peers: who needs whom, where both say that one does": needs,
        },
        partial(_pair_weights, sides),
    )


def _pair_weights(sides: Mapping[str, tuple[str, str]], ids: Sequence[str]) -> Floats:
    return draw_pair_weights([sides[item][0] for item in ids], [sides[item][1] for item in ids])


def _paired(first: Sequence[CaseType], second: Sequence[Any]) -> Iterator[tuple[CaseType, Any]]:
    known = {case.id: case for case in first}
    for item in second:
        if item.id not in known:
            raise InputError(
                f"The second reader labelled {item.id!r}, which is no case of the first."
            )
        yield known[item.id], item


def _agreements(
    questions: Mapping[str, Rows], weigh: Callable[[Sequence[str]], Floats] = draw_weights
) -> Found:
    return {name: _agreement(rows, weigh) for name, rows in questions.items() if rows}


def _agreement(rows: Rows, weigh: Callable[[Sequence[str]], Floats]) -> Agreement:
    one = np.array([first for _, first, _ in rows], dtype=np.str_)
    two = np.array([second for _, _, second in rows], dtype=np.str_)
    weights = weigh([group for group, _, _ in rows])
    return Agreement(
        cases=len(rows),
        agreed=int((one == two).sum()),
        kappa=summarise(kappa(one, two, weights), len(rows)),
    )


def compare_all(folder: Path) -> Found:
    """Compare the files of a second reader, those that there are, with the test split.

    Args:
        folder: where ``drift.jsonl``, ``chains.jsonl`` and ``peers.jsonl`` may lie.
    """
    found: Found = {}
    if (path := folder / "drift.jsonl").exists():
        edges = read_cases(CASES / "drift" / "test", DriftCase)
        found |= compare_drift(edges, read_cases(path, SecondEdge))
    if (path := folder / "chains.jsonl").exists():
        chains = read_cases(CASES / "chains" / "test", ChainCase)
        found |= compare_chains(chains, read_cases(path, SecondChain))
    if (path := folder / "peers.jsonl").exists():
        peers = read_cases(CASES / "peers" / "test", PeerCase)
        found |= compare_peers(peers, read_cases(path, SecondPeer))
    return found


def as_json(found: Found) -> str:
    """A comparison as it is stored."""
    plain = {name: {**asdict(item), "kappa": item.kappa.as_json()} for name, item in found.items()}
    return json.dumps(plain, indent=1) + "\n"


def agreement_table() -> str:
    """The figures of the last comparison, or a sentence where there is none yet."""
    found = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    if not found:
        return "Not measured yet."
    rows = (
        [name, str(item["cases"]), str(item["agreed"]), pages.interval(item["kappa"])]
        for name, item in found.items()
    )
    return pages.table(("question", "cases", "agreed", "kappa [95 %]"), rows)


PARTS: pages.Parts = {"alignment-agreement": agreement_table}


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(as_json(compare_all(SECOND.parent)), encoding="utf-8")
    pages.refresh(PAGE, PARTS)
