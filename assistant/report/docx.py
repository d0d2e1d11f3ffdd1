"""Reviews as a Word document, to be passed round and commented on."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assistant.models import Finding, ObjectiveReview, Review
from assistant.report.html import marked_parts
from assistant.report.words import (
    SEVERITY_MARKS,
    at_or_above,
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

if TYPE_CHECKING:
    from docx.document import Document

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold."""


def render_review(review: Review) -> bytes:
    """The review as the content of a ``.docx`` file."""
    from docx import Document as new

    document = new()
    document.core_properties.title = "OKR review"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_heading(f"OKR review: {outcome_line(review)}", 1)
    for item in review.reviews:
        _objective(document, item)
    _listed(document, "Suppressed", [suppressed_line(item) for item in review.suppressed])
    _listed(document, "About the input", [str(problem) for problem in review.problems])
    unchecked = [f"{item.what}: {item.why}. {item.how}" for item in review.not_checked]
    _listed(document, "Not checked", unchecked)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _objective(document: Document, item: ObjectiveReview) -> None:
    _marked(document.add_heading(level=2), item, "objective")
    for number in range(1, len(item.objective.key_results) + 1):
        _marked(document.add_paragraph(style="List Number"), item, f"kr:{number}")
    if not item.findings:
        document.add_paragraph("No findings.")
    for finding in gravest_first(item.findings):
        _finding(document, finding)
    parents = [relation_line(relation) for relation in item.parents]
    _listed(document, parents_heading(item), parents, 3)
    _listed(document, "Nearest peers", [relation_line(relation) for relation in item.peers], 3)
    touched = [f"“{passage.quote}” ({citation_line(passage)})" for passage in item.passages]
    _listed(document, "Strategy it touches", touched, 3)


def _marked(paragraph: Any, item: ObjectiveReview, on: str) -> None:
    """The words of an element; what calls for something is underlined and carries a sign."""
    grave = at_or_above(item.findings, "warning")
    for text, severity, rules in marked_parts(item.objective, on, grave):
        run = paragraph.add_run(_clean(text))
        if severity:
            run.underline = True
            paragraph.add_run(f" [{SEVERITY_MARKS[severity]} {rules}]").font.superscript = True


def _finding(document: Document, finding: Finding) -> None:
    lead = document.add_paragraph(style="List Bullet")
    title = f"{SEVERITY_MARKS[finding.severity]} {finding.rule} {finding.slug}"
    lead.add_run(_clean(title)).bold = True
    place = f" ({standing(finding)}, {element_name(finding.on)}): "
    lead.add_run(_clean(place + finding.message))
    for evidence in finding.evidence:
        if evidence.kind != "draft":
            _below(document, "", f"“{evidence.quote}” ({citation_line(evidence)})")
    if finding.question:
        _below(document, "Ask: ", finding.question)
    if finding.rewrite:
        _below(document, f"{proposal_label(finding)}: ", finding.rewrite)


def _below(document: Document, label: str, text: str) -> None:
    paragraph = document.add_paragraph(style="List Continue")
    paragraph.add_run(label).bold = True
    paragraph.add_run(_clean(text))


def _listed(document: Document, heading: str, lines: list[str], level: int = 2) -> None:
    if not lines:
        return
    document.add_heading(heading, level)
    for line in lines:
        document.add_paragraph(_clean(line), style="List Bullet")


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
