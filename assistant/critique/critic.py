"""One draft objective before a language model: ask, verify, and hand on what holds.

Nothing here raises because of the model: what fails becomes a sentence about what was not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.analyse.legible import location_of
from assistant.critique.asking import Asker, not_done, put
from assistant.critique.context import ContextPack, Source
from assistant.critique.conversation import answers_about
from assistant.critique.schema import Critique, Remarks
from assistant.critique.verify import Grounded, Verified, verify
from assistant.errors import ConfigurationError
from assistant.history import TeamAnswer
from assistant.llm.tokens import tokens
from assistant.models import Evidence, Finding, LlmUse, NotChecked, Noun, Objective
from assistant.prompts import Message, Prompt, render
from assistant.rules.base import Example, Rule

if TYPE_CHECKING:
    from assistant.llm.client import OnToken

RULES_BUDGET = 2050
"""Tokens that the rules may take with their examples; fragments are never cut, examples are."""

_EXAMPLES = 2
"""Of each sort, for one rule."""

MOST = 5
"""Remarks that the prompts ask for at most."""


_ANSWERS: dict[str, type[Critique | Remarks]] = {"Critique": Critique, "Remarks": Remarks}


class CritiqueOutcome(Noun):
    """What a model added to a review.

    Attributes:
        findings: verified, with ``source="llm"``, the most consequential first.
        not_checked: why there are none, if the model could not be used, and what it was not shown.
        use: what was asked and what it cost.
        asked: the codes of the rules that an answer was read for.
        full: whether it made as many remarks as it may, so that its silence on a rule says nothing.
        blanks: numbers that were blanked because no source has them.
    """

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    use: LlmUse
    asked: tuple[str, ...] = ()
    full: bool = False
    blanks: int = 0


def critique(
    objective: Objective,
    context: ContextPack,
    rules: Iterable[Rule],
    client: Asker,
    prompt: Prompt,
    answers: Sequence[TeamAnswer] = (),
    on_token: OnToken | None = None,
) -> CritiqueOutcome:
    """Ask the model about one draft and verify what it says.

    Args:
        objective: the draft.
        context: from :func:`assistant.critique.context.pack`.
        rules: all rules that are on; those that the text alone decides are not asked about, nor
            those that need something which the context does not hold.
        client: whom to ask.
        prompt: from :func:`assistant.prompts.load`; its output is ``Remarks`` or ``Critique``.
        answers: what the team has answered so far; those about other words are passed over.
        on_token: called with each piece of the answer as it arrives.

    Raises:
        ConfigurationError: the prompt does not fit these inputs.
    """
    if prompt.output not in _ANSWERS:
        raise ConfigurationError(
            f"Prompt {prompt.id!r} asks for {prompt.output}, and a critique wants "
            f"{' or '.join(_ANSWERS)}. Correct OKR_LLM_PROMPT."
        )
    asked = {rule.code: rule for rule in rules if _is_for_model(rule, context)}
    if not asked:
        return _not_asked(objective, client, prompt)
    messages = compose(objective, context, tuple(asked.values()), prompt, answers)
    heard = put(client, prompt, messages, _ANSWERS[prompt.output], on_token)
    if heard.said is None:
        missing = () if heard.fault is None else (not_done(_what(objective), heard.fault),)
        return CritiqueOutcome(not_checked=missing, use=heard.use)
    remarks = heard.said.findings
    facts = [value for _, value in context.facts]
    facts += [item["answer"] for item in answers_about(objective, answers)]
    needs = {code: rule.needs if rule.kind == "C" else None for code, rule in asked.items()}
    verified = verify(remarks, objective, context.texts, needs, facts)
    use = heard.use.model_copy(
        update={
            "quotes": verified.quotes,
            "dropped_quotes": verified.dropped_quotes,
            "remarks": len(remarks),
            "dropped_remarks": len(remarks) - len(verified.findings),
        }
    )
    return CritiqueOutcome(
        findings=tuple(_findings(verified, objective, context, asked)),
        not_checked=(*_nothing_held(verified, objective), *_not_shown(objective, context)),
        use=use,
        asked=tuple(asked),
        full=len(remarks) >= MOST,
        blanks=verified.blanks,
    )


def compose(
    objective: Objective,
    context: ContextPack,
    rules: Sequence[Rule],
    prompt: Prompt,
    answers: Sequence[TeamAnswer] = (),
    nonce: str | None = None,
) -> list[Message]:
    """Exactly what the model reads.

    Args:
        objective: the draft.
        context: what stands around it.
        rules: those to ask about.
        prompt: from :func:`assistant.prompts.load`.
        answers: what the team has answered so far.
        nonce: what the fences are called, see :func:`assistant.prompts.render`.
    """
    inputs: dict[str, object] = {
        "objective": objective.text,
        "key_results": [item.text for item in objective.key_results],
        "facts": context.facts,
        "context": context.sources,
        "left_out": context.left_out,
        "answers": answers_about(objective, answers),
        "rules": _fragments(rules),
    }
    known = {name: value for name, value in inputs.items() if name in prompt.inputs}
    return render(prompt, nonce=nonce, **known)


def _is_for_model(rule: Rule, context: ContextPack) -> bool:
    """Judgement, and comparison with what is at hand; the text alone decides the rest."""
    if rule.kind != "C":
        return rule.kind == "J"
    if rule.needs == "parent":
        return any(source.declared for source in context.parents)
    return any(source.kind == rule.needs for source in context.sources)


def _fragments(rules: Sequence[Rule]) -> list[dict[str, object]]:
    """The rules as the template wants them, with as many examples as there is room for."""
    room = RULES_BUDGET - sum(tokens(rule.slug + rule.prompt) + 4 for rule in rules)
    shown: dict[str, list[tuple[bool, str]]] = {rule.code: [] for rule in rules}
    for code, fires, text in _examples_in_turn(rules):
        cost = tokens(text) + 4
        if cost <= room:
            shown[code].append((fires, text))
            room -= cost
    return [
        {
            "code": rule.code,
            "slug": rule.slug,
            "prompt": rule.prompt,
            "fires": [text for fires, text in shown[rule.code] if fires],
            "quiet": [text for fires, text in shown[rule.code] if not fires],
        }
        for rule in rules
    ]


def _examples_in_turn(rules: Sequence[Rule]) -> Iterator[tuple[str, bool, str]]:
    """Each rule's first near miss, then each rule's first hit, then the second ones."""
    for position in range(_EXAMPLES):
        for fires in (False, True):
            for rule in rules:
                fitting = [item for item in rule.examples if item.fires is fires and item.text]
                if position < len(fitting):
                    yield rule.code, fires, _with_what_stands_beside(fitting[position])


def _with_what_stands_beside(example: Example) -> str:
    beside = (f" ({name}: {words})" for name, words in example.beside)
    return f"{example.text}{''.join(beside)}"


def _findings(
    verified: Verified, objective: Objective, context: ContextPack, rules: dict[str, Rule]
) -> Iterator[Finding]:
    sources = {source.ref: source for source in context.sources}
    for item in verified.findings:
        rule = rules[item.rule]
        yield Finding(
            rule=rule.code,
            slug=rule.slug,
            severity=rule.severity,
            on=item.on,
            objective_id=objective.id,
            span=item.span if item.on == item.quoted_on else None,
            message=item.message,
            why=rule.why,
            question=item.question or rule.question,
            rewrite=item.rewrite,
            evidence=tuple(_evidence(item, objective, sources)),
            confidence=item.confidence,
            source="llm",
            location=location_of(objective, item.on),
            words=objective.words(item.on),
        )


def _evidence(
    item: Grounded, objective: Objective, sources: dict[str, Source]
) -> Iterator[Evidence]:
    yield Evidence(
        kind="draft",
        id=objective.id,
        title=objective.text,
        quote=item.span.text,
        location=location_of(objective, item.quoted_on),
    )
    for citation in item.citations:
        yield sources[citation.ref].evidence(citation.quote)


def _nothing_held(verified: Verified, objective: Objective) -> Iterator[NotChecked]:
    """A model whose every remark was dropped has told us nothing; that is not "no problem"."""
    if verified.findings or not verified.dropped:
        return
    number = sum(item.reason != "citation" for item in verified.dropped)
    yield NotChecked(
        what=_what(objective),
        why=f"nothing that it said could be verified ({number} dropped)",
        how="Use a more capable model.",
    )


def _not_asked(objective: Objective, client: Asker, prompt: Prompt) -> CritiqueOutcome:
    missing = NotChecked(
        what=_what(objective),
        why="no rule that needs judgement is on",
        how="Switch one on.",
    )
    return CritiqueOutcome(
        not_checked=(missing,), use=LlmUse(model=client.model, prompt=prompt.label)
    )


def _not_shown(objective: Objective, context: ContextPack) -> Iterator[NotChecked]:
    if context.left_out:
        yield NotChecked(
            what=f"{context.left_out}, for {objective.text!r}, by the language model",
            why="they did not fit into its prompt",
            how="Raise OKR_LLM_CONTEXT_TOKENS if the model has room for more.",
        )


def _what(objective: Objective) -> str:
    return f"Critique of {objective.text!r} by the language model"
