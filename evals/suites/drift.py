"""The suite of parents and children: does the child's success advance the parent?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import get_args

import numpy as np

from assistant.models import DriftSubtype
from evals.cases import DriftCase, EdgeLabel, Pair
from evals.metrics import Figure, Floats, draw_weights, recall_at, summarise
from evals.suites.base import Critic, Outcome, Row, ask
from evals.suites.labels import (
    SAID,
    Scored,
    Told,
    area,
    average_precision,
    figure_rows,
    share,
    subtype_figures,
    verdict_figures,
)

LABELS: tuple[EdgeLabel, ...] = get_args(EdgeLabel)
SUBTYPES: tuple[DriftSubtype, ...] = get_args(DriftSubtype)
REST: tuple[EdgeLabel, ...] = ("drifted", "unrelated")
RECALL = "recall_at_20_false_alarms"
FALSE_ALARMS = 0.2
"""The share of aligned pairs that may be called drifted where recall is read off."""

SHOWN = {
    "auroc.contrast": "aligned against the rest, where the label flips with the parent (AUROC)",
    "right_parent_higher": "of two parents of one child, the fitting one scores higher",
    "auroc.aligned_vs_drifted": "aligned against drifted (AUROC)",
    "auroc.aligned_vs_rest": "aligned against drifted and unrelated (AUROC)",
    "auroc.unrelated_vs_rest": "unrelated against the rest (AUROC)",
    RECALL: "drifted pairs found at 20 % false alarms",
    f"{RECALL}.contradiction": "contradictions found at 20 % false alarms",
    "macro_f1": "mean F1 of the three labels",
    "macro_f1.subtype": "mean F1 of the ways to drift, given that it drifted",
    "precision.warned": "warnings that are right",
    "recall.warned": "drifted and unrelated pairs that get a warning",
    "false_alarm_rate": "aligned pairs that get a warning",
}
"""The figures for people, with what they mean."""

MORE = (
    SAID,
    "false_alarm_rate.any",
    *(f"f1.{label}" for label in (*LABELS, *SUBTYPES)),
    "accuracy",
    "kappa",
)
"""What the terminal shows beside them."""


@dataclass(frozen=True)
class EdgeVerdict:
    """What a critic says about a child and its parent.

    Attributes:
        label: its verdict, or None where it abstains.
        subtype: in which way it drifted, or would have if it did.
        serves: higher where the child's success is likelier to advance the parent.
        unrelated: higher where a causal path is less likely.
        warned: whether the product would say so with severity warning or above; None where a critic
            knows no severities.
        error: one sentence, if the pair could not be judged at all.
    """

    label: EdgeLabel | None = None
    subtype: DriftSubtype | None = None
    serves: float | None = None
    unrelated: float | None = None
    warned: bool | None = None
    error: str | None = None


EdgeCritic = Critic[Pair, EdgeVerdict]


@dataclass(frozen=True)
class EdgeDecision:
    """One label: what was said, and what is right. ``score`` is how plainly the child serves."""

    case: str
    on: str
    gold: str
    said: str | None
    gold_subtype: str | None
    said_subtype: str | None
    score: float | None
    unrelated: float | None
    warned: bool | None
    abstained: bool


Answered = tuple[DriftCase, EdgeVerdict]


def run(cases: Sequence[DriftCase], critic: Critic[DriftCase, EdgeVerdict]) -> Outcome:
    """Let a critic judge the cases and score it.

    Errors and abstentions are counted apart. A case whose arguable label is what the critic says
    counts neither way; a score says no label, so there a case counts neither way where its two
    labels stand on different sides.
    """
    answers = ask(cases, critic)
    labelled = [item for item in answers.judged if item[1].label is not None]
    counted = [(case, verdict) for case, verdict in labelled if verdict.label != case.arguable]
    return Outcome(
        decisions=tuple(
            decide(case.id, "child", (case.label, case.subtype), verdict)
            for case, verdict in answers.judged
        ),
        metrics={
            **_label_figures(counted),
            **_subtype_figures(answers.judged, counted),
            **_warning_figures(counted),
            **_score_figures(answers.judged),
        },
        errors=answers.errors,
        cases=len(cases),
        abstained=len(answers.judged) - len(labelled),
        seconds=answers.seconds,
    )


def rows(outcome: Outcome, baselines: Mapping[str, Outcome]) -> Iterator[Row]:
    """The cells of the table, a line a figure."""
    return figure_rows(outcome, baselines, (*SHOWN, *MORE))


def decide(
    case: str, on: str, gold: tuple[EdgeLabel, DriftSubtype | None], verdict: EdgeVerdict
) -> EdgeDecision:
    """The decision about one label, whose gold is a label with its subtype."""
    return EdgeDecision(
        case=case,
        on=on,
        gold=gold[0],
        said=verdict.label,
        gold_subtype=gold[1],
        said_subtype=said_subtype(verdict),
        score=verdict.serves,
        unrelated=verdict.unrelated,
        warned=verdict.warned,
        abstained=verdict.label is None,
    )


def said_subtype(verdict: EdgeVerdict) -> DriftSubtype | None:
    """The way of drifting, where the verdict is that it drifted."""
    return verdict.subtype if verdict.label == "drifted" else None


def group_of(case: DriftCase) -> str:
    """What is drawn together: a contrast group, or the pairs of one child."""
    return case.group or case.child.key


def _weights(items: Sequence[Answered]) -> Floats:
    return draw_weights([group_of(case) for case, _ in items])


def _label_figures(counted: Sequence[Answered]) -> dict[str, Figure]:
    if not counted:
        return {}
    rows = [(case.label, verdict.label) for case, verdict in counted]
    return verdict_figures(Told.of(rows, _weights(counted)), LABELS)


def _subtype_figures(judged: Sequence[Answered], counted: Sequence[Answered]) -> dict[str, Figure]:
    drifted = [item for item in judged if item[0].subtype]
    return subtype_figures(
        Told.of([(case.subtype, verdict.subtype) for case, verdict in drifted], _weights(drifted)),
        Told.of(
            [(case.subtype, said_subtype(verdict)) for case, verdict in counted], _weights(counted)
        ),
        SUBTYPES,
    )


def _warning_figures(counted: Sequence[Answered]) -> dict[str, Figure]:
    """A warning is right where the child does not serve the parent, drifted or unrelated."""
    graded = [item for item in counted if item[1].warned is not None]
    warned = [item for item in graded if item[1].warned]
    guilty = [item for item in graded if item[0].label != "aligned"]
    spared = [item for item in graded if item[0].label == "aligned"]
    fine = [item for item in counted if item[0].label == "aligned"]
    parts = {
        "precision.warned": (warned, [case.label != "aligned" for case, _ in warned]),
        "recall.warned": (guilty, [said.warned for _, said in guilty]),
        "false_alarm_rate": (spared, [said.warned for _, said in spared]),
        "false_alarm_rate.any": (fine, [said.label != "aligned" for _, said in fine]),
    }
    return {
        name: share(np.array(happened), _weights(items))
        for name, (items, happened) in parts.items()
        if items
    }


def _score_figures(judged: Sequence[Answered]) -> dict[str, Figure]:
    grouped = [item for item in judged if item[0].group]
    drift = _scored(judged, _drift_score, ("drifted",), ("aligned",))
    contradictions = [item for item in judged if item[0].subtype in (None, "contradiction")]
    against = _scored(contradictions, _drift_score, ("drifted",), ("aligned",))
    ranked = {
        "auroc.contrast": _scored(grouped, _serves, ("aligned",), REST),
        "auroc.aligned_vs_drifted": _scored(judged, _serves, ("aligned",), ("drifted",)),
        "auroc.aligned_vs_rest": _scored(judged, _serves, ("aligned",), REST),
        "auroc.unrelated_vs_rest": _scored(
            judged, _unrelated, ("unrelated",), ("aligned", "drifted")
        ),
    }
    figures = {name: area(given) for name, given in ranked.items() if given.can_rank}
    for name, given in ((RECALL, drift), (f"{RECALL}.contradiction", against)):
        if given.can_rank:
            values = recall_at(given.gold, given.scores, given.weights, FALSE_ALARMS)
            figures[name] = summarise(values, int(given.gold.sum()))
    if drift.can_rank:
        figures["average_precision.drifted"] = average_precision(drift)
    return figures | _right_parent(grouped)


def _serves(verdict: EdgeVerdict) -> float | None:
    return verdict.serves


def _drift_score(verdict: EdgeVerdict) -> float | None:
    return None if verdict.serves is None else -verdict.serves


def _unrelated(verdict: EdgeVerdict) -> float | None:
    return verdict.unrelated


def _scored(
    judged: Sequence[Answered],
    score: Callable[[EdgeVerdict], float | None],
    positive: Sequence[EdgeLabel],
    negative: Sequence[EdgeLabel],
) -> Scored:
    """The cases that are plainly on one side, with the score of the critic."""
    found = []
    for case, verdict in judged:
        value = score(verdict)
        side = case.label in positive
        if value is None or not (side or case.label in negative):
            continue
        if case.arguable is None or (case.arguable in positive) == side:
            found.append((side, value, group_of(case)))
    return Scored.of(found)


def _right_parent(grouped: Sequence[Answered]) -> dict[str, Figure]:
    """How often, of two parents of one child in a group, the one that it serves scores higher."""
    families: dict[tuple[str, str], list[Answered]] = {}
    for case, verdict in grouped:
        families.setdefault((group_of(case), case.child.key), []).append((case, verdict))
    wins, groups = [], []
    for (group, _), family in families.items():
        fitting = [v.serves for c, v in family if c.label == "aligned" and _is_plain(c)]
        others = [v.serves for c, v in family if c.label != "aligned" and _is_plain(c)]
        for own, other in product(fitting, others):
            if own is not None and other is not None:
                wins.append(1.0 if own > other else 0.5 if own == other else 0.0)
                groups.append(group)
    return {"right_parent_higher": share(np.array(wins), draw_weights(groups))} if wins else {}


def _is_plain(case: DriftCase) -> bool:
    """Whether a second reader would see it on the same side: aligned, or not."""
    return case.arguable is None or (case.arguable == "aligned") == (case.label == "aligned")
