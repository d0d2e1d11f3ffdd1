"""How many findings carry a rewrite, and how many were dropped because they did not hold.

Run ``python -m evals.rewrites [SPLIT ...]``; without a split, train and dev are counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.analyse.draft import proposed
from assistant.analyse.rewrites import Checked, proven, sound
from assistant.models import Objective
from assistant.rules import all_rules
from assistant.rules.base import Subject
from evals.cases import CASES, DraftCase, read_cases
from evals.drafts import as_objective

_WITHOUT_TEST = ("train", "dev")


class Fate(NamedTuple):
    """What became of the rewrites of one rule."""

    findings: int
    proposed: int
    sound: int
    proven: int


class Tried(NamedTuple):
    """A draft with its findings at three stages: as thought of, after word lists, after heads."""

    proposed: Checked
    sound: Checked
    proven: Checked


def try_out(objectives: Iterable[Objective]) -> Iterator[Tried]:
    """Check drafts as a review does, and keep what was dropped on the way.

    Args:
        objectives: drafts in English.
    """
    from assistant.learned.scores import scores_of, scores_of_elements

    drafts = list(objectives)
    thought = [
        proposed(Subject(objective=objective, siblings=(objective,), scores=scores), all_rules())
        for objective, scores in zip(drafts, scores_of(drafts), strict=True)
    ]
    left = [sound(draft) for draft in thought]
    held = proven(left, scores_of_elements)
    for first, second, findings in zip(thought, left, held, strict=True):
        yield Tried(first, second, second._replace(findings=findings))


def fates(tried: Iterable[Tried]) -> dict[str, Fate]:
    """The counts by rule, in the order of the catalogue, of the rules that found something."""
    found: Counter[str] = Counter()
    stages = (Counter[str](), Counter[str](), Counter[str]())
    for draft in tried:
        found.update(item.rule for item in draft.proposed.findings)
        for counter, stage in zip(stages, draft, strict=True):
            counter.update(item.rule for item in stage.findings if item.rewrite)
    codes = [rule.code for rule in all_rules() if found[rule.code]]
    return {code: Fate(found[code], *(stage[code] for stage in stages)) for code in codes}


def main(splits: Iterable[str] = _WITHOUT_TEST) -> None:
    """Print the counts of some splits."""
    cases = (case for split in splits for case in read_cases(CASES / "drafts" / split, DraftCase))
    counted = fates(try_out(map(as_objective, cases)))
    print(f"{'rule':6}{'findings':>9}{'proposed':>9}{'sound':>7}{'proven':>7}")
    for code, fate in counted.items():
        print(f"{code:6}{fate.findings:9}{fate.proposed:9}{fate.sound:7}{fate.proven:7}")
    total = [sum(column) for column in zip(*counted.values(), strict=True)]
    print(f"{'all':6}{total[0]:9}{total[1]:9}{total[2]:7}{total[3]:7}")


if __name__ == "__main__":
    main(sys.argv[1:] or _WITHOUT_TEST)
