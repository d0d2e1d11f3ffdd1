"""Consults a language model about reviewed drafts: critique, second look, what the team answered.

Whatever fails becomes a sentence about what was not checked; what the local critic has found
stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from assistant.analyse.draft import undecided
from assistant.analyse.legible import location_of
from assistant.critique.agreement import brought_together
from assistant.critique.asking import Asker, summed
from assistant.critique.context import ContextPack, pack
from assistant.critique.conversation import (
    Reconsidered,
    places_by_words,
    reconsider,
    with_answers,
)
from assistant.critique.critic import critique
from assistant.critique.selfcheck import self_check
from assistant.history import TeamAnswer
from assistant.llm import telemetry
from assistant.models import (
    Finding,
    LlmUse,
    NotChecked,
    Noun,
    Objective,
    ObjectiveReview,
    Organisation,
    Suppressed,
    fold,
    shortened,
)
from assistant.profiles import Profile
from assistant.prompts import Prompt
from assistant.rules.base import Rule

Tell = Callable[[str], None]
"""Takes one sentence about what happens now."""


class Consulted(Noun):
    """The drafts with what a model has said about them.

    Attributes:
        reviews: in their order, with all local findings save those withdrawn after an answer.
        withdrawn: findings that an answer of the team has settled, with the reason.
        use: what was asked and what it cost; None if nobody was asked.
    """

    reviews: tuple[ObjectiveReview, ...]
    withdrawn: tuple[Suppressed, ...] = ()
    use: LlmUse | None = None
    not_checked: tuple[NotChecked, ...] = ()


@dataclass(frozen=True)
class Prompts:
    """The prompt of each task; ``self_check`` is None where no second look is wanted."""

    critique: Prompt
    follow_up: Prompt
    self_check: Prompt | None = None


@dataclass(frozen=True)
class _Outcome:
    review: ObjectiveReview
    withdrawn: tuple[Suppressed, ...]
    uses: tuple[LlmUse, ...]
    not_checked: tuple[NotChecked, ...]
    asked: tuple[str, ...]


def consult(
    reviews: Sequence[ObjectiveReview],
    organisation: Organisation,
    profile: Profile,
    client: Asker,
    prompts: Prompts,
    *,
    answers: Sequence[TeamAnswer] = (),
    room: int,
    at_once: int = 1,
    tell: Tell | None = None,
    heard: Callable[[int, ObjectiveReview], None] | None = None,
) -> Consulted:
    """Ask a model about each draft.

    Args:
        reviews: drafts with local findings, parents, peers and passages, all of which the reader
            may see.
        organisation: where the names and the chains of parents are looked up.
        profile: which rules are on.
        client: whom to ask.
        prompts: what to ask with.
        answers: what the team has answered so far, oldest first.
        room: tokens that parents, peers and passages may take in a prompt.
        at_once: drafts that are under way together.
        tell: told when a draft is begun.
        heard: given each draft with its position, from 0, as soon as the model has read it; from
            several threads.

    Raises:
        ConfigurationError: a prompt does not fit its task.
    """

    def one(numbered: tuple[int, ObjectiveReview]) -> _Outcome:
        number, review = numbered
        if tell:
            tell(f"Asking {client.model} about objective {number} of {len(reviews)}")
        around = pack(review, organisation, budget=room)
        outcome = _one(review, around, profile, client, prompts, answers)
        if heard:
            heard(number - 1, outcome.review)
        return outcome

    started = time.time()
    with ThreadPoolExecutor(max_workers=max(1, min(at_once, len(reviews)))) as pool:
        outcomes = list(pool.map(one, enumerate(reviews, start=1)))
    use = summed(use for item in outcomes for use in item.uses)
    if use:
        telemetry.note_review(use, started)
    asked = {item.review.objective.id: item.asked for item in outcomes}
    return Consulted(
        reviews=tuple(item.review for item in outcomes),
        withdrawn=tuple(gone for item in outcomes for gone in item.withdrawn),
        use=use,
        not_checked=(
            *(missing for item in outcomes for missing in item.not_checked),
            *left_undecided(reviews, profile, asked),
        ),
    )


def without_model(
    reviews: Sequence[ObjectiveReview],
    profile: Profile,
    answers: Sequence[TeamAnswer] = (),
    asked: Mapping[str, tuple[str, ...]] | None = None,
) -> Consulted:
    """The drafts without a critique, with the answers beside what they are about.

    Args:
        reviews: the drafts.
        profile: which rules are on.
        answers: what the team has answered so far.
        asked: see :func:`left_undecided`, where narrow questions were put to a model.
    """
    noted = tuple(
        review.model_copy(
            update={
                "findings": tuple(
                    with_answers(item, _to(item, answers)) for item in review.findings
                )
            }
        )
        for review in reviews
    )
    unread = [
        item
        for review in noted
        for item in review.findings
        if any(opinion.by == "team" for opinion in item.opinions)
    ]
    return Consulted(
        reviews=noted,
        not_checked=(*_not_reconsidered(unread), *left_undecided(reviews, profile, asked or {})),
    )


def left_undecided(
    reviews: Iterable[ObjectiveReview], profile: Profile, asked: Mapping[str, tuple[str, ...]]
) -> Iterator[NotChecked]:
    """The rules that compare a draft with others and that nobody was asked about.

    Args:
        reviews: the drafts.
        profile: which rules are on.
        asked: by objective id, the codes of the rules that a model has answered for.
    """
    left: dict[str, list[Objective]] = {}
    for review in reviews:
        objective = review.objective
        codes = ", ".join(undecided(profile.rules(objective.kind), asked.get(objective.id, ())))
        left.setdefault(codes, []).append(objective)
    for codes, objectives in left.items():
        if not codes:
            continue
        names = "; ".join(repr(shortened(item.text, 80)) for item in objectives)
        yield NotChecked(
            what=codes if len(left) == 1 else f"{codes} on {names}",
            why="they compare the draft with its parent, peers, strategy or sources of figures, and "
            "no rule on the draft decides that",
            how="With an index and a language model, the critic is asked about those whose other "
            "side it is shown; `okr explain CODE` has the question for the rest.",
        )


def _one(
    review: ObjectiveReview,
    around: ContextPack,
    profile: Profile,
    client: Asker,
    prompts: Prompts,
    answers: Sequence[TeamAnswer],
) -> _Outcome:
    objective = review.objective
    on = {rule.code: rule for rule in profile.rules(objective.kind)}
    said = critique(objective, around, on.values(), client, prompts.critique, answers)
    findings = brought_together(
        review.findings,
        said.findings,
        asked=said.asked,
        decided={code for code, rule in on.items() if rule.detect},
        full=said.full,
    )
    uses, not_checked = [said.use], list(said.not_checked)
    if prompts.self_check and said.asked:
        checked = self_check(objective, around, findings, on, client, prompts.self_check)
        findings = checked.findings
        not_checked.extend(checked.not_checked)
        if checked.use:
            uses.append(checked.use.model_copy(update={"dropped_remarks": checked.dropped}))
    talked = [
        _reconsidered(item, answers, objective, around, on, client, prompts.follow_up)
        for item in findings
    ]
    uses.extend(item.use for item in talked if item.use)
    not_checked.extend(missing for item in talked for missing in item.not_checked)
    left = tuple(item.finding for item in talked if not item.withdrawn)
    withdrawn = (item.finding for item in talked if item.withdrawn)
    asked = {code: on[code] for code in said.asked}
    return _Outcome(
        review=review.model_copy(update={"findings": left}),
        withdrawn=(
            *(
                Suppressed(finding=item, by="answer", reason=item.opinions[-1].words)
                for item in withdrawn
            ),
            *_not_raised_again(objective, findings, answers, asked),
        ),
        uses=tuple(uses),
        not_checked=tuple(not_checked),
        asked=said.asked,
    )


def _reconsidered(
    finding: Finding,
    answers: Sequence[TeamAnswer],
    objective: Objective,
    around: ContextPack,
    on: Mapping[str, Rule],
    client: Asker,
    prompt: Prompt,
) -> Reconsidered:
    own = _to(finding, answers)
    if not own or finding.rule not in on:
        return Reconsidered(finding=finding)
    return reconsider(finding, own, objective, around, on[finding.rule], client, prompt)


def _not_raised_again(
    objective: Objective,
    findings: Iterable[Finding],
    answers: Iterable[TeamAnswer],
    asked: Mapping[str, Rule],
) -> Iterator[Suppressed]:
    """What the model no longer remarks, now that it was shown the answer."""
    raised = {item.fingerprint for item in findings}
    places = places_by_words(objective)
    last = {item.fingerprint: item for item in answers if fold(item.words) in places}
    for fingerprint, item in last.items():
        if fingerprint in raised or item.rule not in asked:
            continue
        rule, on = asked[item.rule], places[fold(item.words)]
        finding = Finding(
            rule=rule.code,
            slug=rule.slug,
            severity=rule.severity,
            on=on,
            objective_id=objective.id,
            message=rule.fires_when,
            question=item.question or None,
            source="llm",
            location=location_of(objective, on),
            words=objective.words(on),
        )
        reason = f"“{item.answer}”; the language model does not raise it again"
        yield Suppressed(finding=with_answers(finding, [item]), by="answer", reason=reason)


def _to(finding: Finding, answers: Iterable[TeamAnswer]) -> tuple[TeamAnswer, ...]:
    return tuple(item for item in answers if item.fingerprint == finding.fingerprint)


def _not_reconsidered(findings: Sequence[Finding]) -> Iterator[NotChecked]:
    if findings:
        codes = ", ".join(dict.fromkeys(item.rule for item in findings))
        yield NotChecked(
            what=f"What your answers settle ({codes})",
            why="only a language model reconsiders a finding",
            how="Put the answer into the draft, or dismiss the finding with `okr dismiss`.",
        )
