"""The rule catalogue as Markdown, printed from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from assistant.rules.base import Example, Need, Rule

KINDS = {"L": "decidable from the text", "J": "a judgement", "C": "needs the corpus"}

DecidedBy = Literal["text", "trained head", "scan or critic"]
_HOW: dict[DecidedBy, str] = {
    "text": "from the words and the structure of the text",
    "trained head": "by a small trained head on the sentence embedding and on what parsing says",
    "scan or critic": "by the scan or by a language model's critique, where {needs} at hand; the "
    "review of a draft alone does not check it",
}
_NEEDS: dict[Need, str] = {
    "parent": "the parent that it names is",
    "peer": "objectives of other teams are",
    "strategy": "strategy documents are",
    "organisation": "all objectives of the organisation are",
    "figures": "sources of figures are",
}


def decided_by(rule: Rule) -> DecidedBy:
    """Who decides the rule, in two or three words."""
    from assistant.learned.labels import LOOKS

    if rule.detect is None:
        return "scan or critic"
    return "trained head" if rule.code in LOOKS else "text"


def rule_page(rule: Rule, *, level: int = 1, accuracy: str = "") -> str:
    """One rule, whole, for ``okr explain`` and the catalogue page.

    Args:
        rule: the rule.
        level: of the heading, from 1.
        accuracy: a sentence with its published figures.
    """
    return "\n".join(_page(rule, level, accuracy))


def rule_table(rules: Iterable[Rule], page: str) -> str:
    """A Markdown table with one line a rule.

    Args:
        rules: in the order of the lines.
        page: where the catalogue page is, seen from the table; empty for the page itself.
    """
    rows = [
        f"| {_linked(r, page)} | {r.slug} | {r.severity} | {decided_by(r)} | {r.fires_when} |"
        for r in rules
    ]
    head = ["| code | name | severity | decided by | fires when |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _linked(rule: Rule, page: str) -> str:
    return f"[{rule.code}]({page}#{rule.code.lower()}-{rule.slug})"


def _page(rule: Rule, level: int, accuracy: str) -> Iterator[str]:
    needs = _NEEDS[rule.needs] if rule.needs else "what it compares with is"
    how = _HOW[decided_by(rule)].format(needs=needs)
    yield f"{'#' * level} {rule.code} {rule.slug}"
    yield ""
    yield f"{rule.title}. Severity {rule.severity}; kind {rule.kind}, {KINDS[rule.kind]}."
    paragraphs = (
        ("Fires when.", rule.fires_when),
        ("Why.", rule.why),
        ("Ask.", rule.question),
        ("Authority.", f"{rule.authority}."),
        ("Decided", f"{how}."),
        ("Accuracy.", accuracy),
    )
    for name, words in paragraphs:
        if words:
            yield ""
            yield f"**{name}** {words}"
    yield ""
    yield "**Examples**"
    yield ""
    yield from (_example(item) for item in rule.examples)


def _example(example: Example) -> str:
    verdict = "fires" if example.fires else "stays silent"
    around = "; ".join(_around(example))
    note = f": {example.note}" if example.note else ""
    shown = example.text or example.objective
    return f"- {verdict}: “{shown}”{f' ({around})' if around else ''}{note}"


def _around(example: Example) -> Iterator[str]:
    """What the verdict rests on beside the words themselves."""
    if example.text and example.objective:
        yield f"objective: “{example.objective}”"
    if example.key_results:
        results = ", ".join(f"“{item}”" for item in example.key_results)
        yield f"key results: {results}"
    for name, words in (
        ("contribution", example.contribution),
        ("owner", example.owner),
        ("type", example.declared),
        ("phase", example.phase),
    ):
        if words:
            yield f"{name}: {words}"
    yield from (f"{name}: “{words}”" for name, words in example.beside)
