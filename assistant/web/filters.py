"""What of a worklist is wanted."""

from __future__ import annotations

from pydantic import Field

from assistant.analyse.worklist import compares
from assistant.models import Finding, Noun

WORDING = "wording"
_MOST_LETTERS = 200


class Filters(Noun):
    """What of the worklist is wanted; what is empty leaves everything in.

    Attributes:
        team: id of a team; those below it are meant too.
        cycle: id of a cycle.
        kind: code of a rule, or :data:`WORDING`.
        severity: as findings have it.
        text: words that all have to occur.
    """

    team: str = Field("", max_length=_MOST_LETTERS)
    cycle: str = Field("", max_length=_MOST_LETTERS)
    kind: str = Field("", max_length=_MOST_LETTERS)
    severity: str = Field("", max_length=_MOST_LETTERS)
    text: str = Field("", max_length=_MOST_LETTERS)


def is_kind(finding: Finding, kind: str) -> bool:
    """Whether a finding is of a kind, or any is wanted."""
    if kind == WORDING:
        return not compares(finding.rule)
    return kind in ("", finding.rule)
