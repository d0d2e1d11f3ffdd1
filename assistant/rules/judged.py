"""What the rules that lean on a trained head share: from a probability to a flag."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.verbs import find_evidence_criterion, find_legal_date
from assistant.models import Span
from assistant.rules.base import Flag, Subject


def confidence(subject: Subject, code: str, on: str, *, by_words: float | None) -> float | None:
    """How sure the rule is of an element, or None where it stays silent.

    Args:
        subject: carries the heads' verdicts.
        code: the rule.
        on: the element.
        by_words: what word lists say, for when the heads were not asked.
    """
    return by_words if subject.scores is None else subject.score(code, on)


def is_early(subject: Subject) -> bool:
    """Whether the team says that it learns, explores or pilots; the words alone do not count."""
    return subject.objective.kind == "learning" or subject.objective.phase is not None


def is_legitimate(subject: Subject, text: str) -> bool:
    """Whether a milestone is one that nobody should hold against the team.

    A date that a law sets counts anywhere; a criterion, only in an early phase.
    """
    if find_legal_date(text):
        return True
    return is_early(subject) and find_evidence_criterion(text) is not None


def flag_objective(subject: Subject, code: str, message: str) -> Iterator[Flag]:
    """Flag the whole objective when the head of this rule finds it guilty."""
    probability = subject.score(code, "objective")
    if probability is None:
        return
    text = subject.objective.text
    span = Span.of(text, 0, len(text))
    yield Flag(on="objective", span=span, message=message, confidence=probability)


def flag_key_results(subject: Subject, code: str, message: str) -> Iterator[Flag]:
    """Flag each key result that the head of this rule finds guilty.

    Args:
        subject: carries the heads' verdicts; without them nothing is flagged.
        code: the rule.
        message: what to say about the key result.
    """
    for position, key_result in enumerate(subject.objective.key_results, start=1):
        probability = subject.score(code, f"kr:{position}")
        if probability is None:
            continue
        span = Span.of(key_result.text, 0, len(key_result.text))
        yield Flag(on=f"kr:{position}", span=span, message=message, confidence=probability)


def flag_set(subject: Subject, code: str, message: str) -> Iterator[Flag]:
    """Flag the set when the head of this rule finds it guilty."""
    probability = subject.score(code, "set")
    if probability is not None:
        yield Flag(on="set", span=None, message=message, confidence=probability)
