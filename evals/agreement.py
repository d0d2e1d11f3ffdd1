"""How far a second reader of the test drafts agrees with the first: `python -m evals.agreement`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.errors import InputError
from assistant.rules import all_rules
from evals import pages
from evals.cases import CASES, Case, DraftCase, Label, read_cases
from evals.metrics import Figure, draw_weights, kappa, summarise
from evals.suites.drafts import Place, group_of, places

PAGE = Path(__file__).parent.parent / "docs" / "data.md"
SECOND = CASES / "second" / "drafts.jsonl"
STORED = Path(__file__).parent / "results" / "agreement.json"
ALL, ARGUED = "all", "all, arguable as silence"
_NAMES = {ALL: "every rule", ARGUED: "every rule, with what is arguable as silence of the first"}


class SecondLabels(Case):
    """What a second reader says about one draft; no label says that it is good."""

    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Agreement:
    """How far two readers agree on one rule.

    Attributes:
        decisions: elements that both judged.
        both: places that both flag.
        first: places that the first flags alone.
        second: places that the second flags alone.
        kappa: Cohen's, with its interval; NaN where all verdicts of both are the same.
    """

    decisions: int
    both: int
    first: int
    second: int
    kappa: Figure

    @property
    def positive(self) -> float:
        """Share of flags that the other reader gives too; NaN where there is none."""
        flags = 2 * self.both + self.first + self.second
        return 2 * self.both / flags if flags else float("nan")

    @property
    def negative(self) -> float:
        """Share of silences that the other reader shares; NaN where there is none."""
        quiet = self.decisions - self.both - self.first - self.second
        silences = 2 * quiet + self.first + self.second
        return 2 * quiet / silences if silences else float("nan")


@dataclass(frozen=True)
class Comparison:
    """Two readers over the same drafts.

    Attributes:
        drafts: how many both labelled.
        rules: by code, of those that either gave; under ``ALL`` every decision on every rule, and
            under ``ARGUED`` also those that the first calls arguable.
        arguable: places that the first calls arguable; no rule counts them.
        arguable_given: of these, how many the second flags.
        outside: labels of the second on rules that were not to be judged there.
    """

    drafts: int
    rules: dict[str, Agreement]
    arguable: int
    arguable_given: int
    outside: int


def compare(first: Sequence[DraftCase], second: Sequence[SecondLabels]) -> Comparison:
    """Compare two readers on the drafts that the second labelled.

    Args:
        first: the labelled drafts.
        second: the second reader's labels of all or some of them.

    Raises:
        InputError: the second reader labelled a draft or an element that there is not.
    """
    known = {case.id: case for case in first}
    pairs = [(_draft(item, known), item) for item in second]
    rows = [row for case, item in pairs for row in _decisions(case, item)]
    argued = [row for case, item in pairs for row in _argued(case, item)]
    found = {ALL: _agreement(rows), ARGUED: _agreement([*rows, *argued])}
    for rule in all_rules():
        chosen = [row for row in rows if row.rule == rule.code]
        if any(row.first or row.second for row in chosen):
            found[rule.code] = _agreement(chosen)
    return Comparison(
        drafts=len(pairs),
        rules=found,
        arguable=len(argued),
        arguable_given=sum(row.second for row in argued),
        outside=sum(_outside(case, item) for case, item in pairs),
    )


def _draft(item: SecondLabels, known: dict[str, DraftCase]) -> DraftCase:
    case = known.get(item.id)
    if case is None:
        raise InputError(f"The second reader labelled {item.id!r}, which is no draft of the first.")
    for label in item.labels:
        if label.on not in case.elements():
            raise InputError(
                f"The second reader put {label.rule} on {label.on} of {item.id!r}, which has "
                f"{len(case.key_results)} key results."
            )
    return case


class _Row(NamedTuple):
    group: str
    rule: str
    first: bool
    second: bool


def _decisions(case: DraftCase, item: SecondLabels) -> Iterator[_Row]:
    one, two = _places_of(case.labels), _places_of(item.labels)
    for place in places(case):
        yield _Row(group_of(case.id), place[1], place in one, place in two)


def _argued(case: DraftCase, item: SecondLabels) -> Iterator[_Row]:
    two = _places_of(item.labels)
    for place in sorted(_places_of(case.arguable) & _everything(case)):
        yield _Row(group_of(case.id), place[1], False, place in two)


def _outside(case: DraftCase, item: SecondLabels) -> int:
    return len(_places_of(item.labels) - _everything(case))


def _everything(case: DraftCase) -> set[Place]:
    """What was judged, the arguable included."""
    return set(places(case.model_copy(update={"arguable": ()})))


def _places_of(labels: Sequence[Label]) -> set[Place]:
    return {(label.on, label.rule) for label in labels}


def _agreement(rows: Sequence[_Row]) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    one = np.array([row.first for row in rows], dtype=np.bool_)
    two = np.array([row.second for row in rows], dtype=np.bool_)
    counts = Counter(zip(one.tolist(), two.tolist(), strict=True))
    figure = Figure(float("nan"), float("nan"), float("nan"), len(one))
    if len({*one.tolist(), *two.tolist()}) > 1:
        spread = summarise(kappa(one, two, draw_weights([row.group for row in rows])), len(one))
        figure = Figure(float(cohen_kappa_score(one, two)), spread.low, spread.high, len(one))
    return Agreement(
        decisions=len(one),
        both=counts[True, True],
        first=counts[True, False],
        second=counts[False, True],
        kappa=figure,
    )


def agreement_table() -> str:
    """The figures of the last comparison, or a sentence where there is none yet."""
    if not STORED.exists():
        return "Not measured yet."
    return as_table(json.loads(STORED.read_text(encoding="utf-8")))


def as_table(found: dict[str, Any]) -> str:
    """A stored comparison as a Markdown table with one line of counts below it."""
    names = _NAMES | {rule.code: f"{rule.code} {rule.slug}" for rule in all_rules()}
    rows = (
        [
            names[code],
            *(str(item[name]) for name in ("decisions", "both", "first", "second")),
            pages.interval(item["kappa"]),
            *(_share(item[name]) for name in ("positive", "negative")),
        ]
        for code, item in found["rules"].items()
    )
    head = ("rule", "decisions", "both", "first only", "second only", "kappa [95 %]",
            "positive agreement", "negative agreement")  # fmt: skip
    return (
        f"{pages.table(head, rows)}\n\n{found['drafts']} drafts. Of {found['arguable']} places that "
        f"the first reader calls arguable, the second flags {found['arguable_given']}; they "
        f"count in the second line alone. {found['outside']} labels of the second are on rules that were "
        "not to be judged there and are left out."
    )


def as_json(found: Comparison) -> str:
    """A comparison as it is stored."""
    rules = {
        code: {
            **asdict(item),
            "kappa": item.kappa.as_json(),
            "positive": None if np.isnan(item.positive) else round(item.positive, 4),
            "negative": None if np.isnan(item.negative) else round(item.negative, 4),
        }
        for code, item in found.rules.items()
    }
    return json.dumps({**asdict(found), "rules": rules}, indent=1) + "\n"


def _share(value: float | None) -> str:
    return pages.NO_FIGURE if value is None else f"{value:.2f}"


PARTS: pages.Parts = {"agreement": agreement_table}


if __name__ == "__main__":
    labelled = read_cases(CASES / "drafts" / "test", DraftCase)
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(as_json(compare(labelled, read_cases(SECOND, SecondLabels))), "utf-8")
    pages.refresh(PAGE, PARTS)
