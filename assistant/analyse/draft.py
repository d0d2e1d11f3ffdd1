"""What the draft alone shows: every rule that needs no corpus, on one objective."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.language.detect import ENGLISH, language
from assistant.models import Evidence, Finding, Location, NotChecked, Objective, shortened
from assistant.rules.base import Flag, Rule, Subject

_SURE_ENOUGH = 0.75
"""Below this confidence a text is read as English: names and jargon look foreign."""


def check(subject: Subject, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Apply each rule to the subject, as far as its language allows; what was dropped is let be.

    Args:
        subject: the objective in its surroundings.
        rules: the rules to apply; those without a detector are passed over.

    Yields:
        The findings in the order of the rules, then of the elements.
    """
    objective = subject.objective
    if objective.status == "dropped":
        return
    dropped = {
        f"kr:{number}"
        for number, item in enumerate(objective.key_results, start=1)
        if item.status == "dropped"
    }
    english = language_of(objective) is None
    for rule in rules:
        if rule.detect is None or not (english or rule.any_language):
            continue
        for flag in rule.detect(subject):
            if flag.on not in dropped:
                yield _finding(rule, flag, objective)


def not_in_english(objective: Objective, rules: Iterable[Rule]) -> NotChecked | None:
    """What :func:`check` leaves out of an objective because of its language, if anything."""
    found = language_of(objective)
    if found is None:
        return None
    codes = [rule.code for rule in rules if rule.detect and not rule.any_language]
    return NotChecked(
        what=f"{', '.join(codes)} on {shortened(objective.text, 80)!r}",
        why=f"its language ({found}) is not supported by the local critic, which reads English",
        how="Configure a language model that reads it, or review a translation.",
    )


def language_of(objective: Objective) -> str | None:
    """The language of an objective with its key results, where it is plainly not English.

    Returns:
        An ISO 639-1 code, or None for English and for texts too short to tell.
    """
    code, confidence = language(objective.words("set"))
    return None if code == ENGLISH or confidence < _SURE_ENOUGH else code


def _finding(rule: Rule, flag: Flag, objective: Objective) -> Finding:
    return Finding(
        rule=rule.code,
        slug=rule.slug,
        severity=rule.severity,
        on=flag.on,
        objective_id=objective.id,
        span=flag.span,
        message=flag.message,
        why=rule.why,
        question=flag.question or rule.question,
        rewrite=flag.rewrite,
        evidence=_own_words(flag, objective),
        confidence=flag.confidence,
        location=location_of(objective, flag.on),
        words=objective.words(flag.on),
    )


def _own_words(flag: Flag, objective: Objective) -> tuple[Evidence, ...]:
    if flag.span is None or not flag.span.text:
        return ()
    evidence = Evidence(
        kind="draft",
        id=objective.id,
        title=objective.text,
        quote=flag.span.text,
        location=location_of(objective, flag.on),
    )
    return (evidence,)


def location_of(objective: Objective, on: str) -> Location | None:
    """Where the element that a finding names stands in its source, as far as known."""
    if not on.startswith("kr:"):
        return objective.location
    position = int(on[3:])
    return objective.key_results[position - 1].location or objective.location
