"""The worklist of a scan as CSV, one finding a row; no cell can act as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from assistant.analyse.worklist import WorkItem
from assistant.models import Finding, Organisation, Scan
from assistant.report.context import Context
from assistant.report.words import element_name

COLUMNS = (
    "rank", "weight", "affected", "counted", "rule", "name", "severity", "confidence", "known",
    "team", "cycle", "objective", "element", "words", "message", "question", "quotes", "source",
    "file", "line", "place", "fingerprint", "objective_id",
)  # fmt: skip

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render_scan(scan: Scan, organisation: Organisation) -> str:
    """The findings in the order of the worklist, under one line of headings.

    Args:
        scan: what was found.
        organisation: the teams and objectives that it was found in.

    Returns:
        Comma-separated values; lines end in a line feed, line feeds within cells are quoted.
    """
    context = Context(scan, organisation)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in context.worklist:
        writer.writerows(_rows(item, context))
    return out.getvalue()


def harmless(text: str) -> str:
    """The text so that no spreadsheet computes it: an apostrophe before what starts a formula.

    Every line break becomes a line feed, which readers of CSV agree on.
    """
    marked = f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
    return marked.replace("\r\n", "\n").replace("\r", "\n")


def _rows(item: WorkItem, context: Context) -> Iterator[list[str]]:
    for finding in item.findings:
        yield [harmless(cell) for cell in _cells(item, finding, context)]


def _cells(item: WorkItem, finding: Finding, context: Context) -> Iterator[str]:
    place = finding.location
    objective = context.objectives.get(finding.objective_id)
    yield from (str(item.rank), str(item.weight), str(item.affected), item.counted)
    yield from (finding.rule, finding.slug, finding.severity, str(finding.confidence))
    yield "yes" if finding.known else "no"
    yield context.team_name(finding.objective_id)
    yield context.cycle_name(finding.objective_id)
    yield objective.text if objective else context.subject(finding, limit=1000)
    yield element_name(finding.on)
    yield finding.span.text if finding.span else ""
    yield from (finding.message, finding.question or "")
    yield "\n".join(f"{quote.kind}: “{quote.quote}”" for quote in finding.evidence)
    yield "\n".join(context.source(quote) for quote in finding.evidence)
    yield place.file if place else ""
    yield str(place.line) if place and place.line else ""
    yield str(place) if place else ""
    yield from (finding.fingerprint, finding.objective_id)
