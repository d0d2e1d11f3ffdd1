"""Reviews and scans for the terminal, as rich text; nothing in them is read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from assistant.analyse.worklist import FORMULA, WorkItem
from assistant.history import Tally
from assistant.models import (
    Finding,
    Objective,
    ObjectiveReview,
    Organisation,
    Review,
    Scan,
    Severity,
    shortened,
)
from assistant.report.context import Context
from assistant.report.views.summary import sum_up
from assistant.report.views.trends import trend_lines
from assistant.report.visible import Visible
from assistant.report.words import (
    SEVERITY_MARKS,
    agreement_line,
    change_line,
    citation_line,
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
    since_line,
    standing,
    suppressed_line,
)

_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_FOLD = 5
"""How many findings of an objective are shown in full; the rest get one line each."""


def render_review(review: Review, *, everything: bool = False) -> RenderableType:
    """The review as something that a rich console prints.

    Args:
        review: the outcome.
        everything: show all findings in full instead of the most consequential ones.
    """
    parts: list[RenderableType] = []
    for item in review.reviews:
        parts.extend(_objective(item, everything))
    parts.extend(_closing(review))
    if review.llm:
        parts.append(Text(llm_line(review.llm), style="dim"))
        parts.append(Text(agreement_line(review)))
    parts.append(Text(f"{_counted_objectives(len(review.reviews))}: {outcome_line(review)}"))
    return Visible(Group(*parts))


def render_scan(
    scan: Scan,
    organisation: Organisation | None = None,
    *,
    limit: int = 20,
    earlier: Iterable[Tally] = (),
) -> RenderableType:
    """The scan with the first lines of its worklist.

    Args:
        scan: the outcome.
        organisation: the teams and objectives that it was found in.
        limit: how many lines of the worklist, and how many changes, are printed; the rest are
            counted.
        earlier: kept scans of the same scope, oldest first, to say how figures run.
    """
    context = Context(scan, organisation or Organisation())
    items = context.worklist
    parts: list[RenderableType] = [Text(f"{scan.organisation}: {scope_line(scan)}", style="bold")]
    parts.extend(Text(f"  {item.name}: {item.number}", style="dim") for item in sum_up(scan))
    parts.extend(Text(f"  {line}", style="dim") for line in trend_lines(scan, earlier))
    parts.append(Text())
    parts.extend(_changes(scan, limit))
    parts.extend(line for item in items[:limit] for line in _work_item(item, context))
    if len(items) > limit:
        parts.append(Text(f"  … and {len(items) - limit} more (--limit, or --format html, csv)."))
    if items:
        parts.append(Text(f"Weight = {FORMULA}", style="dim"))
        parts.append(Text())
    parts.extend(_closing(scan))
    parts.append(Text(f"{_counted_objectives(scan.objectives)}: {outcome_line(scan)}"))
    return Visible(Group(*parts))


def _counted_objectives(number: int) -> str:
    return f"{number} objective{'' if number == 1 else 's'}"


def _objective(review: ObjectiveReview, everything: bool) -> Iterator[RenderableType]:
    yield _marked(review.objective, "objective", review.findings, Text("Objective  ", "bold"))
    for position in range(1, len(review.objective.key_results) + 1):
        yield _marked(review.objective, f"kr:{position}", review.findings, Text(f"  {position}. "))
    yield Text()
    findings = gravest_first(review.findings)
    shown = len(findings) if everything else _FOLD
    for finding in findings[:shown]:
        yield from _finding(finding)
    for finding in findings[shown:]:
        yield _headline(finding)
    if findings[shown:]:
        yield Text("  (the last ones in short; --all shows them in full)", style="dim")
    if not findings:
        yield Text("  no findings", style="green")
    yield Text()
    yield from _around(review)


def _marked(
    objective: Objective, on: str, findings: Iterable[Finding], prefix: Text
) -> RenderableType:
    text = Text(objective.element(on) or "")
    for finding in reversed(gravest_first(findings)):
        if finding.on == on and finding.span:
            text.stylize(
                f"{_STYLES[finding.severity]} underline", finding.span.start, finding.span.end
            )
    return Text.assemble(prefix, text)


def _headline(finding: Finding) -> Text:
    return Text.assemble(
        (f"  {SEVERITY_MARKS[finding.severity]} {finding.rule} ", _STYLES[finding.severity]),
        (f"{finding.slug} ", "bold"),
        (f"({element_name(finding.on)}, {standing(finding)}) {finding.fingerprint}", "dim"),
    )


def _finding(finding: Finding) -> Iterator[RenderableType]:
    yield _headline(finding)
    yield Padding(Text(finding.message), (0, 0, 0, 4))
    for evidence in finding.evidence:
        if evidence.kind != "draft":
            yield Padding(Text(f"“{evidence.quote}” — {citation_line(evidence)}"), (0, 0, 0, 4))
    if finding.question:
        yield Padding(Text.assemble(("Ask: ", "italic"), finding.question), (0, 0, 0, 4))
    if finding.rewrite:
        label = f"{proposal_label(finding)}: "
        yield Padding(Text.assemble((label, "italic"), finding.rewrite), (0, 0, 0, 4))
    for line in opinion_lines(finding):
        yield Padding(Text(line, style="dim"), (0, 0, 0, 4))


def _around(review: ObjectiveReview) -> Iterator[RenderableType]:
    blocks = (
        (parents_heading(review), [relation_line(item) for item in review.parents]),
        ("Nearest peers", [relation_line(item) for item in review.peers]),
        (
            "Strategy it touches",
            [f"“{shortened(item.quote)}” — {citation_line(item)}" for item in review.passages],
        ),
    )
    for heading, lines in blocks:
        if not lines:
            continue
        yield Text(f"  {heading}", style="bold")
        for line in lines:
            yield Padding(Text(f"- {line}"), (0, 0, 0, 4))
        yield Text()


def _work_item(item: WorkItem, context: Context) -> Iterator[RenderableType]:
    lead = item.lead
    style = _STYLES[lead.severity]
    reach = reach_line(item, context.team_name(lead.objective_id))
    yield Text.assemble(
        (f"{item.rank:>3} ", "bold"),
        (f"{SEVERITY_MARKS[lead.severity]} {headline(item)} ", style),
        context.subject(lead),
        (f" ({standing(lead)}; {reach})", "dim"),
    )
    for finding in item.findings[: _FOLD if item.wording else None]:
        where = f"{finding.location}: " if finding.location else ""
        yield Padding(
            Text.assemble(
                (where, "dim"),
                _quoted(finding),
                finding.message,
                (f" {finding.fingerprint}", "dim"),
            ),
            (0, 0, 0, 6),
        )
    if lead.question and not item.wording:
        yield Padding(Text.assemble(("Ask: ", "italic"), lead.question), (0, 0, 0, 6))


def _changes(scan: Scan, limit: int) -> Iterator[RenderableType]:
    if scan.since is None:
        return
    yield Text(since_line(scan), style="bold")
    for change in scan.changes[:limit]:
        yield Padding(Text(f"- {change.kind}: {change_line(change)}"), (0, 0, 0, 2))
    if len(scan.changes) > limit:
        left = len(scan.changes) - limit
        yield Text(f"  … and {left} more changes (--limit, or --format html, markdown, json).")
    yield Text()


def _quoted(finding: Finding) -> str:
    return f"“{shortened(finding.span.text, 70)}” " if finding.span else ""


def _closing(outcome: Review | Scan) -> Iterator[RenderableType]:
    if outcome.suppressed:
        yield Text("Suppressed", style="bold")
        for item in outcome.suppressed:
            yield Padding(Text(f"- {suppressed_line(item)}"), (0, 0, 0, 2))
        yield Text()
    if outcome.problems:
        yield Text("About the input", style="bold")
        for problem in outcome.problems:
            yield Padding(Text(f"{SEVERITY_MARKS[problem.severity]} {problem}"), (0, 0, 0, 2))
        yield Text()
    if outcome.not_checked:
        yield Text("Not checked", style="bold")
        for missing in outcome.not_checked:
            line = f"- {missing.what}: {missing.why}. {missing.how}"
            yield Padding(Text(line), (0, 0, 0, 2))
        yield Text()
