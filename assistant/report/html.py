"""Reviews and scans as one self-contained HTML page; everything is escaped by the template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.models import Finding, Objective, Organisation, Review, Scan, Severity, shortened
from assistant.report.templating import open_templates
from assistant.report.words import (
    SEVERITY_MARKS,
    SLOT_MARKS,
    agreement_line,
    citation_line,
    edge_line,
    element_name,
    gravest_first,
    headline,
    llm_line,
    opinion_lines,
    outcome_line,
    parents_heading,
    peer_line,
    proposal_label,
    reach_line,
    relation_line,
    scope_line,
    side,
    since_line,
    standing,
    suppressed_line,
)

if TYPE_CHECKING:
    from jinja2 import Environment

    from assistant.history import Tally


def render_review(review: Review) -> str:
    """The review as an HTML document that needs no network."""
    return _environment().get_template("review.html.j2").render(review=review)


def render_review_fragment(review: Review) -> str:
    """The review as an HTML fragment with its style, for a page that exists already."""
    return _environment().get_template("fragment.html.j2").render(review=review)


def render_scan(
    scan: Scan, organisation: Organisation | None = None, *, earlier: Iterable[Tally] = ()
) -> str:
    """The scan as an HTML document that needs no network.

    Args:
        scan: what was found.
        organisation: the teams, cycles and objectives that it was found in; without them there are
            no pictures of them.
        earlier: kept scans of the same scope, oldest first, to show how figures run.
    """
    from assistant.report.page import fill

    return (
        _environment()
        .get_template("scan.html.j2")
        .render(fill(scan, organisation or Organisation(), earlier))
    )


def marked_parts(
    objective: Objective, on: str, findings: Iterable[Finding]
) -> Iterator[tuple[str, Severity | None, str]]:
    """Cut an element's text where findings begin and end.

    Yields:
        Stretches of text with the gravest severity and the rule codes that cover them; the
        stretches joined give the text again.
    """
    text = objective.element(on) or ""
    spans = [(item.span, item) for item in gravest_first(findings) if item.on == on and item.span]
    cuts = sorted({0, len(text), *(s.start for s, _ in spans), *(s.end for s, _ in spans)})
    for start, end in pairwise(cuts):
        covering = [item for span, item in spans if span.start <= start and end <= span.end]
        severity = covering[0].severity if covering else None
        yield text[start:end], severity, " ".join(item.rule for item in covering)


@cache
def _environment() -> Environment:
    environment = open_templates("assistant.report")
    environment.globals.update(
        outcome_line=outcome_line,
        agreement_line=agreement_line,
        llm_line=llm_line,
        opinion_lines=opinion_lines,
        standing=standing,
        suppressed_line=suppressed_line,
        element_name=element_name,
        gravest_first=gravest_first,
        relation_line=relation_line,
        citation_line=citation_line,
        parents_heading=parents_heading,
        proposal_label=proposal_label,
        marked_parts=marked_parts,
        severity_marks=SEVERITY_MARKS,
        slot_marks=SLOT_MARKS,
        headline=headline,
        shortened=shortened,
        reach_line=reach_line,
        edge_line=edge_line,
        peer_line=peer_line,
        scope_line=scope_line,
        since_line=since_line,
        side=side,
    )
    return environment
