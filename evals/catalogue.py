"""Prints the rule catalogue of docs/rules.md from the rules: `python -m evals.catalogue`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from assistant.report.catalogue import rule_page, rule_table
from assistant.rules import all_rules
from assistant.rules.base import Group, Rule
from evals import pages
from evals.readme import RESULTS

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
GROUPS: tuple[Group, ...] = ("objective", "key-result", "set", "alignment")


def catalogue(group: Group) -> str:
    """Every rule of a group, whole, with its published accuracy."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    chosen = (rule for rule in all_rules() if rule.group == group)
    return "\n\n".join(
        rule_page(rule, level=3, accuracy=accuracy(rule, results)) for rule in chosen
    )


def accuracy(rule: Rule, results: dict[str, Any]) -> str:
    """The published figures of a rule in one sentence, or why there are none."""
    if rule.detect is None:
        return "none; the labelled drafts carry no corpus."
    metrics = results["metrics"]
    f1 = metrics.get(f"f1.{rule.code}")
    if not f1 or not f1["n"]:
        return "none; no labelled draft of the test split is a case of it."
    precision, recall = (metrics[f"{name}.{rule.code}"] for name in ("precision", "recall"))
    others = "; ".join(
        f"{name} {pages.number(other.get(f'f1.{rule.code}'))}"
        for name, other in results["baselines"].items()
    )
    return (
        f"precision {pages.interval(precision)}, recall {pages.interval(recall)}, F1 "
        f"{pages.interval(f1)} on {f1['n']} cases of the test split (F1 of {others})."
    )


PARTS: pages.Parts = {
    "contents": lambda: rule_table(all_rules(), ""),
    **{group: partial(catalogue, group) for group in GROUPS},
}


if __name__ == "__main__":
    pages.refresh(PAGE, PARTS)
