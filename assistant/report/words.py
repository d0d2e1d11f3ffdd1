"""Sentences and counts that several report formats share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from assistant.models import (
    SEVERITIES,
    Evidence,
    Finding,
    ObjectiveReview,
    Relation,
    Review,
    Scan,
    Severity,
    Suppressed,
    shortened,
)

SEVERITY_MARKS: dict[Severity, str] = {"error": "✗", "warning": "!", "info": "·"}
"""A mark beside the colour, so that no meaning hangs on colour alone."""


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by severity, then in the order of the draft: objective, key results, set."""
    return sorted(findings, key=lambda item: (-SEVERITIES.index(item.severity), _place(item.on)))


def _place(on: str) -> int:
    if on.startswith("kr:"):
        return int(on[3:])
    return 0 if on == "objective" else sys.maxsize


def at_or_above(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    """The findings of this severity or a graver one."""
    floor = SEVERITIES.index(severity)
    return [item for item in findings if SEVERITIES.index(item.severity) >= floor]


def count_line(findings: Iterable[Finding]) -> str:
    """For example ``2 warnings, 1 info``; ``no findings`` when there are none."""
    counts = Counter(item.severity for item in findings)
    parts = [_counted(counts[name], name) for name in reversed(SEVERITIES) if counts[name]]
    return ", ".join(parts) or "no findings"


def outcome_line(outcome: Review | Scan) -> str:
    """For example ``2 warnings, 1 info; 3 known, 1 suppressed; profile strict``.

    What is in the baseline is counted apart from what is new; the default profile goes without
    saying.
    """
    known = sum(finding.known for finding in outcome.findings)
    apart = (f"{known} known" if known else "", _suppressed_count(outcome))
    new = count_line(finding for finding in outcome.findings if not finding.known)
    parts = (
        "no new findings" if known and new == "no findings" else new,
        ", ".join(part for part in apart if part),
        f"profile {outcome.profile}" if outcome.profile != "default" else "",
    )
    return "; ".join(part for part in parts if part)


def _suppressed_count(outcome: Review | Scan) -> str:
    return f"{len(outcome.suppressed)} suppressed" if outcome.suppressed else ""


def suppressed_line(item: Suppressed) -> str:
    """One line on a finding that is not shown: what, on which words, who said so, and why."""
    finding = item.finding
    said = {"draft": "in the draft", "settings": "in the settings", "dismissal": "dismissed"}
    where = f", {item.location}" if item.location else ""
    words = f" on “{shortened(finding.words, 80)}”" if finding.words else ""
    return f"{finding.rule} {finding.slug}{words}: {item.reason} ({said[item.by]}{where})"


def standing(finding: Finding) -> str:
    """How grave a finding is, and whether the baseline knows it: ``warning, known``."""
    return f"{finding.severity}, known" if finding.known else finding.severity


def _counted(number: int, name: Severity) -> str:
    plural = "s" if number != 1 and name != "info" else ""
    return f"{number} {name}{plural}"


def element_name(on: str) -> str:
    """What a person calls the element: ``key result 2``, ``objective``, ``set``."""
    return f"key result {on[3:]}" if on.startswith("kr:") else on


def proposal_label(finding: Finding) -> str:
    """What leads to a rewrite, which for the set is one more key result."""
    return "Perhaps add" if finding.on == "set" else "Perhaps"


def relation_line(relation: Relation) -> str:
    """One line on a parent or peer, with its team, cycle and similarity."""
    where = ", ".join(part for part in (relation.team, relation.cycle) if part)
    return f"{relation.text} ({where}; similarity {relation.similarity:.2f})"


def citation_line(evidence: Evidence) -> str:
    """Where a quote stands: title, version, date, location."""
    version = f"version {evidence.version}" if evidence.version else ""
    superseded = f"superseded by {evidence.superseded_by}" if evidence.superseded_by else ""
    published = evidence.published.isoformat() if evidence.published else ""
    location = str(evidence.location) if evidence.location else ""
    parts = (evidence.title, version, published, superseded, location)
    return ", ".join(part for part in parts if part)


def parents_heading(review: ObjectiveReview) -> str:
    """Says whether the parents are the author's or the tool's suggestion."""
    declared = any(relation.declared for relation in review.parents)
    return "Parent" if declared else "Parents it might serve (suggested, not declared)"
