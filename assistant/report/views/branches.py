"""Puts teams together into branches until they fit into a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.models import Team
from assistant.report.context import Context

NO_TEAM = "(no team)"
_DEEPEST = 12


def branches(context: Context, objectives: Iterable[str], *, most: int) -> dict[str, str]:
    """The branch that each objective is shown under.

    Args:
        context: the teams.
        objectives: ids of those that are shown.
        most: how many branches fit.

    Returns:
        For each objective the name of its own team if all teams fit, else of the team above it
        on the deepest level that fits; ordered as the teams are. With a single level that does
        not fit, the names past ``most`` become one branch.
    """
    shown = list(objectives)
    ways = {key: _way(context.team_of(key), context.teams) for key in shown}
    names: dict[str, str] = {}
    for level in range(_DEEPEST, -1, -1):
        names = {key: _at(way, level) for key, way in ways.items()}
        if len(set(names.values())) <= most:
            break
    return _limited(_ordered(names, ways, context), most)


def _way(team: Team | None, teams: Mapping[str, Team]) -> tuple[str, ...]:
    """The ids from the top team down to this one."""
    way: dict[str, None] = {}
    while team and team.id not in way:
        way[team.id] = None
        team = teams.get(team.parent_id or "")
    return tuple(reversed(way))


def _at(way: tuple[str, ...], level: int) -> str:
    return way[min(level, len(way) - 1)] if way else ""


def _ordered(
    ids: Mapping[str, str], ways: Mapping[str, tuple[str, ...]], context: Context
) -> dict[str, str]:
    places = {key: place for place, key in enumerate(context.teams)}
    tree = {
        key: tuple(places[item] for item in way[: way.index(ids[key]) + 1])
        if way
        else (len(places),)
        for key, way in ways.items()
    }
    ordered = sorted(ids, key=lambda key: tree[key])
    return {key: context.teams[ids[key]].name if ids[key] else NO_TEAM for key in ordered}


def _limited(names: dict[str, str], most: int) -> dict[str, str]:
    kept = set(list(dict.fromkeys(names.values()))[: most - 1])
    if len(set(names.values())) <= most:
        return names
    return {key: name if name in kept else "(other teams)" for key, name in names.items()}
