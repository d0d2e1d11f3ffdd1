"""Builds the findings of rules that compare an objective with the rest of the organisation."""

from __future__ import annotations

from typing import Literal

from assistant.analyse.legible import location_of
from assistant.models import (
    SEVERITIES,
    Evidence,
    Finding,
    Location,
    Objective,
    SecondOpinion,
    Severity,
    Span,
)
from assistant.rules import find_rule


def own_words(objective: Objective, quote: str, location: Location | None) -> Evidence:
    """Words of the objective that a finding is about.

    Args:
        objective: whose words they are.
        quote: verbatim.
        location: where they stand in their source.
    """
    return Evidence(
        kind="draft", id=objective.id, title=objective.text, quote=quote, location=location
    )


def corpus_finding(
    rule_code: str,
    objective: Objective,
    message: str,
    *,
    on: str = "objective",
    span: Span | None = None,
    question: str | None = None,
    evidence: tuple[Evidence, ...] = (),
    confidence: float = 1.0,
    at_most: Severity | None = None,
    opinions: tuple[SecondOpinion, ...] = (),
) -> Finding:
    """A finding with the severity, the reason and the question of its rule.

    Args:
        rule_code: such as ``A3``.
        objective: what the finding is about.
        message: one sentence that says what was found.
        on: ``objective``, ``kr:N`` or ``set``.
        question: instead of the rule's own.
        evidence: the exact words that it rests on.
        confidence: from 0 to 1.
        at_most: lowers the severity where the evidence does not carry that of the rule.
        opinions: what others say of it.
    """
    found = find_rule(rule_code)
    severities = (found.severity, at_most or found.severity)
    return Finding(
        rule=found.code,
        slug=found.slug,
        severity=min(severities, key=SEVERITIES.index),
        on=on,
        objective_id=objective.id,
        span=span,
        message=message,
        why=found.why,
        question=question or found.question,
        evidence=evidence,
        confidence=confidence,
        location=location_of(objective, on),
        words=objective.words(on),
        opinions=opinions,
    )


def second_opinions(agrees: bool | None, because: str) -> tuple[SecondOpinion, ...]:
    """What a language model that was asked says of a finding.

    Args:
        agrees: None if it leans to neither side, and so says nothing.
        because: its reason; a model that answers with one word gives none.
    """
    if agrees is None:
        return ()
    by: Literal["llm", "model"] = "llm" if because else "model"
    return (SecondOpinion(by=by, says="agrees" if agrees else "disagrees", words=because),)
