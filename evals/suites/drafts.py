"""The suite of labelled drafts: which rules fire on which element, and how often rightly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.models import SEVERITIES, Severity
from assistant.rules import all_rules
from assistant.rules.base import Group
from evals.cases import DraftCase
from evals.metrics import Counts, Figure, draw_weights, kappa, ratio, scored, summarise
from evals.suites.base import Critic, Outcome, Row, Spent, ask
from evals.suites.labels import plain, with_interval

NOT_IN_FORMAT = frozenset({"O10", "S7", "S9", "A1"})
"""Rules about an owner, a type or a parent, which a case cannot carry."""

MILESTONE_RULES = frozenset({"K1", "K2", "K3", "K6"})
"""The rules that must leave a legitimate milestone alone."""

SUMMARY = (
    "macro_f1",
    "macro_f1.L",
    "macro_f1.J",
    "false_alarm_rate",
    "false_alarm_rate.any",
    "milestone_flags",
)
"""The figures over all rules."""

HEAD = ("rule", "positives", "precision", "recall", "F1 [95 %]")

Place = tuple[str, str]
"""An element and a rule, such as ``("kr:2", "K1")``."""


@dataclass(frozen=True)
class Verdict:
    """What a critic says about one draft.

    Attributes:
        said: the places where a rule fires, with the severity.
        scores: how sure the critic is, from 0 to 1, also where it stays silent.
        abstained: places that it could not decide; counted apart, never as clean.
        error: one sentence, if the draft could not be judged at all.
        spent: what a language model was asked, if one was.
    """

    said: Mapping[Place, Severity] = field(default_factory=dict)
    scores: Mapping[Place, float] = field(default_factory=dict)
    abstained: frozenset[Place] = frozenset()
    error: str | None = None
    spent: Spent | None = None


DraftCritic = Critic[DraftCase, Verdict]


@dataclass(frozen=True)
class Decision:
    """One rule on one element of one case: what was said, and what is right."""

    case: str
    on: str
    rule: str
    gold: bool
    said: bool
    score: float | None
    abstained: bool


def run(cases: Sequence[DraftCase], critic: DraftCritic) -> Outcome:
    """Let a critic judge the cases and score it.

    Errors and abstentions are counted apart; neither counts as a silent critic.
    """
    answers = ask(cases, critic)
    judged = answers.judged
    every = tuple(decision for case, verdict in judged for decision in _decide(case, verdict))
    decisions = tuple(item for item in every if not item.abstained)
    return Outcome(
        decisions=every,
        metrics={
            **_rule_figures(decisions),
            **_false_alarms(judged),
            **_milestone_flags(judged),
        },
        errors=answers.errors,
        cases=len(cases),
        abstained=len(every) - len(decisions),
        seconds=answers.seconds,
        spent=Spent.together(item.spent for item in answers.verdicts if item.spent),
    )


def rows(outcome: Outcome, baselines: Mapping[str, Outcome]) -> Iterator[Row]:
    """The cells of the table: the rules with at least one positive, then the summary figures."""
    metrics = outcome.metrics
    for rule in all_rules():
        f1 = metrics.get(f"f1.{rule.code}")
        if f1 is None or not f1.n:
            continue
        yield (
            f"{rule.code} {rule.slug}",
            str(f1.n),
            plain(metrics[f"precision.{rule.code}"]),
            plain(metrics[f"recall.{rule.code}"]),
            with_interval(f1),
            *(plain(other.metrics.get(f"f1.{rule.code}")) for other in baselines.values()),
        )
    for name in SUMMARY:
        if name in metrics:
            others = (plain(other.metrics.get(name)) for other in baselines.values())
            yield (name, str(metrics[name].n), "", "", with_interval(metrics[name]), *others)


def group_of(case_id: str) -> str:
    """Contrast partners share a number and differ in a letter: ``harbor-031a``."""
    return re.sub(r"(?<=\d)[a-z]$", "", case_id)


def places(case: DraftCase) -> Iterator[Place]:
    """Every element and rule that the case labels; arguable ones count neither way."""
    arguable = {(label.on, label.rule) for label in case.arguable}
    for rule in all_rules():
        if rule.code in NOT_IN_FORMAT or rule.detect is None:
            continue
        if case.only is not None and rule.code not in case.only:
            continue
        for on in _elements(case, rule.group):
            if (on, rule.code) not in arguable:
                yield on, rule.code


def _elements(case: DraftCase, group: Group) -> Iterator[str]:
    for on in case.elements():
        if group == "set" and on == "set" and case.key_results:
            yield on
        if group == "key-result" and on.startswith("kr:"):
            yield on
        if group in ("objective", "alignment") and on == "objective":
            yield on


def _decide(case: DraftCase, verdict: Verdict) -> Iterator[Decision]:
    gold = {(label.on, label.rule) for label in case.labels}
    for place in places(case):
        on, rule = place
        yield Decision(
            case=case.id,
            on=on,
            rule=rule,
            gold=place in gold,
            said=place in verdict.said,
            score=verdict.scores.get(place),
            abstained=place in verdict.abstained,
        )


def _rule_figures(decisions: Sequence[Decision]) -> dict[str, Figure]:
    if not decisions:
        return {}
    rules = np.array([item.rule for item in decisions])
    gold = np.array([item.gold for item in decisions])
    said = np.array([item.said for item in decisions])
    weights = draw_weights([group_of(item.case) for item in decisions])
    figures: dict[str, Figure] = {}
    f1s: dict[str, NDArray[np.float64]] = {}
    for rule in all_rules():
        chosen = rules == rule.code
        if not chosen.any():
            continue
        counts = Counts.of(gold[chosen], said[chosen], weights[:, chosen])
        positives = int(gold[chosen].sum())
        for name, values in (
            ("precision", counts.precision),
            ("recall", counts.recall),
            ("f1", counts.f1),
        ):
            figures[f"{name}.{rule.code}"] = summarise(values, positives)
        agreement = kappa(gold[chosen], said[chosen], weights[:, chosen])
        figures[f"kappa.{rule.code}"] = summarise(agreement, int(chosen.sum()))
        figures.update(_score_figures(rule.code, decisions, chosen, gold, weights))
        if positives:
            f1s[rule.code] = np.nan_to_num(counts.f1)
    figures.update(_macro(f1s))
    return figures


def _score_figures(
    code: str,
    decisions: Sequence[Decision],
    chosen: NDArray[np.bool_],
    gold: NDArray[np.bool_],
    weights: NDArray[np.float64],
) -> dict[str, Figure]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    known = np.array([item.score is not None for item in decisions]) & chosen
    if not gold[known].any() or gold[known].all():
        return {}
    scores = np.array([item.score or 0.0 for item in decisions])[known]
    n = int(known.sum())
    return {
        f"{name}.{code}": summarise(scored(statistic, gold[known], scores, weights[:, known]), n)
        for name, statistic in (
            ("auroc", roc_auc_score),
            ("average_precision", average_precision_score),
        )
    }


def _macro(f1s: Mapping[str, NDArray[np.float64]]) -> dict[str, Figure]:
    kinds = {rule.code: rule.kind for rule in all_rules()}
    chosen = {
        "macro_f1": list(f1s),
        "macro_f1.J": [code for code in f1s if kinds[code] == "J"],
        "macro_f1.L": [code for code in f1s if kinds[code] == "L"],
    }
    return {
        name: summarise(np.mean([f1s[code] for code in codes], axis=0), len(codes))
        for name, codes in chosen.items()
        if codes
    }


def _false_alarms(judged: Iterable[tuple[DraftCase, Verdict]]) -> dict[str, Figure]:
    """How many good drafts get any finding; only what the case labels counts."""
    good = [(case, verdict) for case, verdict in judged if not case.labels and case.only is None]
    if not good:
        return {}
    weights = draw_weights([group_of(case.id) for case, _ in good])
    ranks = [_worst(case, verdict) for case, verdict in good]
    warned = np.array([rank >= SEVERITIES.index("warning") for rank in ranks])
    any_at_all = np.array([rank >= 0 for rank in ranks])
    total = weights.sum(axis=1)
    return {
        "false_alarm_rate": summarise(ratio(weights @ warned, total), len(good)),
        "false_alarm_rate.any": summarise(ratio(weights @ any_at_all, total), len(good)),
    }


def _milestone_flags(judged: Iterable[tuple[DraftCase, Verdict]]) -> dict[str, Figure]:
    """How many legitimate milestones get any of the rules that must leave them alone."""
    marked = [
        (case, _is_flagged(case, verdict, f"kr:{position}"))
        for case, verdict in judged
        for position in case.milestones
    ]
    if not marked:
        return {}
    weights = draw_weights([group_of(case.id) for case, _ in marked])
    flagged = np.array([flag for _, flag in marked])
    share = ratio(weights @ flagged, weights.sum(axis=1))
    return {"milestone_flags": summarise(share, len(marked))}


def _is_flagged(case: DraftCase, verdict: Verdict, on: str) -> bool:
    labelled = set(places(case))
    return any((on, code) in verdict.said and (on, code) in labelled for code in MILESTONE_RULES)


def _worst(case: DraftCase, verdict: Verdict) -> int:
    labelled = set(places(case))
    return max(
        (
            SEVERITIES.index(severity)
            for place, severity in verdict.said.items()
            if place in labelled
        ),
        default=-1,
    )
