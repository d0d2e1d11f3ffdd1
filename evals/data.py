"""Prints the generated parts of docs/data.md: `python -m evals.data`.

The counts are taken from the case files; the shortcuts and the agreement from their last
measurement (`python -m evals.shortcuts`, `python -m evals.agreement`, the two of the same name in
`evals.alignment`, and `python -m evals.demo.measure`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.rules import all_rules
from evals import agreement, pages, shortcuts
from evals.alignment import agreement as alignment_agreement
from evals.alignment import counts
from evals.alignment import shortcuts as alignment_shortcuts
from evals.cases import CASES, SPLITS, DraftCase, read_cases
from evals.demo import measure
from evals.suites.drafts import places

PAGE = shortcuts.PAGE


def splits_table() -> str:
    """Every organisation with its split and how much it holds."""
    rows = []
    for split, cases in _cases().items():
        by_name: dict[str, list[DraftCase]] = {}
        for case in cases:
            by_name.setdefault(organisation(case), []).append(case)
        rows += [[split, name, *_sizes(own)] for name, own in sorted(by_name.items())]
        rows.append([f"**{split}**", "", *_sizes(cases)])
    head = ("split", "organisation", "records", "objectives", "key results", "whole drafts",
            "good drafts", "contrast partners")  # fmt: skip
    return pages.table(head, rows)


def organisation(case: DraftCase) -> str:
    """Whose draft it is: ``harbor-031a`` is of ``harbor``."""
    return case.id.rsplit("-", 1)[0]


def _sizes(cases: Sequence[DraftCase]) -> list[str]:
    whole = [case for case in cases if case.only is None]
    return [
        str(len(cases)),
        str(len({(case.team, case.objective) for case in cases})),
        str(len({(case.team, text) for case in cases for text in case.key_results})),
        str(len(whole)),
        str(sum(not case.labels for case in whole)),
        str(sum(case.id[-1].isalpha() for case in cases)),
    ]


def counts_table() -> str:
    """For every rule, in every split, how many elements are guilty of how many judged."""
    judged: Counter[tuple[str, str]] = Counter()
    guilty: Counter[tuple[str, str]] = Counter()
    for split, cases in _cases().items():
        for case in cases:
            own = {(label.on, label.rule) for label in case.labels}
            found = list(places(case))
            judged.update((split, rule) for _, rule in found)
            guilty.update((split, rule) for on, rule in found if (on, rule) in own)
    rows = (
        [
            f"{rule.code} {rule.slug}",
            *(f"{guilty[split, rule.code]} of {judged[split, rule.code]}" for split in SPLITS),
        ]
        for rule in all_rules()
        if any(guilty[split, rule.code] for split in SPLITS)
    )
    return pages.table(("rule", *SPLITS), rows)


def _cases() -> dict[str, list[DraftCase]]:
    return {split: read_cases(CASES / "drafts" / split, DraftCase) for split in SPLITS}


PARTS: pages.Parts = {
    "splits": splits_table,
    "counts": counts_table,
    **shortcuts.PARTS,
    **agreement.PARTS,
    **counts.PARTS,
    **alignment_shortcuts.PARTS,
    **alignment_agreement.PARTS,
    **measure.PARTS,
}


if __name__ == "__main__":
    pages.refresh(PAGE, PARTS)
