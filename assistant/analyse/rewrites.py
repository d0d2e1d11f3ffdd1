"""Tries every rewrite out before it is shown, and drops those that do not keep their promise.

A rewrite promises three things: each of its numbers stands in the draft, the rule that asked for
it is content with it, and no other rule is provoked by it. Blanks are filled with neutral values
for the trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from assistant.language.blanks import filled, find_blanks, unsupported_numbers, written_numbers
from assistant.language.parse import parse_measure
from assistant.models import Finding, KeyResult, Objective
from assistant.rules.base import Group, Rule, Subject

Ask = Callable[[Sequence[tuple[Objective, str]]], Sequence[Mapping[str, float]]]
"""Takes drafts with the name of one element each; returns what the trained heads say about that
element, as :attr:`assistant.rules.base.Subject.scores` holds it."""

_GROUPS: dict[str, tuple[Group, ...]] = {
    "objective": ("objective", "alignment"),
    "set": ("set", "key-result"),
}
"""Which rules can speak about a rewritten element; of a key result those of its own group."""


class Checked(NamedTuple):
    """What was found about one draft, with what a trial needs to find it again."""

    subject: Subject
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]


class _Trial(NamedTuple):
    """A draft as it reads with one rewrite in it; ``on`` is the element that the heads judge."""

    finding: Finding
    subject: Subject


def sound(checked: Checked) -> Checked:
    """The findings, those rewrites dropped that numbers, word lists or structure speak against."""
    findings = tuple(
        item if item.rewrite is None or _sound_trial(checked, item) else _without(item)
        for item in checked.findings
    )
    return checked._replace(findings=findings)


def proven(drafts: Sequence[Checked], ask: Ask) -> list[tuple[Finding, ...]]:
    """The findings of several drafts, those rewrites dropped that the trained heads speak against.

    Args:
        drafts: what :func:`sound` has left.
        ask: judges all rewrites in one go.

    Returns:
        The findings of each draft. Drafts that no head has judged keep theirs as they are.
    """
    trials = [
        (number, trial)
        for number, draft in enumerate(drafts)
        for item in draft.findings
        if item.rewrite
        and draft.subject.scores is not None
        and (trial := _sound_trial(draft, item))
    ]
    judged = ask([(trial.subject.objective, trial.finding.on) for _, trial in trials])
    refuted: set[tuple[int, Finding]] = set()
    for (number, trial), scores in zip(trials, judged, strict=True):
        judged_trial = trial._replace(subject=trial.subject.model_copy(update={"scores": scores}))
        if not _holds(drafts[number], judged_trial):
            refuted.add((number, trial.finding))
    return [
        tuple(_without(item) if (number, item) in refuted else item for item in draft.findings)
        for number, draft in enumerate(drafts)
    ]


def codes_after(checked: Checked, on: str, text: str, ask: Ask) -> frozenset[str]:
    """The codes of the rules that still or newly speak about an element that is reworded.

    Args:
        checked: the draft as it stands.
        on: ``objective`` or ``kr:N``.
        text: the new words; blanks are filled in the way that provokes fewest rules.
        ask: what the trained heads say; not asked where they did not judge the draft.
    """
    found = []
    for falling in (False, True) if find_blanks(text) else (False,):
        subject = _with_text(checked.subject, on, filled(text, falling=falling))
        if checked.subject.scores is not None:
            [scores] = ask([(subject.objective, on)])
            subject = subject.model_copy(update={"scores": scores})
        found.append(frozenset(_speaking(subject, on, checked.rules)))
    return min(found, key=len)


def _speaking(subject: Subject, on: str, rules: Iterable[Rule]) -> Iterable[str]:
    for rule in _about(on, rules):
        if rule.detect and any(flag.on == on for flag in rule.detect(subject)):
            yield rule.code


def _without(finding: Finding) -> Finding:
    return finding.model_copy(update={"rewrite": None})


def _sound_trial(checked: Checked, finding: Finding) -> _Trial | None:
    """The rewrite in its draft, in the first filling that no rule minds; None if there is none."""
    rewrite = finding.rewrite or ""
    objective = checked.subject.objective
    known = written_numbers((*objective.texts, *(link.stated for link in objective.parents)))
    if unsupported_numbers(rewrite, known):
        return None
    for falling in (False, True) if find_blanks(rewrite) else (False,):
        text = filled(rewrite, falling=falling)
        trial = _Trial(finding, _with_text(checked.subject, finding.on, text))
        if _holds(checked, trial):
            return trial
    return None


def _with_text(subject: Subject, on: str, text: str) -> Subject:
    """The subject with another text for one element, or for the set with one more key result."""
    objective = subject.objective
    results = list(objective.key_results)
    measure = parse_measure(text, subject.cycle)
    if on == "objective":
        objective = objective.model_copy(update={"text": text})
    elif on == "set":
        results.append(KeyResult(id=f"{objective.id}+", text=text, measure=measure))
    else:
        at = int(on[3:]) - 1
        results[at] = results[at].model_copy(update={"text": text, "measure": measure})
    objective = objective.model_copy(update={"key_results": tuple(results)})
    scores: dict[str, float] | None = None if subject.scores is None else {}
    return subject.model_copy(update={"objective": objective, "scores": scores})


def _holds(checked: Checked, trial: _Trial) -> bool:
    """Whether the rule is content and no other one speaks that did not speak before."""
    finding, on = trial.finding, trial.finding.on
    allowed = {item.rule for item in checked.findings if item.on == on} - {finding.rule}
    places = (on, f"kr:{len(trial.subject.objective.key_results)}") if on == "set" else (on,)
    return not any(
        flag.on in places and rule.code not in allowed
        for rule in _about(on, checked.rules)
        if rule.detect
        for flag in rule.detect(trial.subject)
    )


def _about(on: str, rules: Iterable[Rule]) -> Iterable[Rule]:
    groups = _GROUPS.get(on, ("key-result",))
    return (rule for rule in rules if rule.group in groups)
