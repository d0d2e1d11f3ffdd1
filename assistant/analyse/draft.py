"""What the draft alone shows: every rule that needs no corpus, on one objective."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.analyse.findings import own_words
from assistant.analyse.legible import is_judged, location_of, unread
from assistant.analyse.rewrites import Checked, sound
from assistant.language.blanks import find_blanks
from assistant.models import Evidence, Finding, Objective
from assistant.rules.base import Flag, Rule, Subject

_MOST_CHARACTERS = 600
"""A longer text is no sentence that a small edit could mend."""


def check(subject: Subject, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Apply each rule to the subject, as far as its language allows; what was dropped is let be.

    Args:
        subject: the objective in its surroundings.
        rules: the rules to apply; those without a detector are passed over.

    Yields:
        The findings in the order of the rules, then of the elements; rewrites that word lists
        or structure speak against are left out.
    """
    yield from checked(subject, rules).findings


def checked(subject: Subject, rules: Iterable[Rule]) -> Checked:
    """As :func:`check`, with the rules that were applied, so that rewrites can be tried out."""
    return sound(proposed(subject, rules))


def proposed(subject: Subject, rules: Iterable[Rule]) -> Checked:
    """As :func:`checked`, with every rewrite that was thought of, before any was tried out."""
    objective = subject.objective
    if objective.status == "dropped":
        return Checked(subject, (), ())
    dropped = {
        f"kr:{number}"
        for number, item in enumerate(objective.key_results, start=1)
        if item.status == "dropped"
    }
    missing = unread(objective)
    silent = len(missing) > len(objective.key_results)
    applied = tuple(rule for rule in rules if rule.detect and (rule.any_language or not silent))
    findings = tuple(
        _finding(rule, flag, subject)
        for rule in applied
        if rule.detect
        for flag in rule.detect(subject)
        if flag.on not in dropped and is_judged(rule, flag.on, missing)
    )
    return Checked(subject, applied, findings)


def undecided(rules: Iterable[Rule], asked: Iterable[str] = ()) -> tuple[str, ...]:
    """The codes of the rules that neither :func:`check` decides nor somebody else was asked about.

    Args:
        rules: those that are on.
        asked: the codes that the critic was asked about.
    """
    known = set(asked)
    return tuple(item.code for item in rules if item.detect is None and item.code not in known)


def _finding(rule: Rule, flag: Flag, subject: Subject) -> Finding:
    objective = subject.objective
    question, rewrite = _advice(rule, flag, subject)
    return Finding(
        rule=rule.code,
        slug=rule.slug,
        severity=rule.severity,
        on=flag.on,
        objective_id=objective.id,
        span=flag.span,
        message=flag.message,
        why=rule.why,
        question=question,
        rewrite=rewrite,
        evidence=_own_words(flag, objective),
        confidence=flag.confidence,
        location=location_of(objective, flag.on),
        words=objective.words(flag.on),
    )


def _advice(rule: Rule, flag: Flag, subject: Subject) -> tuple[str, str | None]:
    """The question and the rewrite; of a text too long to quote only the rule's own question."""
    text = subject.objective.element(flag.on) or ""
    if len(text) > _MOST_CHARACTERS:
        return flag.question or rule.question, flag.rewrite
    question = flag.question or (rule.ask(subject, flag) if rule.ask else None)
    rewrite = flag.rewrite
    if rewrite is None and rule.rewrite and not find_blanks(text):
        rewrite = rule.rewrite(subject, flag)
    return question or rule.question, rewrite


def _own_words(flag: Flag, objective: Objective) -> tuple[Evidence, ...]:
    if flag.span is None or not flag.span.text:
        return ()
    return (own_words(objective, flag.span.text, location_of(objective, flag.on)),)
