"""What is wrong with the organisation's own data: loops, loose ends, empty and crowded places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from assistant.models import (
    Cycle,
    Objective,
    Organisation,
    ParentLink,
    Problem,
    Severity,
    Team,
    fold,
    shortened,
)
from assistant.sources.linking import circles

CROWDED = 50
"""More children than this under one parent are worth a remark."""

_NAMED = 5
_SHOWN = 80
_QUOTED = re.compile(r"(?P<mark>['\"])(?P<words>.{1,60}?)(?P=mark)(?!\w)", re.DOTALL)


def data_problems(
    organisation: Organisation,
    told: Iterable[Problem] = (),
    *,
    within: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Look for what makes an organisation hard to judge. Nothing is left out because of it.

    Args:
        organisation: as it was indexed.
        told: problems that are known already, such as those of reading; they are not repeated.
        within: ids of teams; only what concerns them or their objectives is said. All, where none
            is given.

    Returns:
        Parents that do not exist or are the objective itself, circles of parents, children whose
        period does not touch that of the parent, crowded parents, teams that share a name or
        stand in a circle or under a team that does not exist, and teams without any objective.
    """
    by_id = {item.id: item for item in organisation.objectives}
    cycles = {item.id: item for item in organisation.cycles}
    own = [item for item in organisation.objectives if not within or item.team_id in within]
    teams = [item for item in organisation.teams if not within or item.id in within]
    found = (
        *_of_parents(own, by_id),
        *circles(organisation.objectives, {item.id for item in own}),
        *_mixed_periods(own, by_id, cycles),
        *_crowded(organisation.objectives, {item.id: item for item in own}),
        *_namesakes(organisation.teams, {item.id for item in teams}),
        *_of_team_links(teams, organisation.teams),
        *_of_places(own, organisation.teams),
        *_empty_teams(organisation, teams),
    )
    known = {_identity(item) for item in told}
    return tuple(dict.fromkeys(item for item in found if _identity(item) not in known))


def _identity(problem: Problem) -> tuple[str, str]:
    """The place and the words up to what is named first: from there on readers word it their way."""
    named = _QUOTED.search(problem.message)
    start = problem.message[: named.end()] if named else problem.message
    return str(problem.location), start


def _problem(message: str, about: Objective | Team, severity: Severity = "warning") -> Problem:
    return Problem(message=message, location=about.location, severity=severity)


# Parents


def _of_parents(
    objectives: Iterable[Objective], by_id: Mapping[str, Objective]
) -> Iterator[Problem]:
    for item in objectives:
        for link in item.parents:
            yield from _of_parent(item, link, by_id)


def _of_parent(
    item: Objective, link: ParentLink, by_id: Mapping[str, Objective]
) -> Iterator[Problem]:
    own_name = {fold(item.text), fold(item.key or item.text)}
    if link.objective_id == item.id or (not link.objective_id and fold(link.stated) in own_name):
        yield _problem(f"The objective {_shown(item.text)} names itself as its parent.", item)
    elif link.objective_id is None or link.objective_id not in by_id:
        yield _problem(
            f"The parent {_shown(link.stated)} of {_shown(item.text)} is no objective or key "
            "result that was read, so the link cannot be judged. Correct the words, or write a "
            "contribution instead.",
            item,
        )
    elif link.key_result_id and not _has_key_result(by_id[link.objective_id], link.key_result_id):
        yield _problem(
            f"The key result {_shown(link.stated)} that {_shown(item.text)} stands under does not "
            "exist any more; the link is judged against the whole objective.",
            item,
        )


def _has_key_result(objective: Objective, key_result_id: str) -> bool:
    return any(item.id == key_result_id for item in objective.key_results)


