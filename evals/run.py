"""Runs a suite and writes its figures: ``okr eval run drafts --critic local``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from assistant.errors import InputError
from evals.cases import CASES, SPLITS, DraftCase, read_cases
from evals.critics import CRITICS, make_critic
from evals.suites import drafts

BASELINES = ("baseline", "nearest")


def run_drafts(
    critic: str, *, cases: Path | None, split: str
) -> tuple[drafts.Outcome, dict[str, drafts.Outcome]]:
    """Run the suite of drafts.

    Args:
        critic: one of :data:`evals.critics.CRITICS`.
        cases: a case file, or None for our own cases.
        split: which of our own cases: train, dev or test.

    Returns:
        The critic's outcome, and those of the baselines by name.

    Raises:
        InputError: an unknown critic or split, or unreadable cases.
    """
    if critic not in CRITICS:
        raise InputError(f"There is no critic {critic!r}. There are: {', '.join(CRITICS)}.")
    if split not in SPLITS:
        raise InputError(f"There is no split {split!r}. There are: {', '.join(SPLITS)}.")
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
