"""The suite of peers: what two objectives of different teams are to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from assistant.models import ConflictSubtype, PeerKind
from evals.cases import PeerCase
from evals.metrics import Figure, Floats, draw_pair_weights
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

LABELS: tuple[PeerKind, ...] = get_args(PeerKind)
SUBTYPES: tuple[ConflictSubtype, ...] = get_args(ConflictSubtype)
HARMLESS: tuple[PeerKind, ...] = ("complementary", "unrelated")
"""What is no finding."""

SWAPPED = "swapped_partner_conflict_rate"
SHOWN = {
    **{f"f1.{label}": f"F1 of {label}" for label in LABELS},
    "macro_f1": "mean F1 of the five labels",
    "macro_f1.subtype": "mean F1 of the kinds of conflict, given that it is one",
    "accuracy.needs": "dependencies whose direction is told, given that it is one",
    SWAPPED: "pairs without conflict, one side of which has one elsewhere, that are called a conflict",
    "precision.warned": "warnings that are right",
    "false_alarm_rate": "complementary and unrelated pairs that get a warning",
}
"""The figures for people, with what they mean."""

MORE = (
    SAID,
    "false_alarm_rate.any",
    *(f"f1.{label}" for label in SUBTYPES),
    *(f"auroc.{label}" for label in LABELS),
    "accuracy",
    "kappa",
)
"""What the terminal shows beside them."""


@dataclass(frozen=True)
class PeerVerdict:
    """What a critic says about two objectives.

    Attributes:
        label: its verdict, or None where it abstains.
        subtype: which kind of conflict it is, or would be if it were one.
        needs: which side needs the other, if it is or were a dependency.
        scores: how likely each label is; empty where the critic gives no scores.
        warned: whether the product would say so with severity warning or above; None where a critic
            knows no severities.
        error: one sentence, if the pair could not be judged at all.
    """

    label: PeerKind | None = None
    subtype: ConflictSubtype | None = None
    needs: Literal["a", "b"] | None = None
    scores: Mapping[PeerKind, float] = field(default_factory=dict)
    warned: bool | None = None
    error: str | None = None


PeerCritic = Critic[PeerCase, PeerVerdict]
Answered = tuple[PeerCase, PeerVerdict]


@dataclass(frozen=True)
class PeerDecision:
    """One pair: what was said, and what is right. ``score`` is that of the gold label."""

    case: str
    gold: str
    said: str | None
    gold_subtype: str | None
    said_subtype: str | None
    gold_needs: str | None
    said_needs: str | None
    score: float | None
    warned: bool | None
    abstained: bool


def run(cases: Sequence[PeerCase], critic: PeerCritic) -> Outcome:
    """Let a critic judge the cases and score it. Errors and abstentions are counted apart."""
    answers = ask(cases, critic)
    counted = [item for item in answers.judged if item[1].label is not None]
    return Outcome(
        decisions=tuple(_decision(case, verdict) for case, verdict in answers.judged),
        metrics={
            **_label_figures(counted),
            **_subtype_figures(answers.judged, counted),
            **_needs_figure(answers.judged),
            **_warning_figures(counted),
            **_swapped_figure(answers.judged),
            **_score_figures(answers.judged),
        },
        errors=answers.errors,
        cases=len(cases),
        abstained=len(answers.judged) - len(counted),
        seconds=answers.seconds,
    )


def rows(outcome: Outcome, baselines: Mapping[str, Outcome]) -> Iterator[Row]:
    """The cells of the table, a line a figure."""
    return figure_rows(outcome, baselines, (*SHOWN, *MORE))


def weights_of(cases: Sequence[PeerCase]) -> Floats:
    """How often each case counts in each resample; every OKR stands in several cases."""
    return draw_pair_weights([case.a.key for case in cases], [case.b.key for case in cases])


def swapped(cases: Sequence[PeerCase]) -> list[PeerCase]:
    """The cases without conflict in which one side stands in a conflict with somebody else."""
    fighting = {okr.key for case in cases if case.label == "conflict" for okr in (case.a, case.b)}
    return [
        case
        for case in cases
        if case.label != "conflict" and not fighting.isdisjoint((case.a.key, case.b.key))
    ]


def _decision(case: PeerCase, verdict: PeerVerdict) -> PeerDecision:
    return PeerDecision(
        case=case.id,
        gold=case.label,
        said=verdict.label,
        gold_subtype=case.subtype,
        said_subtype=_said_subtype(verdict),
        gold_needs=case.needs,
        said_needs=verdict.needs if verdict.label == "dependency" else None,
        score=verdict.scores.get(case.label),
        warned=verdict.warned,
        abstained=verdict.label is None,
    )


def _said_subtype(verdict: PeerVerdict) -> ConflictSubtype | None:
    return verdict.subtype if verdict.label == "conflict" else None


def _weights(items: Sequence[Answered]) -> Floats:
    return weights_of([case for case, _ in items])


def _label_figures(counted: Sequence[Answered]) -> dict[str, Figure]:
    if not counted:
        return {}
    rows = [(case.label, verdict.label) for case, verdict in counted]
    return verdict_figures(Told.of(rows, _weights(counted)), LABELS)


def _subtype_figures(judged: Sequence[Answered], counted: Sequence[Answered]) -> dict[str, Figure]:
    conflicts = [item for item in judged if item[0].subtype]
    return subtype_figures(
        Told.of(
            [(case.subtype, verdict.subtype) for case, verdict in conflicts], _weights(conflicts)
        ),
        Told.of(
            [(case.subtype, _said_subtype(verdict)) for case, verdict in counted], _weights(counted)
        ),
        SUBTYPES,
    )


def _needs_figure(judged: Sequence[Answered]) -> dict[str, Figure]:
    told = [item for item in judged if item[0].needs]
    if not any(verdict.needs for _, verdict in told):
        return {}
    right = np.array([case.needs == verdict.needs for case, verdict in told])
    return {"accuracy.needs": share(right, _weights(told))}


def _warning_figures(counted: Sequence[Answered]) -> dict[str, Figure]:
    graded = [item for item in counted if item[1].warned is not None]
    warned = [item for item in graded if item[1].warned]
    spared = [item for item in graded if item[0].label in HARMLESS]
    fine = [item for item in counted if item[0].label in HARMLESS]
    parts = {
        "precision.warned": (warned, [case.label == said.label for case, said in warned]),
        "false_alarm_rate": (spared, [said.warned for _, said in spared]),
        "false_alarm_rate.any": (fine, [said.label not in HARMLESS for _, said in fine]),
    }
    return {
        name: share(np.array(happened), _weights(items))
        for name, (items, happened) in parts.items()
        if items
    }


def _swapped_figure(judged: Sequence[Answered]) -> dict[str, Figure]:
    chosen = {case.id for case in swapped([case for case, _ in judged])}
    items = [item for item in judged if item[0].id in chosen and item[1].label is not None]
    if not items:
        return {}
    called = np.array([verdict.label == "conflict" for _, verdict in items])
    return {SWAPPED: share(called, _weights(items))}


def _score_figures(judged: Sequence[Answered]) -> dict[str, Figure]:
    known = [item for item in judged if item[1].scores]
    if not known:
        return {}
    weights, figures = _weights(known), {}
    for label in LABELS:
        given = Scored(
            gold=np.array([case.label == label for case, _ in known]),
            scores=np.array([verdict.scores.get(label, 0.0) for _, verdict in known]),
            weights=weights,
        )
        if given.can_rank:
            figures[f"auroc.{label}"] = area(given)
            figures[f"average_precision.{label}"] = average_precision(given)
    return figures
