"""Prints the generated parts of the README from the code: `python -m evals.readme`.

A generated part stands between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from assistant.report.catalogue import rule_table
from assistant.rules import all_rules
from assistant.settings import Settings
from evals import pages
from evals.suites import chains, drift, peers

README = Path(__file__).parent.parent / "README.md"
FIGURES = Path(__file__).parent / "results"
RESULTS = FIGURES / "drafts-test.json"
ALIGNMENT = {
    "drift": ("A child under its parent", drift.SHOWN),
    "chains": ("A cascade of four levels", chains.SHOWN),
    "peers": ("Two teams", peers.SHOWN),
}
"""What the suites of alignment are about, and the figures to publish."""

SIDES = ("child_only", "one_side")
"""The baselines that see one side alone."""

SUMMARY = {
    "macro_f1.L": "mean over the rules decided from the text",
    "macro_f1.J": "mean over the rules of judgement",
    "false_alarm_rate": "good drafts with a warning or worse",
    "false_alarm_rate.any": "good drafts with any finding",
}


def settings_table() -> str:
    """Every setting with its variable, default and meaning, as a Markdown table."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, PydanticUndefined) else f"`{default}`"
        rows.append(f"| `OKR_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def accuracy_table() -> str:
    """The published accuracy of each rule, from the last run that was written to results/."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    metrics, baselines = found["metrics"], found["baselines"]
    lines = [
        f"| rule | positives | precision | recall | F1 [95 %] | {' | '.join(baselines)} |",
        "|---|---|---|---|---|" + "---|" * len(baselines),
    ]
    for rule in all_rules():
        f1 = metrics.get(f"f1.{rule.code}")
        if f1 and f1["n"]:
            measured = [metrics[f"{name}.{rule.code}"] for name in ("precision", "recall")]
            cells = [f"{rule.code} {rule.slug}", str(f1["n"]), *map(pages.number, measured)]
            others = [other.get(f"f1.{rule.code}") for other in baselines.values()]
            cells += [pages.interval(f1), *map(pages.number, others)]
            lines.append(f"| {' | '.join(cells)} |")
    for name, title in SUMMARY.items():
        others = [pages.number(other.get(name)) for other in baselines.values()]
        row = [title, str(metrics[name]["n"]), "", "", pages.interval(metrics[name]), *others]
        lines.append(f"| {' | '.join(row)} |")
    lines += [
        "",
        f"{found['cases']} drafts of the {found['split']} split, {found['decisions']} decisions.",
    ]
    return "\n".join(lines)


def results_of(suite: str) -> dict[str, Any] | None:
    """The last figures on the test split that were written to results/; None where there are none."""
    path = FIGURES / f"{suite}-test.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def alignment_table() -> str:
    """The published accuracy on edges, cascades and peers, beside the baselines."""
    rows = [row for suite in ALIGNMENT for row in _alignment_rows(suite)]
    if not rows:
        return "Not measured yet."
    return pages.table(
        ("", "cases", "value [95 %]", "one side alone", "word overlap", "cosine"), rows
    )


def _alignment_rows(suite: str) -> Iterator[list[str]]:
    title, shown = ALIGNMENT[suite]
    found = results_of(suite)
    if found is None:
        return
    yield [f"**{title}**", str(found["cases"]), "", "", "", ""]
    baselines: dict[str, dict[str, pages.Stored]] = found["baselines"]
    side = next((baselines[name] for name in SIDES if name in baselines), {})
    for name, meaning in shown.items():
        figure = found["metrics"].get(name)
        if figure is None:
            continue
        others = (side, baselines.get("word_overlap", {}), baselines.get("cosine", {}))
        plain = [pages.number(other.get(name)) for other in others]
        yield [meaning, str(figure["n"]), pages.interval(figure), *plain]


PARTS: pages.Parts = {
    "settings": settings_table,
    "accuracy": accuracy_table,
    "alignment": alignment_table,
    "rules": lambda: rule_table(all_rules(), "docs/rules.md"),
}


def fill(text: str) -> str:
    """The page with every generated part made anew."""
    return pages.fill(text, PARTS)


if __name__ == "__main__":
    pages.refresh(README, PARTS)
