"""The rule catalogue as Markdown, printed from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.rules.base import Example, Rule

KINDS = {"L": "decided from the text", "J": "a judgement", "C": "needs the corpus"}


def rule_page(rule: Rule) -> str:
    """One rule, whole, for ``okr explain`` and the catalogue page."""
    return "\n".join(_page(rule))


def rule_table(rules: Iterable[Rule]) -> str:
    """A Markdown table with one line a rule."""
    rows = [f"| {r.code} | {r.slug} | {r.severity} | {r.fires_when} |" for r in rules]
    return "\n".join(["| code | name | severity | fires when |", "|---|---|---|---|", *rows])


def _page(rule: Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.slug}"
    yield ""
    yield f"{rule.title}. Severity {rule.severity}; {KINDS[rule.kind]}. {rule.authority}."
    yield ""
    yield f"**Fires when.** {rule.fires_when}"
    yield ""
    yield f"**Why.** {rule.why}"
    yield ""
    yield f"**Ask.** {rule.question}"
    yield ""
    yield "**Examples**"
    yield ""
    yield from (_example(item) for item in rule.examples)


def _example(example: Example) -> str:
    verdict = "fires" if example.fires else "stays silent"
    shown = example.text or example.objective
    results = f" ({len(example.key_results)} key results)" if example.key_results else ""
    served = f" (contribution: {example.contribution})" if example.contribution else ""
    note = f": {example.note}" if example.note else ""
    return f"- {verdict}: “{shown}”{results}{served}{note}"
