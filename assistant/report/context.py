"""What a report looks up beside the scan itself: names, places, and what a finding is about."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from assistant.analyse.worklist import WorkItem, make_worklist
from assistant.models import (
    Edge,
    Evidence,
    Finding,
    Objective,
    Organisation,
    PeerLink,
    Scan,
    Team,
    shortened,
)
from assistant.report.words import citation_line

_NAME = 90
_LINKS = {"A3", "A4", "A11"}
_PEERS = {"A5", "A6", "A7"}


class Context:
    """A scan with its organisation.

    Args:
        scan: what was found.
        organisation: the teams, cycles and objectives that it was found in.
    """

    def __init__(self, scan: Scan, organisation: Organisation) -> None:
        self.scan = scan
        self.organisation = organisation
        self.objectives = {item.id: item for item in organisation.objectives}
        self.teams = {item.id: item for item in organisation.teams}
        within = {*scan.within}
        self.looked_at = {
            key: item
            for key, item in self.objectives.items()
            if not within or item.team_id in within
        }
        """Those that the scan is about; all, unless it was limited to a branch."""
        self.choices = {item.choice.id: item.choice for item in scan.coverage}

    @cached_property
    def worklist(self) -> tuple[WorkItem, ...]:
        """The findings, ranked."""
        return make_worklist(self.scan.findings, self.organisation)

    def team_of(self, objective_id: str) -> Team | None:
        """The team of an objective, if both are known."""
        objective = self.objectives.get(objective_id)
        return self.teams.get(objective.team_id or "") if objective else None

    def team_name(self, objective_id: str) -> str:
        """The name of the team of an objective; empty where it is not known."""
        team = self.team_of(objective_id)
        return team.name if team else ""

    def is_top(self, objective: Objective) -> bool:
        """Whether it belongs to the top of an organisation that has teams below."""
        team = self.teams.get(objective.team_id or "")
        return team is not None and team.parent_id not in self.teams and len(self.teams) > 1

    def name(self, objective_id: str, limit: int = _NAME) -> str:
        """What people call an objective or a choice: its key, if it has one, and its words."""
        objective = self.objectives.get(objective_id)
        if objective:
            return named(objective, limit)
        choice = self.choices.get(objective_id)
        return shortened(choice.text, limit) if choice else objective_id

    def subject(self, finding: Finding, limit: int = _NAME) -> str:
        """What a finding is about, in short."""
        if finding.objective_id in self.objectives or finding.objective_id in self.choices:
            return self.name(finding.objective_id, limit)
        return shortened(finding.words, limit) if finding.words else finding.objective_id

    def cycle_name(self, objective_id: str) -> str:
        """The name of the cycle of an objective; empty where it is not known."""
        objective = self.objectives.get(objective_id)
        cycle = self._cycles.get(objective.cycle_id or "") if objective else None
        return cycle or ""

    def edges(self, finding: Finding) -> tuple[Edge, ...]:
        """The declared links that a finding on drift is about."""
        if finding.rule not in _LINKS:
            return ()
        own = self._edges[finding.objective_id]
        cited = {item.id for item in finding.evidence}
        return tuple(edge for edge in own if edge.parent_id in cited) or tuple(own[:1])

    def peers(self, finding: Finding) -> tuple[PeerLink, ...]:
        """The links between teams that a finding on peers is about."""
        if finding.rule not in _PEERS:
            return ()
        cited = {item.id for item in finding.evidence} - {finding.objective_id}
        return tuple(
            link
            for link in self._peers[finding.objective_id]
            if {link.a_id, link.b_id} - {finding.objective_id} <= cited
        )

    def source(self, evidence: Evidence) -> str:
        """Where a quote is from; of another team's objective, whose it is."""
        if evidence.kind == "strategy":
            return citation_line(evidence)
        team = self.team_name(evidence.id) or self.team_name(self._owners.get(evidence.id, ""))
        said = (evidence.quote, team)
        title = "" if evidence.title in said else shortened(evidence.title, _NAME)
        place = str(evidence.location) if evidence.location else ""
        return ", ".join(part for part in (team, title, place) if part)

    @cached_property
    def _cycles(self) -> dict[str, str]:
        return {item.id: item.name for item in self.organisation.cycles}

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The objective that a key result belongs to."""
        return {
            result.id: item.id for item in self.objectives.values() for result in item.key_results
        }

    @cached_property
    def _edges(self) -> defaultdict[str, list[Edge]]:
        found: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in self.scan.edges:
            found[edge.child_id].append(edge)
        return found

    @cached_property
    def _peers(self) -> defaultdict[str, list[PeerLink]]:
        found: defaultdict[str, list[PeerLink]] = defaultdict(list)
        for link in self.scan.peers:
            found[link.a_id].append(link)
            found[link.b_id].append(link)
        return found


def named(objective: Objective, limit: int = _NAME) -> str:
    """What people call an objective: its key, if it has one, and its words."""
    key = f"{objective.key} " if objective.key else ""
    return f"{key}{shortened(objective.text, limit)}"
