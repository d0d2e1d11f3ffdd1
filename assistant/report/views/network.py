"""Teams and what stands between them: conflicts, duplicates, dependencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.models import PeerLink
from assistant.report.context import Context
from assistant.report.views.branches import branches

MOST_TEAMS = 28
MOST_LINES = 60

Kind = Literal["conflict", "duplicate", "dependency"]
KINDS: tuple[Kind, ...] = ("conflict", "duplicate", "dependency")


@dataclass(frozen=True)
class Line:
    """All links of one kind between two teams.

    Attributes:
        a: name of a team; of a dependency, the one that needs the other.
        b: name of the other.
        kind: what they are to each other.
        count: how many pairs of objectives.
        confidence: of the surest of them.
        links: the pairs.
    """

    a: str
    b: str
    kind: Kind
    count: int
    confidence: float
    links: tuple[PeerLink, ...] = ()


@dataclass(frozen=True)
class Network:
    """The teams around, in the order of the organisation, and the lines between them.

    Attributes:
        teams: names.
        lines: the surest last, so that they are drawn on top.
        within: how many pairs fall into one branch, which a picture of branches cannot show.
        left_out: how many lines there was no room for.
    """

    teams: tuple[str, ...]
    lines: tuple[Line, ...]
    within: int
    left_out: int


def connect(context: Context) -> Network:
    """The peers of the scan as a network of teams."""
    links = [link for link in context.scan.peers if link.kind in KINDS]
    name_of = branches(context, {key for link in links for key in ends(link)}, most=MOST_TEAMS)
    groups: defaultdict[tuple[str, str, Kind], list[PeerLink]] = defaultdict(list)
    within = 0
    for link in links:
        a, b = (name_of[key] for key in ends(link))
        if a == b:
            within += 1
            continue
        kind: Kind = link.kind  # type: ignore[assignment]
        pair = (a, b) if kind == "dependency" or a < b else (b, a)
        groups[*pair, kind].append(link)
    lines = [_line(a, b, kind, found) for (a, b, kind), found in groups.items()]
    lines.sort(key=lambda line: (-line.confidence, -line.count, line.a, line.b, line.kind))
    shown = lines[:MOST_LINES]
    used = {name for line in shown for name in (line.a, line.b)}
    teams = tuple(name for name in dict.fromkeys(name_of.values()) if name in used)
    return Network(teams, tuple(reversed(shown)), within, len(lines) - len(shown))


def ends(link: PeerLink) -> tuple[str, str]:
    """The two objectives; of a dependency the one that needs the other first."""
    return (link.b_id, link.a_id) if link.needs == "b" else (link.a_id, link.b_id)


def _line(a: str, b: str, kind: Kind, found: Sequence[PeerLink]) -> Line:
    return Line(a, b, kind, len(found), max(link.confidence for link in found), tuple(found))
