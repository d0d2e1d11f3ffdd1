"""Sentences and counts that several report formats share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping

from assistant.analyse.worklist import WorkItem
from assistant.models import (
    SEVERITIES,
    Change,
    Edge,
    Evidence,
    Finding,
    LlmUse,
    ObjectiveReview,
    PeerLink,
    Relation,
    Review,
    Scan,
    SecondOpinion,
    Severity,
    Suppressed,
    shortened,
)

SEVERITY_MARKS: dict[Severity, str] = {"error": "✗", "warning": "!", "info": "·"}
"""A mark beside the colour, so that no meaning hangs on colour alone."""

SLOT_MARKS: Mapping[str, str] = {"kept": "✓", "changed": "↷", "lost": "✗", "added": "+"}
"""The same for what became of a part of the parent's meaning."""


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by severity; what concerns others than the team comes first, then the order of
    the draft: objective, key results, set.
    """
    return sorted(
        findings,
        key=lambda item: (
            -SEVERITIES.index(item.severity),
            not item.rule.startswith("A"),
            _place(item.on),
        ),
    )


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


def scope_line(scan: Scan) -> str:
    """What was looked at, in numbers; of a branch also whose it is."""
    parts = (
        _numbered(scan.teams, "team"),
        _numbered(scan.objectives, "objective"),
        _numbered(scan.key_results, "key result"),
        _numbered(scan.documents, "strategy document"),
    )
    branch = f"Only {scan.team} and the teams below it. " if scan.team else ""
    return f"{branch}{', '.join(parts)}."


def since_line(scan: Scan) -> str:
    """What the comparison with an earlier scan comes to; empty where none was asked for."""
    if scan.since is None:
        return ""
    counts = Counter(change.kind for change in scan.changes)
    found = [f"{counts[kind]} {kind}" for kind in ("new", "resolved", "changed") if counts[kind]]
    taken = scan.since.strftime("%Y-%m-%d %H:%M %Z").strip()
    return f"Since the scan of {taken}: {', '.join(found) or 'nothing changed'}."


def change_line(change: Change) -> str:
    """One change with the edit behind it."""
    because = f" Because: {change.cause}" if change.cause else ""
    return f"{change.rule} {change.message}{because}"


def _numbered(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun}s'}"


def _suppressed_count(outcome: Review | Scan) -> str:
    return f"{len(outcome.suppressed)} suppressed" if outcome.suppressed else ""


def suppressed_line(item: Suppressed) -> str:
    """One line on a finding that is not shown: what, on which words, who said so, and why."""
    finding = item.finding
    said = {
        "draft": "in the draft",
        "settings": "in the settings",
        "dismissal": "dismissed",
        "answer": "withdrawn after your answer",
    }
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
        both = f", and both together {edge.verdict}" if edge.local else ""
        local = edge.local or edge.verdict
        parts.append(f"the language model says {edge.judged}, the local reader {local}{both}")
    return f"{'; '.join(parts)}."


def peer_line(link: PeerLink) -> str:
    """What was measured on two peers."""
    line = f"Confidence {link.confidence:.2f}; cosine {link.similarity:.2f}, which is no verdict"
    local = f", the local reader {link.local}" if link.local else ""
    judged = f"; the language model says {link.judged}{local}" if link.judged else ""
    return f"{line}{judged}."


_SIDES = {"draft": "This:", "parent": "Parent:", "peer": "Other team:", "strategy": "Strategy:"}


def side(evidence: Evidence) -> str:
    """Whose words a quote is."""
    return _SIDES[evidence.kind]


_CRITICS = {
    "rule": "The local critic",
    "model": "The yes-or-no judge",
    "llm": "The language model",
    "team": "The team",
}
_SAYS = {
    "agrees": "agrees",
    "disagrees": "disagrees",
    "unsure": "agrees in part",
    "silent": "was asked too and has no remark",
    "answered": "answered",
}


def opinion_lines(finding: Finding) -> tuple[str, ...]:
    """Who else has an opinion on a finding, one sentence each, in the order in which they came."""
    alone = ("Found by the language model.",) if finding.source == "llm" else ()
    return (*alone, *(_opinion_line(item) for item in finding.opinions))


def _opinion_line(opinion: SecondOpinion) -> str:
    if opinion.by == "llm" and opinion.says == "agrees":
        said = "Agreed by local and model"
    elif opinion.by == "rule" and opinion.says == "silent":
        said = "The local critic looked for it too and has no remark"
    elif opinion.says in _SAYS:
        said = f"{_CRITICS[opinion.by]} {_SAYS[opinion.says]}"
    else:
        said = f"After the answer it is {opinion.says}"
    words = f"“{opinion.words}”" if opinion.says == "answered" else opinion.words
    return f"{said}: {words}" if words else f"{said}."


def agreement_line(review: Review) -> str:
    """How far the local critic and the language model agree; empty where no model was asked."""
    if review.llm is None:
        return ""
    said = [_model_says(finding) for finding in review.findings]
    parts = (
        ("by both", said.count("agrees")),
        ("by the local critic alone", said.count("")),
        ("by the model alone", said.count("found")),
        ("disputed by the model", said.count("disagrees")),
    )
    counted = ", ".join(f"{number} {name}" for name, number in parts if number)
    return f"Local critic and language model: {counted or 'no findings'}."


def _model_says(finding: Finding) -> str:
    if finding.source == "llm":
        return "found"
    said = [item.says for item in finding.opinions if item.by == "llm"]
    return next((verdict for verdict in ("disagrees", "agrees") if verdict in said), "")


def llm_line(use: LlmUse) -> str:
    """What the language model was asked, what it took and what of its words was dropped."""
    asked = f"{use.model} ({use.prompt})"
    said = _taken(use) if use.calls or use.cached else "nothing was sent"
    return f"{asked}: {said}; {_dropped(use)}." if use.quotes else f"{asked}: {said}."


def _taken(use: LlmUse) -> str:
    tokens = "tokens unknown"
    if use.input_tokens is not None and use.output_tokens is not None:
        tokens = f"{use.input_tokens:,} tokens read and {use.output_tokens:,} written"
    calls = f"{use.calls} call{'' if use.calls == 1 else 's'}"
    cost = "cost unknown" if use.cost is None else f"${use.cost:.4f}"
    kept = f", {use.cached} answered from the cache" if use.cached else ""
    return f"{calls}{kept}, {tokens}, {use.seconds:.1f} s, {cost}"


def _dropped(use: LlmUse) -> str:
    share = f" ({use.dropped_quotes / use.quotes:.0%})" if use.dropped_quotes else ""
    return (
        f"dropped: {use.dropped_remarks} of {use.remarks} remarks, and {use.dropped_quotes} of "
        f"{use.quotes} quotes{share}, as they do not stand in the text"
    )
