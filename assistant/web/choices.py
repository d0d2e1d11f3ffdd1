"""What there is to choose on the review tab: beginnings, teams, cycles, parents, profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.models import Organisation, Team, shortened
from assistant.profiles import built_in
from assistant.surroundings import ancestors
from assistant.web import drafts
from assistant.web.reviewing import Form

if TYPE_CHECKING:
    from assistant.settings import Settings

Choices = list[tuple[str, str]]
"""What is shown, and what it stands for."""

EXAMPLE = "An example with much to find"
NO_TEAM = (
    "Choose your team under Team first. Then its OKRs of the cycle before stand under Start from."
)
_OWN = "OKRs of the cycle before"


def starts(known: Organisation | None, form: Form) -> Choices:
    """What a draft can begin with; the team's own OKRs first, where it has some."""
    own = [f"{form.team}: {_OWN}"] if _last(known, form) else []
    if known and not form.team:
        own = [_OWN]
    names = [*own, *(f"Template: {name}" for name in drafts.TEMPLATES), EXAMPLE]
    keys = [*own, *drafts.TEMPLATES, EXAMPLE]
    return [("Template, example …", ""), *zip(names, keys, strict=True)]


def begun(choice: str, form: Form, known: Organisation | None) -> str:
    """The draft that a choice of :func:`starts` stands for; empty where a team is missing."""
    if choice == EXAMPLE:
        return drafts.EXAMPLE
    return drafts.TEMPLATES.get(choice) or _last(known, form) or ""


def _last(known: Organisation | None, form: Form) -> str | None:
    if known is None:
        return None
    team = next((item.id for item in known.teams if item.name == form.team), None)
    cycle = next((item.id for item in known.cycles if item.name == form.cycle), None)
    return drafts.from_last_cycle(known, team, cycle) if team else None


def teams(known: Organisation | None) -> Choices:
    """The teams in the order of the tree, those below another indented."""
    return [("As the draft says", ""), *((words, team.name) for words, team in tree(known))]


def tree(known: Organisation | None) -> list[tuple[str, Team]]:
    """The teams in the order of the tree, each with its name, those below another indented."""
    depth: dict[str, int] = {}
    every = known.teams if known else ()
    for team in every:
        depth[team.id] = depth.get(team.parent_id or "", -1) + 1
    return [("\u2002" * depth[team.id] + team.name, team) for team in every]


def cycles(known: Organisation | None) -> Choices:
    """The cycles, latest first."""
    names = [cycle.name for cycle in known.cycles] if known else []
    return [("As the draft says", ""), *((name, name) for name in reversed(names))]


def parents(known: Organisation | None, team: str) -> Choices:
    """Objectives of the teams above; of all teams where it is not known who asks."""
    every = known or Organisation()
    own = next((item.id for item in every.teams if item.name == team), None)
    above = set(ancestors(own, every))
    names = {item.id: item.name for item in every.teams}
    wanted = (item for item in every.objectives if not above or item.team_id in above)
    found = (
        (f"{names.get(item.team_id or '', '')}: {shortened(item.text, 90)}", item.id)
        for item in wanted
    )
    return [("As the draft says", ""), *found]


def profiles(settings: Settings) -> Choices:
    """The profile of the settings, which may be a file, then those that come with the tool."""
    own = Path(settings.profile).name
    names = dict.fromkeys([own, *(profile.name for profile in built_in())])
    return [(name, name) for name in names]
