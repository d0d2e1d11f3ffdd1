"""What the page calls things, where people write OKRs and do not administer rules."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.analyse.worklist import WorkItem
from assistant.errors import InputError
from assistant.models import Severity
from assistant.report.words import SEVERITY_MARKS
from assistant.rules import find_rule

SIGNS: Mapping[Severity, str] = SEVERITY_MARKS
"""A sign beside the colour, so that no meaning hangs on colour alone."""

LABELS: Mapping[Severity, str] = {"error": "Fix first", "warning": "Look again", "info": "Note"}
"""How grave a finding is, in words."""


def rule_title(code: str) -> str:
    """The title of a rule; its code where the catalogue has no such rule."""
    try:
        return find_rule(code).title
    except InputError:
        return code


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def task_title(item: WorkItem) -> str:
    """What a line of the worklist is about: ``Drift``, ``2 remarks on the wording: …``."""
    titles = list(dict.fromkeys(rule_title(finding.rule) for finding in item.findings))
    if item.wording and len(item.findings) > 1:
        remarks = counted(len(item.findings), "remark")
        return f"{remarks} on the wording: {', '.join(titles)}"
    return titles[0] if len(item.findings) == 1 else f"{titles[0]}, {len(item.findings)} findings"
