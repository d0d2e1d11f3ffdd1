"""Runs a suite and writes its figures: ``okr eval run drafts --critic local``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.rules import all_rules
from evals.cases import CASES, SPLITS, DraftCase, read_cases
from evals.critics import CRITICS, make_critic
from evals.metrics import Figure
from evals.suites import drafts

if TYPE_CHECKING:
    from rich.table import Table

SUITES = ("drafts",)
BASELINES = ("baseline", "nearest")
_MACRO = ("macro_f1", "macro_f1.L", "macro_f1.J", "false_alarm_rate", "false_alarm_rate.any")


def run_suite(
    suite: str, critic: str, *, cases: Path | None, split: str
) -> tuple[drafts.Outcome, dict[str, drafts.Outcome]]:
    """Run a suite.

    Args:
        suite: ``drafts``.
        critic: one of :data:`evals.critics.CRITICS`.
        cases: a case file, or None for our own cases.
        split: which of our own cases: train, dev or test.

    Returns:
        The critic's outcome, and those of the baselines by name.

    Raises:
        InputError: an unknown suite, critic or split, or unreadable cases.
    """
    for what, given, known in (
        ("suite", suite, SUITES),
        ("critic", critic, CRITICS),
        ("split", split, SPLITS),
    ):
        if given not in known:
            raise InputError(f"There is no {what} {given!r}. There are: {', '.join(known)}.")
    records = read_cases(cases or CASES / "drafts" / split, DraftCase)
    outcome = drafts.run(records, make_critic(critic))
    others = {name: drafts.run(records, make_critic(name)) for name in BASELINES if name != critic}
    return outcome, others


def as_json(
    outcome: drafts.Outcome, baselines: dict[str, drafts.Outcome], *, critic: str, split: str
) -> str:
    """The figures in the documented JSON shape."""
    content = {
        "suite": "drafts",
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
    return json.dumps(content, indent=2)


def decision_lines(outcome: drafts.Outcome) -> str:
    """One decision a line, as JSONL."""
    return "".join(json.dumps(asdict(item)) + "\n" for item in outcome.decisions)


def figures_table(outcome: drafts.Outcome, baselines: dict[str, drafts.Outcome]) -> Table:
    """The figures for the terminal: a line a rule, the baselines beside it."""
    from rich.table import Table

    table = Table("rule", "positives", "precision", "recall", "F1 [95 %]", box=None)
    for name in baselines:
        table.add_column(f"F1 {name}")
    for row in rows(outcome, baselines):
        table.add_row(*row)
    table.caption = (
        f"{outcome.cases} cases, {len(outcome.decisions)} decisions, {outcome.abstained} abstained, "
        f"{len(outcome.errors)} errors, {outcome.seconds:.1f} s"
    )
    return table


def rows(
    outcome: drafts.Outcome, baselines: dict[str, drafts.Outcome]
) -> Iterator[tuple[str, ...]]:
    """The cells of the table: the rules with at least one positive, then the summary figures."""
    metrics = outcome.metrics
    for rule in all_rules():
        f1 = metrics.get(f"f1.{rule.code}")
        if f1 is None or not f1.n:
            continue
        yield (
            f"{rule.code} {rule.slug}",
            str(f1.n),
            _plain(metrics[f"precision.{rule.code}"]),
            _plain(metrics[f"recall.{rule.code}"]),
            _with_interval(f1),
            *(_plain(other.metrics.get(f"f1.{rule.code}")) for other in baselines.values()),
        )
    for name in _MACRO:
        if name in metrics:
            others = (_plain(other.metrics.get(name)) for other in baselines.values())
            yield (name, str(metrics[name].n), "", "", _with_interval(metrics[name]), *others)


def _plain(figure: Figure | None) -> str:
    return "-" if figure is None or isnan(figure.value) else f"{figure.value:.2f}"


def _with_interval(figure: Figure) -> str:
    if isnan(figure.value):
        return "-"
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"
