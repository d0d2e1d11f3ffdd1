"""The figures about a whole organisation: each with its formula and with what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from assistant.analyse.drivers import driver_figures
from assistant.analyse.exposure import exposure_figures
from assistant.analyse.horizons import horizon_figures
from assistant.analyse.maturity import maturity_figures
from assistant.analyse.standing import Standing
from assistant.models import (
    Choice,
    Coverage,
    Edge,
    Figure,
    Finding,
    Objective,
    Organisation,
    PeerLink,
)
from assistant.rules.base import Limits

_HUNDRED = 100


def organisation_figures(
    organisation: Organisation,
    *,
    edges: Sequence[Edge] = (),
    peers: Sequence[PeerLink] = (),
    coverage: Sequence[Coverage] = (),
    choices: Sequence[Choice] = (),
    findings: Sequence[Finding] = (),
    limits: Limits | None = None,
    today: date | None = None,
    unchecked: Collection[str] = (),
    within: Collection[str] = (),
) -> tuple[Figure, ...]:
    """Everything that can be counted about an organisation, or about one branch of it.

    Args:
        organisation: teams with their own people and budget, objectives, documents.
        edges: the declared links with their verdicts.
        peers: conflicts, duplicates and dependencies.
        coverage: who serves which choice.
        choices: what the strategy states, for its drivers.
        findings: of the whole scan.
        limits: how many objectives the profile allows; by default the usual ones.
        today: only periods that run on this day count, if any does.
        unchecked: codes of rules that nobody looked at, so that none found does not mean none.
        within: ids of the teams of the branch; the links of all others still tell what serves what.

    Returns:
        Maturity and what it rests on, exposure, number of objectives, drivers, horizons. A figure
        that cannot be told has the value None and a note that says why.
    """
    standing = Standing(organisation, edges=edges, today=today, within=within)
    return (
        *maturity_figures(
            standing, findings=findings, peers=peers, coverage=coverage, unchecked=unchecked
        ),
        *exposure_figures(standing, findings, peers, unchecked=unchecked),
        *size_figures(standing, limits or Limits()),
        *driver_figures(standing, choices),
        *horizon_figures(standing),
    )


def size_figures(standing: Standing, limits: Limits) -> Iterator[Figure]:
    """The number of objectives held against the number of teams and of people."""
    of = tuple(item.id for item in standing.objectives)
    allowed = {team: _allowed(team, standing, limits) for team in standing.of_team}
    yield Figure(
        name="Objectives",
        value=float(len(of)),
        unit=f"of at most {sum(allowed.values())}" if allowed else "",
        formula=f"objectives of the running periods; the limit is {limits.objectives_per_team} for "
        f"each team with objectives and {limits.objectives_for_company} for the top",
        of=of,
    )
    over = [team for team, items in standing.of_team.items() if _most(items) > allowed[team]]
    yield Figure(
        name="Teams with more objectives than they can keep in mind",
        value=float(len(over)) if allowed else None,
        unit=f"of {len(allowed)}",
        formula=f"teams with more than {limits.objectives_per_team} objectives in one period "
        f"({limits.objectives_for_company} at the top)",
        of=tuple(over),
        note=", ".join(standing.name(team) for team in over),
    )
    yield _by_people(standing)


def _allowed(team: str, standing: Standing, limits: Limits) -> int:
    return limits.objectives_for_company if team in standing.tops else limits.objectives_per_team


def _most(items: Sequence[Objective]) -> int:
    return max(Counter(item.cycle_id for item in items).values(), default=0)


def _by_people(standing: Standing) -> Figure:
    """Objectives for every hundred people, of the teams that say how many they are."""
    sized = [team for team in standing.of_team if standing.teams[team].people]
    people = sum(standing.teams[team].people or 0 for team in sized)
    of = tuple(item.id for team in sized for item in standing.of_team[team])
    missing = len(standing.of_team) - len(sized)
    if not people:
        note = "no team with objectives states its people; add 'people' to the teams to see this figure"
    else:
        note = f"{people} people; {missing} teams without stated people are left out"
    return Figure(
        name="Objectives for every hundred people",
        value=round(_HUNDRED * len(of) / people, 2) if people else None,
        unit="objectives",
        formula="100 x objectives of teams that state their people / people of those teams",
        of=of,
        note=note,
    )
