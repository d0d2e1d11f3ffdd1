"""Reviews and scans as Markdown. Text from OKRs and documents is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.analyse.worklist import FORMULA, WorkItem
from assistant.history import Tally
from assistant.models import Finding, ObjectiveReview, Organisation, Review, Scan
from assistant.report.context import Context
from assistant.report.views.summary import amount, sum_up
from assistant.report.views.trends import trend_lines
from assistant.report.words import (
    agreement_line,
    change_line,
    citation_line,
    edge_line,
    element_name,
    gravest_first,
    headline,
    llm_line,
    opinion_lines,
    outcome_line,
    parents_heading,
    proposal_label,
    reach_line,
    relation_line,
    scope_line,
    side,
    since_line,
    standing,
    suppressed_line,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&$@:=-])")


def escape(text: str) -> str:
    """The text so that no Markdown viewer reads markup, links or HTML out of it."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def render_review(review: Review) -> str:
    """The review as a Markdown document."""
    lines = [f"# Review: {escape(outcome_line(review))}", ""]
    for item in review.reviews:
        lines.extend(_objective(item))
    lines.extend(_closing(review))
    if review.llm:
        lines.extend([escape(llm_line(review.llm)), "", escape(agreement_line(review))])
    return "\n".join(lines).rstrip() + "\n"


def render_scan(
    scan: Scan, organisation: Organisation | None = None, *, earlier: Iterable[Tally] = ()
) -> str:
    """The scan as a Markdown document.

    Args:
        scan: what was found.
        organisation: the teams and objectives that it was found in.
        earlier: kept scans of the same scope, oldest first, to say how figures run.
    """
    context = Context(scan, organisation or Organisation())
    lines = [
        f"# Scan of {escape(scan.organisation)}: {escape(outcome_line(scan))}",
        "",
        escape(scope_line(scan)),
        "",
    ]
    lines.extend(_changes(scan))
    lines.extend(_worklist(context))
    lines.extend(_figures(scan))
    lines.extend(_trends(scan, earlier))
    lines.extend(_closing(scan))
    return "\n".join(lines).rstrip() + "\n"


def _worklist(context: Context) -> Iterator[str]:
    if not context.worklist:
        return
    yield "## Worklist"
    yield ""
    yield f"Weight \\= {escape(FORMULA)}"
    yield ""
    for item in context.worklist:
        yield from _wording(item, context) if item.wording else _item(item, context)


def _item(item: WorkItem, context: Context) -> Iterator[str]:
    yield f"{item.rank}. **{escape(headline(item))}**: {_about(item, context)}"
    for finding in item.findings:
        yield f"   - {_sentence(finding)} ({_place(finding)})"
        for quote in finding.evidence:
            yield f"   - {side(quote)} “{escape(quote.quote)}” ({escape(context.source(quote))})"
        yield from (f"   - {escape(edge_line(edge))}" for edge in context.edges(finding))
        for link in context.peers(finding):
            if link.unless:
                yield f"   - It is none if: {escape(link.unless)}"
        if finding.question:
            yield f"   - Ask: {escape(finding.question)}"
    yield ""


def _wording(item: WorkItem, context: Context) -> Iterator[str]:
    yield f"{item.rank}. **{escape(headline(item))}**: {_about(item, context)}"
    for finding in item.findings:
        yield f"   - **{finding.rule}** {_sentence(finding)} ({_place(finding)})"
    yield ""


def _about(item: WorkItem, context: Context) -> str:
    team = context.team_name(item.lead.objective_id)
    measured = f"{standing(item.lead)}; {reach_line(item, team)}"
    return f"{escape(context.subject(item.lead))} ({escape(measured)})"


def _place(finding: Finding) -> str:
    parts = (str(finding.location) if finding.location else "", finding.fingerprint)
    return escape(", ".join(part for part in parts if part))


def _figures(scan: Scan) -> Iterator[str]:
    rows = [(count.name, count.number, "", "") for count in sum_up(scan)]
    rows += [(item.name, amount(item), item.formula, item.note) for item in scan.figures]
    if not rows:
        return
    yield "## Figures"
    yield ""
    yield "| figure | value | how it is made |"
    yield "|---|---|---|"
    for name, value, formula, note in rows:
        made = "; ".join(part for part in (formula, note) if part)
        yield f"| {escape(name)} | {escape(value)} | {escape(made)} |"
    yield ""


def _changes(scan: Scan) -> Iterator[str]:
    if scan.since is None:
        return
    yield "## What changed"
    yield ""
    yield escape(since_line(scan))
    yield ""
    if scan.changes:
        yield from (f"- {item.kind}: {escape(change_line(item))}" for item in scan.changes)
        yield ""


def _trends(scan: Scan, earlier: Iterable[Tally]) -> Iterator[str]:
    lines = [f"- {escape(line)}" for line in trend_lines(scan, earlier)]
    if lines:
        yield from ("## From scan to scan", "", *lines, "")


def _objective(review: ObjectiveReview) -> Iterator[str]:
    yield f"## {escape(review.objective.text)}"
    yield ""
    for position, key_result in enumerate(review.objective.key_results, start=1):
        yield f"{position}. {escape(key_result.text)}"
    yield ""
    if not review.findings:
        yield "No findings."
        yield ""
    for finding in gravest_first(review.findings):
        yield from _finding(finding)
    yield from _around(review)


def _finding(finding: Finding) -> Iterator[str]:
    yield (
        f"- **{finding.rule} {finding.slug}** ({standing(finding)}, {element_name(finding.on)}): "
        f"{_sentence(finding)}"
    )
    for evidence in finding.evidence:
        if evidence.kind != "draft":
            yield f"  - “{escape(evidence.quote)}” ({escape(citation_line(evidence))})"
    if finding.question:
        yield f"  - Ask: {escape(finding.question)}"
    if finding.rewrite:
        yield f"  - {proposal_label(finding)}: {escape(finding.rewrite)}"
    yield from (f"  - {escape(line)}" for line in opinion_lines(finding))
    yield ""


def _sentence(finding: Finding) -> str:
    return escape(finding.message)


def _around(review: ObjectiveReview) -> Iterator[str]:
    if review.parents:
        yield f"### {parents_heading(review)}"
        yield ""
        yield from (f"- {escape(relation_line(item))}" for item in review.parents)
        yield ""
    if review.peers:
        yield "### Nearest peers"
        yield ""
        yield from (f"- {escape(relation_line(item))}" for item in review.peers)
        yield ""
    if review.passages:
        yield "### Strategy it touches"
        yield ""
        for item in review.passages:
            yield f"- “{escape(item.quote)}” ({escape(citation_line(item))})"
        yield ""


def _closing(outcome: Review | Scan) -> Iterator[str]:
    if outcome.suppressed:
        yield "## Suppressed"
        yield ""
        yield from (f"- {escape(suppressed_line(item))}" for item in outcome.suppressed)
        yield ""
    if outcome.problems:
        yield "## About the input"
        yield ""
        yield from (f"- {escape(str(problem))}" for problem in outcome.problems)
        yield ""
    if outcome.not_checked:
        yield "## Not checked"
        yield ""
        for item in outcome.not_checked:
            yield f"- {escape(item.what)}: {escape(item.why)}. {escape(item.how)}"
