"""Findings as SARIF 2.1.0, which code hosts and editors show beside the text."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from assistant.models import Finding, Location, Problem, Review, Scan, Severity, Suppressed
from assistant.report.words import proposal_label
from assistant.rules.base import Rule

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(outcome: Review | Scan, rules: tuple[Rule, ...]) -> str:
    """The findings as one SARIF run, the suppressed ones marked as such.

    Args:
        outcome: a review or a scan.
        rules: the catalogue that the findings refer to.
    """
    known = {rule.code: position for position, rule in enumerate(rules)}
    results = [_result(item, known) for item in outcome.findings]
    if any(item.known for item in outcome.findings):
        for finding, result in zip(outcome.findings, results, strict=True):
            result["baselineState"] = "unchanged" if finding.known else "new"
    run = {
        "tool": {
            "driver": {
                "name": "okr",
                "version": version("okr-review"),
                "rules": [_descriptor(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [*results, *(_suppressed(item, known) for item in outcome.suppressed)],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(item) for item in outcome.problems],
            }
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _descriptor(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.fires_when},
        "help": {"text": rule.why},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, known: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "partialFingerprints": {"okrFinding/v1": finding.fingerprint},
        "properties": {
            "on": finding.on,
            "objective": finding.objective_id,
            "confidence": finding.confidence,
            "source": finding.source,
            "rewrite": finding.rewrite,
            "quote": finding.span.text if finding.span else None,
        },
    }
    if finding.rule in known:
        result["ruleIndex"] = known[finding.rule]
    if finding.location:
        result["locations"] = [_location(finding.location, finding)]
    return result


def _suppressed(item: Suppressed, known: dict[str, int]) -> dict[str, Any]:
    suppression: dict[str, Any] = {
        "kind": "inSource" if item.by == "draft" else "external",
        "status": "accepted",
        "justification": item.reason,
    }
    if item.location:
        suppression["location"] = _location(item.location)
    return {**_result(item.finding, known), "suppressions": [suppression]}


def _message(finding: Finding) -> str:
    parts = [finding.message, finding.question]
    if finding.rewrite:
        parts.append(f"{proposal_label(finding)}: {finding.rewrite}")
    return " ".join(part for part in parts if part)


def _location(location: Location, finding: Finding | None = None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(location.file)}}
    if location.line:
        physical["region"] = {"startLine": location.line}
        if finding and finding.span and finding.span.text:
            physical["region"]["snippet"] = {"text": finding.span.text}
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file)


def _notification(problem: Problem) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "level": _LEVELS[problem.severity],
        "message": {"text": str(problem)},
    }
    if problem.location:
        notification["locations"] = [_location(problem.location)]
    return notification
