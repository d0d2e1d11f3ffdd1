"""Which teams are meant by a name, and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from assistant.errors import InputError
from assistant.models import Objective, Organisation, fold


def objectives_of(organisation: Organisation, branch: Sequence[str]) -> tuple[Objective, ...]:
    """The objectives of some teams, by their ids; all of them where none is named."""
    if not branch:
        return organisation.objectives
    chosen = {*branch}
    return tuple(item for item in organisation.objectives if item.team_id in chosen)


def branch_of(organisation: Organisation, team: str) -> tuple[str, ...]:
    """The id of the team that is meant, then those of the teams below it.

    Args:
        organisation: has the teams.
        team: an id or a name.

    Raises:
        InputError: there is no such team, or several.
    """
    found = dict.fromkeys(_named(organisation, team))
    if not found:
        raise InputError(_unknown_team(team, organisation))
    if len(found) > 1:
        raise InputError(_several(team, list(found), organisation))
    while True:
        below = [
            item.id
            for item in organisation.teams
            if item.parent_id in found and item.id not in found
        ]
        if not below:
            return tuple(found)
        found |= dict.fromkeys(below)


def called(organisation: Organisation, branch: Sequence[str]) -> str:
    """The name of the team at the head of a branch; empty where there is no branch."""
    team = organisation.team(branch[0]) if branch else None
    return team.name if team else ""


def _named(organisation: Organisation, team: str) -> list[str]:
    """The ids of the teams that are meant by an id or a name."""
    return [
        item.id for item in organisation.teams if team == item.id or fold(item.name) == fold(team)
    ]


def _several(team: str, ids: Sequence[str], organisation: Organisation) -> str:
    places = []
    for key in ids:
        found = organisation.team(key)
        above = organisation.team(found.parent_id if found else None)
        places.append(f"{key} (under {above.name})" if above else f"{key} (at the top)")
    return f"{len(ids)} teams are called {team!r}. Give the id of one: {', '.join(places)}."


def _unknown_team(team: str, organisation: Organisation) -> str:
    names = sorted({item.name for item in organisation.teams})
    close = get_close_matches(team, names, n=3) or names[:5]
    return f"There is no team {team!r} in the index. Did you mean: {', '.join(close)}?"
