"""Reviews and scans as Markdown. Text from OKRs and documents is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.models import Finding, ObjectiveReview, Review, Scan
from assistant.report.words import (
    citation_line,
    element_name,
    gravest_first,
    outcome_line,
    parents_heading,
    proposal_label,
    relation_line,
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
    return "\n".join(lines).rstrip() + "\n"


def render_scan(scan: Scan) -> str:
    """The scan as a Markdown document."""
    lines = [
        f"# Scan of {escape(scan.organisation)}: {escape(outcome_line(scan))}",
        "",
        f"{scan.teams} teams, {scan.objectives} objectives, {scan.key_results} key results, "
        f"{scan.documents} strategy documents.",
        "",
    ]
    for finding in gravest_first(scan.findings):
        where = f" ({escape(str(finding.location))})" if finding.location else ""
        known = " (known)" if finding.known else ""
        lines.append(f"- **{finding.rule}** {_sentence(finding)}{where}{known}")
    lines.append("")
    lines.extend(_closing(scan))
    return "\n".join(lines).rstrip() + "\n"


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
