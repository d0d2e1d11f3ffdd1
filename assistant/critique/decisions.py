"""The narrow strategy on drafts: one yes or no question for each decision that is uncertain.

A decision is one rule on one element. Where the trained heads are of two minds, a small model is
asked, and what it leans to is put beside what they say. A link to a declared parent is one more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.analyse.findings import corpus_finding, own_words
from assistant.analyse.legible import legible, location_of
from assistant.critique.asking import is_budget, not_done, summed
from assistant.critique.combine import Lean, Scale, combine, leaning
from assistant.critique.judge import Client, Judge
from assistant.critique.questions import Side, side_of
from assistant.critique.rule_judge import RuleJudge
from assistant.errors import LlmError
from assistant.learned.heads import judge as judge_locally
from assistant.models import (
    Evidence,
    Finding,
    LlmUse,
    NotChecked,
    Noun,
    Objective,
    ObjectiveReview,
    Organisation,
    SecondOpinion,
    Span,
    Verdict,
    shortened,
)
from assistant.profiles import Profile
from assistant.rules.base import Rule

MOST_DECISIONS = 12
"""Of one objective, the most uncertain first; each costs two requests."""

LEAST_UNCERTAIN = 0.3
"""Decisions that the trained heads are surer of are not asked about; 1 is an even chance."""

_EVEN = 0.5
_NAME = 90
FOUND_FROM = 0.5
"""From this probability of both together a decision that the heads left open becomes a finding."""


class Decided(Noun):
    """The drafts with what the narrow questions have added.

    Attributes:
        reviews: in their order; nothing that the local critic has found is gone.
        asked: by objective id, the codes of the rules that compare and that were asked about.
        use: what was asked and what it cost; None if nothing was.
    """

    reviews: tuple[ObjectiveReview, ...]
    asked: Mapping[str, tuple[str, ...]] = {}
    not_checked: tuple[NotChecked, ...] = ()
    use: LlmUse | None = None


@dataclass(frozen=True)
class _Decision:
    """One rule on one element, with how likely the heads think that it fires."""

    objective: Objective
    rule: Rule
    on: str
    likely: float


@dataclass(frozen=True)
class _Link:
    """A draft and a parent that it names."""

    child: Objective
    parent: Objective


@dataclass(frozen=True)
class _Said:
    """How likely yes is by both together, and what the model says by itself."""

    likely: float
    says: Lean


@dataclass
class _Heard:
    """What came of all questions."""

    decisions: list[tuple[_Decision, _Said]] = field(default_factory=list)
    links: list[tuple[_Link, _Said]] = field(default_factory=list)
    faults: list[LlmError] = field(default_factory=list)
    mute: int = 0
    scale: Scale | None = None


def decide_drafts(
    reviews: Sequence[ObjectiveReview],
    organisation: Organisation,
    profile: Profile,
    client: Client,
    *,
    at_once: int = 1,
    tell: Callable[[str], None] | None = None,
) -> Decided:
    """Ask a model about what the local critic is unsure of.

    Args:
        reviews: drafts with local findings and parents.
        organisation: where the key results of parents are looked up.
        profile: which rules are on.
        client: whom to ask; its budget is that of the review.
        at_once: questions that are under way together.
        tell: told what is being asked.

    Raises:
        ModelUnavailable: a trained model is missing or damaged.
    """
    decisions = tuple(_uncertain(reviews, profile))
    links = tuple(_links(reviews, organisation, profile))
    number = len(decisions) + len(links)
    if not number:
        return Decided(reviews=tuple(reviews))
    if tell:
        tell(f"Asking {client.model} {number} narrow questions")
    asking = _Asking(client, organisation)
    heard = asyncio.run(asking.all(decisions, links, at_once))
    return Decided(
        reviews=tuple(_with_answers(review, heard) for review in reviews),
        asked={link.child.id: ("A3",) for link, _ in heard.links},
        not_checked=tuple(_left(number, heard, client.model)),
        use=asking.use,
    )


def is_uncertain(likely: float) -> bool:
    """Whether a model is asked about a decision of which the heads think so."""
    return 1 - abs(2 * likely - 1) >= LEAST_UNCERTAIN


def _uncertain(reviews: Sequence[ObjectiveReview], profile: Profile) -> Iterator[_Decision]:
    objectives = legible(review.objective for review in reviews)
    for objective, opinions in zip(objectives, judge_locally(objectives), strict=True):
        on = {rule.code: rule for rule in profile.rules(objective.kind)}
        unsure = [
            _Decision(objective, on[item.code], item.on, item.probability)
            for item in opinions
            if item.code in on and is_uncertain(item.probability)
        ]
        yield from sorted(unsure, key=lambda item: abs(item.likely - _EVEN))[:MOST_DECISIONS]


def _links(
    reviews: Sequence[ObjectiveReview], organisation: Organisation, profile: Profile
) -> Iterator[_Link]:
    for review in reviews:
        if "A3" not in {rule.code for rule in profile.rules(review.objective.kind)}:
            continue
        for relation in review.parents:
            parent = organisation.objective(relation.objective_id) if relation.declared else None
            if parent:
                yield _Link(review.objective, parent)


class _Asking:
    """Puts the questions of one review."""

    def __init__(self, client: Client, organisation: Organisation) -> None:
        self._organisation = organisation
        self._links = Judge(client, "narrow")
        self._rules = RuleJudge(client)

    @property
    def use(self) -> LlmUse | None:
        """What was asked and what it cost; None if nothing was."""
        return summed(use for use in (self._links.use, self._rules.use) if use)

    async def all(
        self, decisions: Sequence[_Decision], links: Sequence[_Link], at_once: int
    ) -> _Heard:
        """Ask everything, as far as the endpoint and the budget go."""
        heard = _Heard()
        if decisions:
            try:
                rules = {item.rule.code: item.rule for item in decisions}
                heard.scale = await self._rules.learn(rules.values())
            except LlmError as fault:
                heard.faults.append(fault)
        known = decisions if heard.scale and heard.scale.useful else ()
        work = iter(
            [
                *(self._link(item, heard) for item in links),
                *(self._decision(item, heard) for item in known),
            ]
        )
        await asyncio.gather(*(_through(work, heard) for _ in range(at_once)))
        return heard

    def _side(self, objective: Objective) -> Side:
        team = self._organisation.team(objective.team_id)
        cycle = self._organisation.cycle(objective.cycle_id)
        return side_of(objective, team.name if team else None, cycle.name if cycle else None)

    async def _decision(self, item: _Decision, heard: _Heard) -> None:
        evidence = await self._rules.evidence(item.rule, item.objective, item.on)
        if evidence is None:
            heard.mute += 1
            return
        likely = combine("decide", item.likely, evidence)
        heard.decisions.append((item, _Said(likely, leaning(evidence))))

    async def _link(self, item: _Link, heard: _Heard) -> None:
        sides = (self._side(objective) for objective in (item.parent, item.child))
        opinion = await self._links.opinion("direction", *sides)
        if opinion is None:
            heard.mute += 1
            return
        likely = combine("direction", None, opinion.evidence)
        heard.links.append((item, _Said(likely, opinion.says)))


async def _through(work: Iterator[Coroutine[None, None, None]], heard: _Heard) -> None:
    """Do one piece after the other; after a fault the rest is let be, save what costs nothing."""
    for piece in work:
        if any(not is_budget(fault) for fault in heard.faults):
            piece.close()
            continue
        try:
            await piece
        except LlmError as fault:
            heard.faults.append(fault)


# What it makes of the findings


def _with_answers(review: ObjectiveReview, heard: _Heard) -> ObjectiveReview:
    own = review.objective.id
    said = {
        (item.rule.code, item.on): (item, answer)
        for item, answer in heard.decisions
        if item.objective.id == own
    }
    findings = tuple(
        _seconded(finding, said.pop((finding.rule, finding.on))[1])
        if (finding.rule, finding.on) in said
        else finding
        for finding in review.findings
    )
    new = tuple(
        _found(item, answer)
        for item, answer in said.values()
        if answer.says == "yes" and answer.likely >= FOUND_FROM
    )
    drifted = tuple(
        _drifted(link, answer)
        for link, answer in heard.links
        if link.child.id == own and answer.says == "no"
    )
    return review.model_copy(update={"findings": (*findings, *new, *drifted)})


def _seconded(finding: Finding, answer: _Said) -> Finding:
    """A local finding with the confidence of both; it stays, whatever the model says."""
    opinions = finding.opinions
    if answer.says != "unsure":
        says: Verdict = "agrees" if answer.says == "yes" else "disagrees"
        opinions = (*opinions, SecondOpinion(by="model", says=says))
    return finding.model_copy(update={"confidence": round(answer.likely, 4), "opinions": opinions})


def _found(item: _Decision, answer: _Said) -> Finding:
    objective, on = item.objective, item.on
    text = objective.element(on)
    finding = corpus_finding(
        item.rule.code,
        objective,
        f"Look here: {item.rule.title[0].lower()}{item.rule.title[1:]}? The local critic is in "
        "doubt, and the language model says yes.",
        on=on,
        span=Span.of(text, 0, len(text)) if text else None,
        evidence=(own_words(objective, text, location_of(objective, on)),) if text else (),
        confidence=round(answer.likely, 4),
        at_most="info",
    )
    return finding.model_copy(update={"source": "llm"})


def _drifted(link: _Link, answer: _Said) -> Finding:
    child, parent = link.child, link.parent
    finding = corpus_finding(
        "A3",
        child,
        f"Look here: asked whether its success helps to achieve the parent "
        f"(“{shortened(parent.text, _NAME)}”), the language model leans to no.",
        evidence=(
            Evidence(
                kind="parent",
                id=parent.id,
                title=parent.text,
                quote=parent.text,
                location=parent.location,
            ),
            own_words(child, child.text, child.location),
        ),
        confidence=round(1 - answer.likely, 4),
        at_most="info",
    )
    return finding.model_copy(update={"source": "llm"})


def _left(number: int, heard: _Heard, model: str) -> Iterator[NotChecked]:
    """What was not decided by the model, and why; the local result stays."""
    if heard.scale and not heard.scale.useful:
        yield NotChecked(
            what=f"Decisions that the local critic is unsure of, by {model}",
            why=f"its answers to {heard.scale.of} questions whose answers are known hardly tell yes "
            "from no",
            how="Use a more capable model.",
        )
        return
    left = number - len(heard.decisions) - len(heard.links)
    if not left:
        return
    what = f"{left} of {number} narrow questions to the language model"
    if heard.faults:
        yield not_done(what, heard.faults[0])
    else:
        yield NotChecked(
            what=what,
            why=f"{model} would not say, or knows hardly better than chance",
            how="Use a more capable model.",
        )
