"""Carries what the language model said over to the next look at a draft, which does without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.critique.conversation import with_answers
from assistant.history import TeamAnswer
from assistant.models import (
    Finding,
    Noun,
    Objective,
    ObjectiveReview,
    Organisation,
    Review,
    Suppressed,
)
from assistant.review import team_answers
from assistant.settings import Settings
from assistant.triage import Looked, triage

_VERDICTS = ("kept", "lowered", "withdrawn")


class Said(Noun):
    """What the language model said, to stand until the words that it is about change.

    Attributes:
        findings: its own, and those of others that it has an opinion on.
        settled: what it has withdrawn after an answer of the team.
    """

    findings: tuple[Finding, ...] = ()
    settled: tuple[Suppressed, ...] = ()


def said(review: Review) -> Said:
    """What the language model said in a review, of findings that were set aside too."""
    settled = tuple(item for item in review.suppressed if item.by == "answer")
    aside = (item.finding for item in review.suppressed if item.by != "answer")
    findings = tuple(item for item in (*review.findings, *aside) if _by_model(item))
    return Said(findings=findings, settled=settled)


def carried_over(
    review: Review, said: Said, settings: Settings, organisation: Organisation | None = None
) -> Review:
    """A review without the language model, with what it said before about the same words.

    What it withdrew stays so while the answers are the same; what was dismissed stays set aside.

    Args:
        review: what is found without it.
        said: what it said of this draft before.
        settings: name the history, and what is ignored.
        organisation: knows the names of teams.
    """
    if said == Said():
        return review
    answers = team_answers(settings)
    settled = tuple(item for item in said.settled if _still(item.finding, answers))
    gone = {item.finding.fingerprint for item in settled}
    back = (item.finding for item in said.settled if item.finding.fingerprint not in gone)
    model_said = {item.fingerprint: item for item in (*said.findings, *back)}
    found = [_carried(item, model_said, gone, answers) for item in review.reviews]
    objectives = tuple(item.objective for item in review.reviews)
    teams = {item.id: item.name for item in organisation.teams} if organisation else {}
    known = {item.finding.fingerprint for item in review.suppressed}
    triaged = triage(
        (item for one in found for item in one.findings if item.fingerprint not in known),
        Looked(objectives=objectives, applied={}, teams=teams),
        settings,
        remember=False,
    )
    left = {item.fingerprint for item in triaged.findings}
    here = tuple(
        item
        for item in settled
        if any(_stands(item.finding, objective) for objective in objectives)
    )
    return review.model_copy(
        update={
            "reviews": tuple(_with(item, left) for item in found),
            "suppressed": (*review.suppressed, *triaged.suppressed, *here),
        }
    )


def _with(review: ObjectiveReview, left: set[str]) -> ObjectiveReview:
    findings = tuple(item for item in review.findings if item.fingerprint in left)
    return review.model_copy(update={"findings": findings})


def _carried(
    review: ObjectiveReview,
    said: dict[str, Finding],
    gone: set[str],
    answers: Sequence[TeamAnswer],
) -> ObjectiveReview:
    fresh = [item for item in review.findings if item.fingerprint not in gone]
    known = {item.fingerprint for item in review.findings}
    seconded = (
        _seconded(item, said[item.fingerprint], answers) if item.fingerprint in said else item
        for item in fresh
    )
    own = _own(review, [item for key, item in said.items() if key not in known], answers)
    return review.model_copy(update={"findings": (*seconded, *own)})


def _own(
    review: ObjectiveReview, said: Iterable[Finding], answers: Sequence[TeamAnswer]
) -> Iterator[Finding]:
    """What the model alone has found on words that still stand."""
    for item in said:
        if item.source == "llm" and _stands(item, review.objective):
            moved = item.model_copy(update={"objective_id": review.objective.id})
            yield moved if _still(item, answers) else _answered_anew(moved, moved, answers)


def _seconded(fresh: Finding, old: Finding, answers: Sequence[TeamAnswer]) -> Finding:
    """A finding of the local critic with the model's opinion on it."""
    if not _still(old, answers):
        return _answered_anew(fresh, old, answers)
    kept = {name: getattr(old, name) for name in ("opinions", "severity", "question", "evidence")}
    return fresh.model_copy(update={**kept, "rewrite": fresh.rewrite or old.rewrite})


def _answered_anew(fresh: Finding, old: Finding, answers: Sequence[TeamAnswer]) -> Finding:
    opinions = tuple(
        item for item in old.opinions if item.by != "team" and item.says not in _VERDICTS
    )
    bare = fresh.model_copy(update={"opinions": opinions})
    return with_answers(bare, [item for item in answers if item.fingerprint == old.fingerprint])


def _still(finding: Finding, answers: Iterable[TeamAnswer]) -> bool:
    """Whether the latest answers are those that the model has heard."""
    given = [item.answer for item in answers if item.fingerprint == finding.fingerprint]
    heard = [item.words for item in finding.opinions if item.by == "team"]
    return given[-len(heard) :] == heard if heard else not given


def _by_model(finding: Finding) -> bool:
    return finding.source == "llm" or any(item.by in ("llm", "model") for item in finding.opinions)


def _stands(finding: Finding, objective: Objective) -> bool:
    return bool(finding.words) and objective.words(finding.on) == finding.words
