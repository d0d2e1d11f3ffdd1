"""Runs a suite and writes its figures: ``okr eval run drafts --critic local``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from evals import critics
from evals.alignment import edges
from evals.alignment import peers as peer_critics
from evals.attacks import AttackCase
from evals.cases import CASES, SPLITS, ChainCase, DraftCase, DriftCase, PeerCase
from evals.suites import attacks, chains, drafts, drift, peers
from evals.suites.base import Outcome, Suite

if TYPE_CHECKING:
    from rich.table import Table

FIGURES = ("figure", "cases", "value [95 %]")
SUITES: dict[str, Suite[Any, Any]] = {
    suite.name: suite
    for suite in (
        Suite(
            name="drafts",
            model=DraftCase,
            run=drafts.run,
            critics=critics.CRITICS,
            baselines=critics.BASELINES,
            head=drafts.HEAD,
            rows=drafts.rows,
        ),
        Suite(
            name="drift",
            model=DriftCase,
            run=drift.run,
            critics=edges.CRITICS,
            baselines=edges.BASELINES,
            head=FIGURES,
            rows=drift.rows,
        ),
        Suite(
            name="chains",
            model=ChainCase,
            run=chains.run,
            critics=edges.CHAIN_CRITICS,
            baselines=edges.BASELINES,
            head=FIGURES,
            rows=chains.rows,
        ),
        Suite(
            name="peers",
            model=PeerCase,
            run=peers.run,
            critics=peer_critics.CRITICS,
            baselines=peer_critics.BASELINES,
            head=FIGURES,
            rows=peers.rows,
        ),
        Suite(
            name="attacks",
            model=AttackCase,
            run=attacks.run,
            critics=attacks.CRITICS,
            baselines=attacks.BASELINES,
            head=FIGURES,
            rows=attacks.rows,
        ),
    )
}


def run_suite(
    suite: str, critic: str, *, cases: Path | None, split: str, most: int | None = None
) -> tuple[Outcome, dict[str, Outcome]]:
    """Run a suite.

    Args:
        suite: one of :data:`SUITES`.
        critic: one of the critics of the suite.
        cases: a case file, or None for our own cases.
        split: which of our own cases: train, dev or test.
        most: how many of them are judged, always the same ones; None for all.

    Returns:
        The critic's outcome, and those of the baselines by name.

    Raises:
        InputError: an unknown suite, critic or split, or unreadable cases.
    """
    _check("suite", suite, SUITES)
    chosen = SUITES[suite]
    _check("critic", critic, chosen.critics)
    _check("split", split, SPLITS)
    return chosen.measure(cases or CASES / suite / split, critic, most)


def _check(what: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        raise InputError(f"There is no {what} {given!r}. There are: {', '.join(known)}.")


def as_json(
    suite: str, outcome: Outcome, baselines: dict[str, Outcome], *, critic: str, split: str
) -> str:
    """The figures in the documented JSON shape."""
    content = {
        "suite": suite,
        "critic": critic,
        "split": split,
        "cases": outcome.cases,
        "decisions": len(outcome.decisions),
        "errors": list(outcome.errors),
        "abstained": outcome.abstained,
        "seconds": round(outcome.seconds, 3),
        "metrics": {name: figure.as_json() for name, figure in outcome.metrics.items()},
        "baselines": {
            name: {key: figure.as_json() for key, figure in other.metrics.items()}
            for name, other in baselines.items()
        },
    }
    if outcome.spent:
        content["spent"] = asdict(outcome.spent)
    return json.dumps(content, indent=2)


def decision_lines(outcome: Outcome) -> str:
    """One decision a line, as JSONL."""
    return "".join(json.dumps(asdict(item)) + "\n" for item in outcome.decisions)


def figures_table(suite: str, outcome: Outcome, baselines: dict[str, Outcome]) -> Table:
    """The figures for the terminal, the baselines beside them."""
    from rich.table import Table

    chosen = SUITES[suite]
    table = Table(*chosen.head, box=None)
    table.columns[0].overflow = "fold"
    for name in baselines:
        table.add_column(f"F1 {name}" if suite == "drafts" else name)
    for row in chosen.rows(outcome, baselines):
        table.add_row(*row)
    table.caption = (
        f"{outcome.cases} cases, {len(outcome.decisions)} decisions, {outcome.abstained} abstained, "
        f"{len(outcome.errors)} errors, {outcome.seconds:.1f} s"
    )
    return table
