"""What to look at first: the findings of a scan, grouped and ranked by one formula."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log2
from typing import Literal

from assistant.models import SEVERITIES, Finding, Noun, Objective, Organisation, Severity

Counted = Literal["people", "objectives"]

GRAVITY: Mapping[Severity, float] = {"info": 1.0, "warning": 4.0, "error": 16.0}

FORMULA = (
    "severity (error 16, warning 4, info 1) x confidence (from 0 to 1) x reach, where reach is "
    "1 + log2 of the people affected, so that every doubling adds one. Affected are the people of "
    "the team and of all teams below it, as the teams' own figures say; where there are no figures, "
    "the objective and those below it are counted instead. What compares objectives with each "
    "other and with the strategy (A rules) comes before remarks on the wording of one objective, "
    "which share one line; what the baseline knows comes last."
)
"""How the rank is made, in words; :func:`weigh` is the same in numbers."""


class WorkItem(Noun):
    """One line of the worklist.

    Attributes:
        rank: from 1.
        weight: what :func:`weigh` gives for the gravest of its findings.
        affected: how many people, or objectives, it concerns; at least 1.
        counted: which of the two was counted.
        findings: what the line stands for, the weightiest first.
        wording: it is about the wording of one objective, not about what it has to do with others.
    """

    rank: int
    weight: float
    affected: int
    counted: Counted
    findings: tuple[Finding, ...]
    wording: bool

    @property
    def lead(self) -> Finding:
        """The finding that the line is ranked by."""
        return self.findings[0]

    @property
    def known(self) -> bool:
        """All of it is in the baseline."""
        return all(item.known for item in self.findings)


def weigh(finding: Finding, affected: int) -> float:
    """The weight of a finding, see :data:`FORMULA`.

    Args:
        finding: gives severity and confidence.
        affected: people, or objectives; less than 1 counts as 1.
    """
    return GRAVITY[finding.severity] * finding.confidence * (1 + log2(max(1, affected)))


def make_worklist(findings: Iterable[Finding], organisation: Organisation) -> tuple[WorkItem, ...]:
    """Group and rank findings.

    Args:
        findings: of a scan.
        organisation: its teams and objectives. A finding on something else, such as a choice of
            the strategy that nobody serves, concerns everybody.

    Returns:
        Every finding in exactly one item. One item holds the findings of one A rule on one
        objective or on one pair of peers, or all remarks on the wording of one objective. Equal
        weights stay in the order of the findings.
    """
    owners = {one.id: item.id for item in organisation.objectives for one in item.key_results}
    groups: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[_group(finding, owners)].append(finding)
    reach = reach_in(organisation)
    items = sorted((_item(group, reach) for group in groups.values()), key=_order)
    return tuple(item.model_copy(update={"rank": rank}) for rank, item in enumerate(items, start=1))


_BETWEEN_PEERS = {"A5", "A6", "A7", "A10"}
"""What they find holds for both sides, whichever of them it is said of."""


def compares(rule: str) -> bool:
    """Whether a rule compares an objective with others or with the strategy."""
    return rule.startswith("A")


def _group(finding: Finding, owners: Mapping[str, str]) -> tuple[str, ...]:
    """What a finding shares its line by; ``owners`` leads from a key result to its objective."""
    state = "known" if finding.known else "new"
    if not compares(finding.rule):
        return state, "wording", finding.objective_id
    is_mutual = finding.rule in _BETWEEN_PEERS
    quoted = (item.id for item in finding.evidence if item.kind == "peer" and is_mutual)
    peers = {owners.get(key, key) for key in quoted}
    return state, finding.rule, *sorted({finding.objective_id, *peers})


def _item(group: Sequence[Finding], reach: Callable[[str], tuple[int, Counted]]) -> WorkItem:
    reaches = {item.objective_id: reach(item.objective_id) for item in group}
    weights = {id(item): weigh(item, reaches[item.objective_id][0]) for item in group}
    ordered = sorted(group, key=lambda item: -weights[id(item)])
    affected, counted = reaches[ordered[0].objective_id]
    return WorkItem(
        rank=0,
        weight=round(weights[id(ordered[0])], 2),
        affected=affected,
        counted=counted,
        findings=tuple(ordered),
        wording=not compares(ordered[0].rule),
    )


def _order(item: WorkItem) -> tuple[bool, bool, float, int]:
    gravity = SEVERITIES.index(item.lead.severity)
    return item.known, item.wording, -item.weight, -gravity


def reach_in(organisation: Organisation) -> Callable[[str], tuple[int, Counted]]:
    """A function from the id of an objective to how many it concerns, and what was counted."""
    people = people_with_below(organisation)
    below = _objectives_with_below(organisation.objectives)
    teams = {item.id: item.team_id for item in organisation.objectives}
    everybody = sum(item.people or 0 for item in organisation.teams)

    def reach(objective_id: str) -> tuple[int, Counted]:
        if objective_id not in teams:
            everything = max(1, len(teams))
            return (everybody, "people") if everybody else (everything, "objectives")
        number = people.get(teams[objective_id] or "", 0)
        return (number, "people") if number else (below[objective_id], "objectives")

    return reach


def people_with_below(organisation: Organisation) -> dict[str, int]:
    """For each team, the people stated for it and for every team below it, added up."""
    above = {item.id: item.parent_id for item in organisation.teams}
    total: Counter[str] = Counter()
    for team in organisation.teams:
        for key in _way_up(team.id, above):
            total[key] += team.people or 0
    return dict(total)


def _objectives_with_below(objectives: Sequence[Objective]) -> dict[str, int]:
    """For each objective, itself and those that hang below it by their first parent."""
    known = {item.id for item in objectives}
    above = {
        item.id: next(
            (link.objective_id for link in item.parents if link.objective_id in known), None
        )
        for item in objectives
    }
    total: Counter[str] = Counter()
    for item in objectives:
        total.update(_way_up(item.id, above))
    return dict(total)


def _way_up(key: str, above: Mapping[str, str | None]) -> list[str]:
    """From here to the top, each once, so that links in a circle end."""
    way = {key: None}
    while (up := above.get(key)) is not None and up in above and up not in way:
        way[up] = None
        key = up
    return list(way)
