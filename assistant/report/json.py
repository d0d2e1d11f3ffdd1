"""Reviews and scans as JSON: the models as they are, with fingerprints beside the findings."""

from __future__ import annotations

import json
from typing import Any

from assistant.models import Finding, Review, Scan

SCHEMA_VERSION = 1


def render(outcome: Review | Scan) -> str:
    """The outcome as indented JSON.

    Returns:
        An object with ``schema``, ``findings`` (each as made, plus its ``fingerprint``),
        ``suppressed`` (each finding with who decided so and why), ``problems``,
        ``not_checked`` and what else the outcome holds.
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
    return json.dumps({"schema": SCHEMA_VERSION, "findings": findings, **content}, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {**finding.model_dump(mode="json"), "fingerprint": finding.fingerprint}
