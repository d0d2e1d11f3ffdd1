"""A short summary for leadership; each point names the findings that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.critique.asking import Asker, not_done, put
from assistant.critique.schema import Summary
from assistant.critique.verify import plain_prose
from assistant.language.blanks import written_numbers
from assistant.llm.tokens import tokens
from assistant.models import Finding, LlmUse, NotChecked, Noun, shortened
from assistant.prompts import Prompt, render

BUDGET = 2400
"""Tokens that the findings may take in the prompt."""

_SUBJECT = 120
_QUOTE = 160
_PER_FINDING = 30


class SummedUp(Noun):
    """One point with the findings behind it."""

    text: str
    findings: tuple[Finding, ...]


class LeadershipSummary(Noun):
    """What was found, in a few sentences.

    Attributes:
        headline: empty if there is no summary.
        left_out: findings that the model was not shown.
        dropped: points that named no finding.
    """

    headline: str = ""
    points: tuple[SummedUp, ...] = ()
    question: str = ""
    left_out: int = 0
    dropped: int = 0
    not_checked: tuple[NotChecked, ...] = ()
    use: LlmUse | None = None


def sum_up(
    subject: str,
    figures: Iterable[tuple[str, str]],
    findings: Sequence[Finding],
    not_checked: Iterable[NotChecked],
    client: Asker,
    prompt: Prompt,
    subjects: Mapping[str, str] | None = None,
    budget: int = BUDGET,
) -> LeadershipSummary:
    """Ask for a summary.

    Args:
        subject: what was looked at, in one line.
        figures: names and values that may be quoted.
        findings: the weightiest first.
        not_checked: what nobody looked at.
        client: whom to ask.
        prompt: its output must be ``Summary``.
        subjects: what each objective is called, by id; else the words of the finding.
        budget: tokens for the findings.
    """
    named = list(figures)
    missing = list(not_checked)
    shown = _fitting(findings, subjects or {}, budget)
    lighter = findings[len(shown) :]
    messages = render(
        prompt,
        subject=subject,
        figures=named,
        findings=shown,
        left_out=_counted(lighter),
        not_checked=missing,
    )
    heard = put(client, prompt, messages, Summary)
    if heard.said is None:
        reasons = () if heard.fault is None else (not_done("Summary", heard.fault),)
        return LeadershipSummary(left_out=len(lighter), not_checked=reasons, use=heard.use)
    known = written_numbers([message.content for message in messages if message.role == "user"])
    points = [
        SummedUp(
            text=plain_prose(point.text, known),
            findings=tuple(
                findings[number - 1]
                for number in dict.fromkeys(point.findings)
                if 1 <= number <= len(shown)
            ),
        )
        for point in heard.said.points
    ]
    backed = tuple(point for point in points if point.findings and point.text)
    return LeadershipSummary(
        headline=plain_prose(heard.said.headline, known),
        points=backed,
        question=plain_prose(heard.said.question, known),
        left_out=len(lighter),
        dropped=len(points) - len(backed),
        use=heard.use,
    )


def _counted(findings: Sequence[Finding]) -> str:
    """For example ``12 lighter findings (K1 8, S9 4)``."""
    counts = Counter(finding.rule for finding in findings).most_common()
    rules = ", ".join(f"{rule} {count}" for rule, count in counts)
    return f"{len(findings)} lighter findings ({rules})" if findings else ""


def _fitting(
    findings: Sequence[Finding], subjects: Mapping[str, str], budget: int
) -> list[dict[str, object]]:
    shown: list[dict[str, object]] = []
    room = budget
    for finding in findings:
        item = _shown(finding, subjects)
        room -= tokens(f"{item}") + _PER_FINDING
        if room < 0:
            break
        shown.append(item)
    return shown


def _shown(finding: Finding, subjects: Mapping[str, str]) -> dict[str, object]:
    subject = subjects.get(finding.objective_id) or finding.words
    return {
        "rule": finding.rule,
        "slug": finding.slug,
        "severity": finding.severity,
        "confidence": f"{finding.confidence:.2f}",
        "subject": shortened(subject, _SUBJECT),
        "message": finding.message,
        "quotes": [
            shortened(item.quote, _QUOTE)
            for item in finding.evidence
            if item.kind != "draft" and item.quote not in finding.message
        ],
    }
