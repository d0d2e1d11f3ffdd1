"""Prints the figures of docs/models.md from the last training: `python -m evals.models`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.learned.heads import FOLDER
from assistant.learned.labels import LOOKS
from assistant.rules import find_rule
from evals import pages
from evals.readme import RESULTS

PAGE = Path(__file__).parent.parent / "docs" / "models.md"
TRAINED = Path(__file__).parent / "training" / "heads.json"

_CERTAIN = 1.0
"""A threshold above this is never reached: the head is silent."""


def heads_table() -> str:
    """Every head: what it saw, what it was trained on, and its figures on dev and test."""
    trained = json.loads(TRAINED.read_text(encoding="utf-8"))
    results = json.loads(RESULTS.read_text(encoding="utf-8"))["metrics"]
    head = ("rule", "sees", "train", "dev", "dev AUROC", "threshold", "dev precision", "dev recall",
            "test", "test precision", "test recall", "test F1", "test AUROC", "KB")  # fmt: skip
    return pages.table(
        head, (_row(code, trained[code], results) for code in LOOKS if code in trained)
    )


def _row(code: str, own: dict[str, Any], results: dict[str, Any]) -> list[str]:
    silent = own["threshold"] > _CERTAIN
    f1 = results.get(f"f1.{code}")
    return [
        f"{code} {find_rule(code).slug}",
        LOOKS[code],
        f"{own['train_positive']} of {own['train']}",
        f"{own['dev_positive']} of {own['dev']}",
        f"{own['dev_auroc']:.2f}",
        "silent" if silent else f"{own['threshold']:.2f}",
        pages.NO_FIGURE if silent else f"{own['dev_precision']:.2f}",
        pages.NO_FIGURE if silent else f"{own['dev_recall']:.2f}",
        str(f1["n"]) if f1 else pages.NO_FIGURE,
        *(pages.number(results.get(f"{name}.{code}")) for name in ("precision", "recall")),
        pages.interval(f1),
        pages.interval(results.get(f"auroc.{code}")),
        str(round((FOLDER / f"{code}.npz").stat().st_size / 1000)),
    ]


PARTS: pages.Parts = {"heads": heads_table}


if __name__ == "__main__":
    pages.refresh(PAGE, PARTS)
