"""What counts today, and where it stands: running periods, chains of parents, names of teams."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from assistant.models import Cycle, Edge, Objective, Organisation, Team, fold


class Standing:
    """The objectives that count, with what stands around them.

    Args:
        organisation: everything that was read.
        edges: the declared links with their verdicts; without them every declared link holds.
        today: only objectives of periods that run on this day count; all of them, where no
            period does, or where no day is given. One without a period with days always counts.
        within: ids of teams; only their objectives count. All, where none is given.
    """

    def __init__(
        self,
        organisation: Organisation,
        *,
        edges: Sequence[Edge] = (),
        today: date | None = None,
        within: Collection[str] = (),
    ) -> None:
        self.organisation = organisation
        self.edges = edges
        self.within = frozenset(within)
        self.teams: Mapping[str, Team] = {item.id: item for item in organisation.teams}
        self.cycles: Mapping[str, Cycle] = {item.id: item for item in organisation.cycles}
        self.by_id: Mapping[str, Objective] = {item.id: item for item in organisation.objectives}
        undropped = [item for item in organisation.objectives if item.status != "dropped"]
        running = [item for item in undropped if today and self._runs(item, today)]
        self.live: tuple[Objective, ...] = tuple(running or undropped)
        """Those of every team that run."""
        self.objectives: tuple[Objective, ...] = tuple(
            item for item in self.live if not self.within or item.team_id in self.within
        )
        """Those that count."""

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the objectives that count."""
        return frozenset(item.id for item in self.objectives)

    @cached_property
    def of_team(self) -> Mapping[str, tuple[Objective, ...]]:
        """The objectives that count, by team; those without a team are left out."""
        found: dict[str, list[Objective]] = defaultdict(list)
        for item in self.objectives:
            if item.team_id in self.teams:
                found[item.team_id or ""].append(item)
        return {team: tuple(items) for team, items in found.items()}

    @cached_property
    def tops(self) -> frozenset[str]:
        """The teams at the top; empty where no team stands under another."""
        tops = {item.id for item in self.organisation.teams if item.parent_id not in self.teams}
        return frozenset(tops) if len(tops) < len(self.teams) else frozenset()

    @cached_property
    def holding(self) -> Mapping[str, tuple[str, ...]]:
        """From an objective to the parents that it serves: declared links that did not drift."""
        drifted = {
            (edge.child_id, edge.parent_id) for edge in self.edges if edge.verdict == "drifted"
        }
        return {
            item.id: tuple(
                key
                for key in dict.fromkeys(link.objective_id or "" for link in item.parents)
                if key in self.by_id and key != item.id and (item.id, key) not in drifted
            )
            for item in self.organisation.objectives
        }

    def below(self, ids: Iterable[str]) -> set[str]:
        """Every objective that serves one of some others, directly or through others."""
        return _reached(ids, self._children)

    def above(self, ids: Iterable[str]) -> set[str]:
        """Every objective that some others serve, directly or through others."""
        return _reached(ids, self.holding)

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for child, parents in self.holding.items():
            for parent in parents:
                found[parent].append(child)
        return {parent: tuple(children) for parent, children in found.items()}

    @cached_property
    def heads(self) -> frozenset[str]:
        """The teams that all others of those that count stand under: the top, or of a branch its own."""
        if not self.within:
            return self.tops
        return frozenset(
            key
            for key in self.within
            if key in self.teams and self.teams[key].parent_id not in self.within
        )

    def branch(self, team_id: str) -> str | None:
        """The team just below the heads that a team stands in; a head stands in none."""
        way: list[str] = []
        team: str | None = team_id
        while team in self.teams and team not in way and team not in self.heads:
            way.append(team or "")
            team = self.teams[team or ""].parent_id
        return way[-1] if way else None

    def name(self, team_id: str) -> str:
        """What a team is called, with the team above it where two share the name."""
        team = self.teams[team_id]
        above = self.teams.get(team.parent_id or "")
        if self._names[fold(team.name)] > 1 and above:
            return f"{above.name} > {team.name}"
        return team.name

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(fold(item.name) for item in self.organisation.teams)

    def _runs(self, objective: Objective, today: date) -> bool:
        cycle = self.cycles.get(objective.cycle_id or "")
        if cycle is None or cycle.end is None:
            return True
        return (cycle.start or date.min) <= today <= cycle.end


def _reached(ids: Iterable[str], steps: Mapping[str, tuple[str, ...]]) -> set[str]:
    """What can be reached from some ids; one of them only if it can be reached from another."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        for key in steps.get(waiting.pop(), ()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found
