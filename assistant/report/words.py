"""Sentences and counts that several report formats share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping

from assistant.analyse.worklist import WorkItem
from assistant.models import (
    SEVERITIES,
    Edge,
    Evidence,
    Finding,
    ObjectiveReview,
    PeerLink,
    Relation,
    Review,
    Scan,
    Severity,
    Suppressed,
    shortened,
)

SEVERITY_MARKS: dict[Severity, str] = {"error": "✗", "warning": "!", "info": "·"}
"""A mark beside the colour, so that no meaning hangs on colour alone."""

SLOT_MARKS: Mapping[str, str] = {"kept": "✓", "changed": "↷", "lost": "✗", "added": "+"}
"""The same for what became of a part of the parent's meaning."""


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


def headline(item: WorkItem) -> str:
    """What a line of the worklist is: ``A3 drift``, or ``3 remarks: K1 twice, S9``."""
    lead = item.lead
    if len(item.findings) == 1:
        return f"{lead.rule} {lead.slug}"
    if not item.wording:
        return f"{lead.rule} {lead.slug}, {len(item.findings)} findings"
    counts = Counter(finding.rule for finding in item.findings)
    rules = ", ".join(f"{rule} × {count}" if count > 1 else rule for rule, count in counts.items())
    return f"{len(item.findings)} remarks on the wording: {rules}"


def reach_line(item: WorkItem, team: str) -> str:
    """Whom a line of the worklist concerns and what it weighs: ``Depots, 60 people, weight 23.6``."""
    noun = {"people": "person", "objectives": "objective"}[item.counted]
    number = f"{item.affected} {noun if item.affected == 1 else item.counted}"
    return ", ".join(part for part in (team, number, f"weight {item.weight:.1f}") if part)


def edge_line(edge: Edge) -> str:
    """What was measured on a link, and why the cosine is no verdict."""
    parts = [f"Cosine of the two texts {edge.similarity:.2f}, which is nearness and no verdict"]
    if edge.serves is not None:
        parts.append(f"chance that its success advances the parent {edge.serves:.2f}")
    if edge.from_root is not None:
        parts.append(f"that it advances the root {edge.from_root:.2f}")
    if edge.judged:
        parts.append(f"the language model says {edge.judged}, the local reader {edge.verdict}")
    return f"{'; '.join(parts)}."


def peer_line(link: PeerLink) -> str:
    """What was measured on two peers."""
    line = f"Confidence {link.confidence:.2f}; cosine {link.similarity:.2f}, which is no verdict"
    judged = f"; the language model says {link.judged}" if link.judged else ""
    return f"{line}{judged}."


_SIDES = {"draft": "This:", "parent": "Parent:", "peer": "Other team:", "strategy": "Strategy:"}


def side(evidence: Evidence) -> str:
    """Whose words a quote is."""
    return _SIDES[evidence.kind]
