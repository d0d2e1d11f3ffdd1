"""Other words for one element, on request: asked for, checked, tried out on the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.critique.asking import Asker, not_done, put
from assistant.critique.context import ContextPack
from assistant.critique.conversation import answers_about
from assistant.critique.schema import Reworded, Rewrites
from assistant.critique.verify import known_numbers, plain_prose, plain_rewrite
from assistant.history import TeamAnswer
from assistant.language.blanks import find_blanks
from assistant.models import Finding, LlmUse, NotChecked, Noun, Objective, fold
from assistant.prompts import Prompt, render

Try = Callable[[str], frozenset[str]]
"""Takes a text for the element; returns the codes of the rules that the local critic then sees."""


class Proposal(Noun):
    """Another text for an element.

    Attributes:
        text: may hold blanks such as ``[baseline?]`` that only the team can fill in.
        because: what is different and what is left to decide.
        settles: codes of the findings that the local critic no longer has on it.
        claims: codes of the model's own findings that it says are settled; nobody has tried.
        leaves: codes that the local critic still has, or has anew.
        blanks: how many blanks there are to fill in.
        source: ``rule`` for what the local critic proposes, ``llm`` otherwise.
    """

    text: str
    because: str = ""
    settles: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    blanks: int = 0
    source: str = "llm"


class Reworking(Noun):
    """Proposals for one element of a draft, those of the model first.

    Attributes:
        on: ``objective`` or ``kr:N``.
        original: the words as they stand.
        invented: numbers of the model that were blanked because nobody has stated them.
    """

    on: str
    original: str
    proposals: tuple[Proposal, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    invented: int = 0
    use: LlmUse | None = None


def reword(
    objective: Objective,
    on: str,
    context: ContextPack,
    findings: Iterable[Finding],
    answers: Sequence[TeamAnswer],
    try_out: Try,
    client: Asker,
    prompt: Prompt,
) -> Reworking:
    """Ask for other words for one element.

    Args:
        objective: the draft.
        on: ``objective`` or ``kr:N``, which must exist.
        context: what stands around it.
        findings: those on the element; they say what should change.
        answers: what the team has answered so far, which may back numbers.
        try_out: holds a text against the rules.
        client: whom to ask.
        prompt: its output must be ``Rewrites``.
    """
    original = objective.words(on)
    about = [item for item in findings if item.on == on]
    said = answers_about(objective, answers)
    messages = render(
        prompt,
        element=on,
        text=original,
        objective=objective.text,
        key_results=[item.text for item in objective.key_results],
        facts=context.facts,
        context=context.sources,
        left_out=context.left_out,
        findings=about,
        answers=said,
    )
    heard = put(client, prompt, messages, Rewrites)
    if heard.said is None:
        what = f"Other words for {on}, from the language model"
        missing = () if heard.fault is None else (not_done(what, heard.fault),)
        return Reworking(on=on, original=original, not_checked=missing, use=heard.use)
    known = known_numbers(objective, context, (item["answer"] for item in said))
    proposals: list[Proposal] = []
    invented = 0
    for item in heard.said.rewrites:
        text, blanked = plain_rewrite(item.text, known)
        if not text or fold(text) in (fold(original), *(fold(made.text) for made in proposals)):
            continue
        invented += blanked
        proposals.append(_proposal(item, text, known, about, try_out))
    return Reworking(
        on=on, original=original, proposals=tuple(proposals), invented=invented, use=heard.use
    )


def local_proposals(objective: Objective, on: str, findings: Iterable[Finding]) -> Reworking:
    """What the local critic would write, which needs no model; each was tried out when made."""
    made: dict[str, list[str]] = {}
    for item in findings:
        if item.on == on and item.rewrite and item.source != "llm":
            made.setdefault(item.rewrite, []).append(item.rule)
    proposals = tuple(
        Proposal(text=text, settles=tuple(codes), blanks=len(find_blanks(text)), source="rule")
        for text, codes in made.items()
    )
    return Reworking(on=on, original=objective.words(on), proposals=proposals)


def _proposal(
    item: Reworded,
    text: str,
    known: tuple[str, ...],
    findings: Sequence[Finding],
    try_out: Try,
) -> Proposal:
    left = try_out(text)
    local = dict.fromkeys(found.rule for found in findings if found.source != "llm")
    named = {code.strip().upper() for code in item.settles}
    others = dict.fromkeys(found.rule for found in findings if found.rule not in local)
    return Proposal(
        text=text,
        because=plain_prose(item.because, known),
        settles=tuple(code for code in local if code not in left),
        claims=tuple(code for code in others if code in named and code not in left),
        leaves=tuple(sorted(left)),
        blanks=len(find_blanks(text)),
    )
