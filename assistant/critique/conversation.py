"""The team answers a question, and the finding is reconsidered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.critique.asking import Asker, not_done, put
from assistant.critique.context import ContextPack
from assistant.critique.quotes import find_quote
from assistant.critique.schema import Reconsideration
from assistant.critique.verify import known_numbers, plain_prose
from assistant.history import TeamAnswer
from assistant.models import (
    SEVERITIES,
    Finding,
    LlmUse,
    NotChecked,
    Noun,
    Objective,
    SecondOpinion,
    fold,
    shortened,
)
from assistant.prompts import Prompt, render
from assistant.rules.base import Rule


class Reconsidered(Noun):
    """What the answers have made of a finding.

    Attributes:
        finding: with the answers and the verdict among its opinions; the last opinion is the
            verdict where there is one.
        withdrawn: whether it should no longer be shown, and the last opinion says why.
        not_checked: why it was not reconsidered, if it was not.
        use: what was asked and what it cost; None if nothing was asked.
    """

    finding: Finding
    withdrawn: bool = False
    not_checked: tuple[NotChecked, ...] = ()
    use: LlmUse | None = None


def reconsider(
    finding: Finding,
    answers: Sequence[TeamAnswer],
    objective: Objective,
    context: ContextPack,
    rule: Rule,
    client: Asker,
    prompt: Prompt,
) -> Reconsidered:
    """Hold a finding against what the team has answered to it.

    A verdict counts only if it quotes the answers. What the local critic reads from the text
    alone is at most lowered: the text has not changed.

    Args:
        finding: the finding, whoever made it.
        answers: to this finding, oldest first; without any it stays as it is.
        objective: the draft.
        context: what stands around it.
        rule: the rule of the finding.
        client: whom to ask.
        prompt: its output must be ``Reconsideration``.
    """
    if not answers:
        return Reconsidered(finding=finding)
    noted = with_answers(finding, answers)
    what = f"Reconsideration of {finding.rule} on {shortened(finding.words, 80)!r}"
    messages = render(
        prompt,
        objective=objective.text,
        key_results=[item.text for item in objective.key_results],
        facts=context.facts,
        context=context.sources,
        rule=rule,
        finding={
            "rule": finding.rule,
            "on": finding.on,
            "quote": finding.span.text if finding.span else "",
            "message": finding.message,
        },
        answers=answers,
    )
    heard = put(client, prompt, messages, Reconsideration)
    if heard.said is None:
        missing = () if heard.fault is None else (not_done(what, heard.fault),)
        return Reconsidered(finding=noted, not_checked=missing, use=heard.use)
    if not any(find_quote(heard.said.quote, item.answer) for item in answers):
        unfounded = NotChecked(
            what=what,
            why="the words that the model gave as the reason do not stand in the answer",
            how="The finding stays as it was. Use a more capable model.",
        )
        use = heard.use.model_copy(update={"quotes": 1, "dropped_quotes": 1})
        return Reconsidered(finding=noted, not_checked=(unfounded,), use=use)
    use = heard.use.model_copy(update={"quotes": 1})
    known = known_numbers(objective, context, (item.answer for item in answers))
    decided = _decided(noted, heard.said, rule, known)
    withdrawn = decided.opinions[-1].says == "withdrawn"
    return Reconsidered(finding=decided, withdrawn=withdrawn, use=use)


def with_answers(finding: Finding, answers: Iterable[TeamAnswer]) -> Finding:
    """The finding with the team's answers among its opinions."""
    said = (SecondOpinion(by="team", says="answered", words=item.answer) for item in answers)
    return finding.model_copy(update={"opinions": (*finding.opinions, *said)})


def answers_about(objective: Objective, answers: Iterable[TeamAnswer]) -> list[dict[str, str]]:
    """The answers that are about words of this draft, as prompts show them."""
    places = places_by_words(objective)
    return [
        {
            "on": places[fold(item.words)],
            "rule": item.rule,
            "question": item.question,
            "answer": item.answer,
        }
        for item in answers
        if fold(item.words) in places
    ]


def places_by_words(objective: Objective) -> dict[str, str]:
    """The elements of a draft by their folded words, as answers remember them."""
    numbers = range(1, len(objective.key_results) + 1)
    elements = ("objective", *(f"kr:{number}" for number in numbers), "set")
    return {fold(objective.words(on)): on for on in reversed(elements)}


def _decided(
    finding: Finding, said: Reconsideration, rule: Rule, known: tuple[str, ...]
) -> Finding:
    verdict = said.verdict
    if verdict == "withdrawn" and finding.source == "rule" and rule.kind == "L":
        verdict = "lowered"
    opinion = SecondOpinion(by="llm", says=verdict, words=plain_prose(said.reason, known))
    changes: dict[str, object] = {"opinions": (*finding.opinions, opinion)}
    if verdict == "lowered":
        rank = SEVERITIES.index(finding.severity)
        changes["severity"] = SEVERITIES[max(0, rank - 1)]
    if question := plain_prose(said.question, known):
        changes["question"] = question
    return finding.model_copy(update=changes)
