"""A second look of the model at findings that were made already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.critique.asking import Asker, not_done, put
from assistant.critique.context import ContextPack
from assistant.critique.schema import Check, SelfCheck
from assistant.critique.verify import known_numbers, plain_prose
from assistant.models import (
    Finding,
    LlmUse,
    NotChecked,
    Noun,
    Objective,
    SecondOpinion,
    Verdict,
    shortened,
)
from assistant.prompts import Prompt, render
from assistant.rules.base import Rule

MOST = 12
"""Findings that are looked at in one call, the model's own first."""

_SAYS: dict[str, Verdict] = {"yes": "agrees", "partly": "unsure", "no": "disagrees"}
_LESS_SURE = 0.5


class SelfChecked(Noun):
    """What the second look has left.

    Attributes:
        findings: in the same order. What the model found and no longer stands by is gone; what it
            stands by in part is half as sure. Of the others only the opinions are new.
        dropped: how many are gone.
        not_checked: why there was no second look, if there was none.
        use: what was asked and what it cost; None if nothing was asked.
    """

    findings: tuple[Finding, ...]
    dropped: int = 0
    not_checked: tuple[NotChecked, ...] = ()
    use: LlmUse | None = None


def self_check(
    objective: Objective,
    context: ContextPack,
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    client: Asker,
    prompt: Prompt,
) -> SelfChecked:
    """Ask the model whether findings stand.

    Args:
        objective: the draft.
        context: what the first look was shown.
        findings: the model's own and those of the local critic. Those of a rule that the text
            alone decides, or that is not among the rules, are let be.
        rules: by code.
        client: whom to ask.
        prompt: its output must be ``SelfCheck``.
    """
    judged = [item for item in findings if item.rule in rules and rules[item.rule].kind != "L"]
    asked = sorted(judged, key=lambda item: item.source != "llm")[:MOST]
    if not asked:
        return SelfChecked(findings=tuple(findings))
    messages = render(
        prompt,
        objective=objective.text,
        key_results=[item.text for item in objective.key_results],
        facts=context.facts,
        context=context.sources,
        rules=[rules[code] for code in dict.fromkeys(item.rule for item in asked)],
        findings=[_shown(item) for item in asked],
    )
    heard = put(client, prompt, messages, SelfCheck)
    if heard.said is None:
        what = f"Second look at the findings on {shortened(objective.text, 80)!r}"
        missing = () if heard.fault is None else (not_done(what, heard.fault),)
        return SelfChecked(findings=tuple(findings), not_checked=missing, use=heard.use)
    known = known_numbers(objective, context)
    checks = {item.finding: item for item in reversed(heard.said.checks)}
    verdicts = {id(item): checks.get(number) for number, item in enumerate(asked, start=1)}
    kept = [_after(item, verdicts.get(id(item)), known) for item in findings]
    left = tuple(item for item in kept if item is not None)
    return SelfChecked(findings=left, dropped=len(findings) - len(left), use=heard.use)


def _shown(finding: Finding) -> dict[str, object]:
    own = [item.quote for item in finding.evidence if item.kind == "draft"]
    return {
        "rule": finding.rule,
        "on": finding.on,
        "quote": finding.span.text if finding.span else next(iter(own), ""),
        "message": finding.message,
        "cited": [item.quote for item in finding.evidence if item.kind != "draft"],
    }


def _after(finding: Finding, check: Check | None, known: tuple[str, ...]) -> Finding | None:
    if check is None:
        return finding
    if finding.source != "llm":
        opinion = SecondOpinion(
            by="llm", says=_SAYS[check.stands], words=plain_prose(check.because, known)
        )
        others = tuple(item for item in finding.opinions if item.by != "llm")
        return finding.model_copy(update={"opinions": (*others, opinion)})
    if check.stands == "no":
        return None
    if check.stands == "yes":
        return finding
    return finding.model_copy(update={"confidence": finding.confidence * _LESS_SURE})