def _mixed_periods(
    objectives: Iterable[Objective], by_id: Mapping[str, Objective], cycles: Mapping[str, Cycle]
) -> Iterator[Problem]:
    """Children that run when their parent does not."""
    for item in objectives:
        for parent_id in dict.fromkeys(link.objective_id or "" for link in item.parents):
            parent = by_id.get(parent_id)
            below, above = (
                cycles.get(item.cycle_id or ""),
                cycles.get((parent.cycle_id if parent else None) or ""),
            )
            if parent is None or parent.id == item.id or not (below and above):
                continue
            if _are_apart(below, above):
                yield _problem(
                    f"{_shown(item.text)} runs in {below.name} and its parent "
                    f"{_shown(parent.text)} in {above.name}: the two periods do not touch. Link it "
                    "to the objective that took the parent's place.",
                    item,
                )


def _are_apart(one: Cycle, other: Cycle) -> bool:
    if not (one.start and one.end and other.start and other.end):
        return False
    return one.end < other.start or other.end < one.start


def _crowded(objectives: Iterable[Objective], by_id: Mapping[str, Objective]) -> Iterator[Problem]:
    children: dict[str, set[str]] = defaultdict(set)
    for item in objectives:
        for link in item.parents:
            if link.objective_id and link.objective_id != item.id:
                children[link.objective_id].add(item.id)
    for parent_id, below in children.items():
        if len(below) > CROWDED and parent_id in by_id:
            parent = by_id[parent_id]
            yield _problem(
                f"{len(below)} objectives name {_shown(parent.text)} as their parent. So many can "
                "hardly be told apart by it: name steps in between.",
                parent,
            )


# Teams


def _namesakes(teams: Iterable[Team], own: Collection[str]) -> Iterator[Problem]:
    by_name: dict[str, list[Team]] = defaultdict(list)
    names: dict[str, str] = {}
    for team in teams:
        by_name[fold(team.name)].append(team)
        names[team.id] = team.name
    for group in by_name.values():
        if len(group) > 1 and any(team.id in own for team in group):
            above = [names.get(team.parent_id or "", "the top") for team in group]
            yield _problem(
                f"{len(group)} teams are called {_shown(group[0].name)}: under "
                f"{_listed(above)}. They are kept apart; give each a name of its own.",
                group[0],
            )


def _of_team_links(own: Iterable[Team], teams: Iterable[Team]) -> Iterator[Problem]:
    by_id = {item.id: item for item in teams}
    settled: set[str] = set()
    for team in own:
        if team.parent_id and team.parent_id not in by_id:
            yield _problem(
                f"The team above {_shown(team.name)} does not exist; the team counts as one at the "
                "top.",
                team,
            )
        way: list[str] = []
        at: str | None = team.id
        while at in by_id and at not in settled and at not in way:
            way.append(at or "")
            at = by_id[at or ""].parent_id
        if at in way:
            circle = way[way.index(at or "") :]
            names = " > ".join(by_id[key].name for key in [*circle, circle[0]])
            yield _problem(f"The teams stand under one another in a circle: {names}.", team)
        settled.update(way)


def _of_places(objectives: Iterable[Objective], teams: Iterable[Team]) -> Iterator[Problem]:
    """Objectives of no team that exists, all in one remark."""
    known = {item.id for item in teams}
    homeless = [item for item in objectives if item.team_id not in known]
    if homeless and known:
        yield _problem(
            f"{_counted(len(homeless), 'objective')} of no team: "
            f"{_listed([_shown(item.text) for item in homeless])}. What concerns teams cannot be "
            "said of them.",
            homeless[0],
            "info",
        )


def _empty_teams(organisation: Organisation, own: Iterable[Team]) -> Iterator[Problem]:
    """Teams without an objective, nor any below, all in one remark."""
    above = {item.id: item.parent_id for item in organisation.teams}
    busy: set[str] = set()
    for item in organisation.objectives:
        team = item.team_id
        while team in above and team not in busy:
            busy.add(team or "")
            team = above[team or ""]
    empty = [item for item in own if item.id not in busy]
    if empty and organisation.objectives:
        yield _problem(
            f"{_counted(len(empty), 'team')} without any objective: "
            f"{_listed([item.name for item in empty])}. Their work is not part of what the scan "
            "says.",
            empty[0],
            "info",
        )


# Words


def _shown(text: str) -> str:
    return repr(shortened(text, _SHOWN))


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
