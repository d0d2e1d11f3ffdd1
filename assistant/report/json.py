"""Reviews and scans as JSON: the models as they are, with fingerprints beside the findings."""

from __future__ import annotations

import json
from typing import Any

from assistant.analyse.worklist import FORMULA, WorkItem, make_worklist
from assistant.models import Finding, Organisation, Review, Scan

SCHEMA_VERSION = 1


def render(outcome: Review | Scan, organisation: Organisation | None = None) -> str:
    """The outcome as indented JSON.

    Args:
        outcome: a review or a scan.
        organisation: the teams and objectives of a scan, for the rank of its findings.

    Returns:
        An object with ``schema``, ``findings`` (each as made, plus its ``fingerprint``),
        ``suppressed`` (each finding with who decided so and why), ``problems``,
        ``not_checked`` and what else the outcome holds. The findings of a scan have their
        ``rank`` in its ``worklist``, which says how the rank is made.
    """
    content = outcome.model_dump(mode="json")
    content.pop("findings", None)
    for review in content.get("reviews", []):
        review.pop("findings")
    content["suppressed"] = [
        {**item.model_dump(mode="json"), "finding": _finding(item.finding)}
        for item in outcome.suppressed
    ]
    findings = [_finding(item) for item in outcome.findings]
    if isinstance(outcome, Scan):
        items = make_worklist(outcome.findings, organisation or Organisation())
        content["worklist"] = {"formula": FORMULA, "items": [_item(item) for item in items]}
        ranks = {id(finding): item.rank for item in items for finding in item.findings}
        for finding, written in zip(outcome.findings, findings, strict=True):
            written["rank"] = ranks[id(finding)]
    return json.dumps({"schema": SCHEMA_VERSION, "findings": findings, **content}, indent=2)


def _item(item: WorkItem) -> dict[str, Any]:
    content = item.model_dump(mode="json", exclude={"findings"})
    return {**content, "findings": [finding.fingerprint for finding in item.findings]}


def _finding(finding: Finding) -> dict[str, Any]:
    return {**finding.model_dump(mode="json"), "fingerprint": finding.fingerprint}
