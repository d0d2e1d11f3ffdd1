"""How far ahead objectives look, and whether the near crowds out the far."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from assistant.analyse.standing import Standing
from assistant.language.dates import find_deadlines
from assistant.models import Cycle, Figure, Objective

Reach = Literal["quarter", "year", "beyond"]
"""Up to about a quarter, up to a year, or beyond a year from the start of its period."""

_QUARTER = 100
_YEAR = 372
"""Days, with a week of grace."""

_YEARS = re.compile(r"\b(?P<year>20[2-9]\d)\b")
_SPAN = re.compile(
    r"\b(?P<count>\d{1,2}|two|three|four|five|ten)[ -]+years?\b|\blong[- ]term\b", re.I
)
_A_YEAR = re.compile(r"\b(?:a|one|this|1|full|whole)[ -]+years?\b|\bannual\b|\byearly\b", re.I)


def reach_of(objective: Objective, cycle: Cycle | None) -> Reach | None:
    """How far ahead an objective looks.

    Args:
        objective: its stated horizon counts first, then the latest day that its own sentence
            names, then the length of its period.
        cycle: its period.

    Returns:
        None where nothing says so.
    """
    stated = _stated(objective.horizon, cycle) if objective.horizon else None
    if stated:
        return stated
    start = cycle.start if cycle else None
    days = [item.on for item in find_deadlines(objective.text, cycle) if item.on]
    end = max([*days, *([cycle.end] if cycle and cycle.end else [])], default=None)
    return _of_days((end - start).days) if start and end else None


def horizon_figures(standing: Standing) -> Iterator[Figure]:
    """The balance of horizons of the whole, of each branch and of each team.

    A value is the share of objectives that look beyond a year or serve one that does, from 0 to
    100 %; ``of`` holds those.
    """
    reach = {
        item.id: reach_of(item, standing.cycles.get(item.cycle_id or ""))
        for item in standing.organisation.objectives
    }
    far = {key for key, value in reach.items() if value == "beyond"}
    serving = far | standing.below(far)
    yield _balance("Horizon balance", standing.objectives, reach, serving)
    branches: dict[str, list[Objective]] = defaultdict(list)
    for team, items in standing.of_team.items():
        if branch := standing.branch(team):
            branches[branch].extend(items)
    for team, found in branches.items() if len(branches) > 1 else ():
        yield _balance(f"Horizon balance of {standing.name(team)} and below", found, reach, serving)
    for team, items in standing.of_team.items():
        yield _balance(f"Horizon balance of {standing.name(team)}", items, reach, serving)
    yield _forgotten(standing, far)


def _balance(
    name: str,
    objectives: Sequence[Objective],
    reach: Mapping[str, Reach | None],
    serving: set[str],
) -> Figure:
    known = [item.id for item in objectives if reach[item.id]]
    counted = tuple(key for key in known if key in serving)
    return Figure(
        name=name,
        value=round(100 * len(counted) / len(known), 1) if known else None,
        unit="%",
        formula="objectives that look beyond a year or serve one that does / objectives whose "
        "horizon is known",
        of=counted,
        note=_note(known, reach, len(objectives)),
    )


def _note(known: Iterable[str], reach: Mapping[str, Reach | None], total: int) -> str:
    kinds = [reach[key] for key in known]
    unknown = total - len(kinds)
    parts = (
        f"{kinds.count('quarter')} up to a quarter, {kinds.count('year')} up to a year, "
        f"{kinds.count('beyond')} beyond"
    )
    return f"{parts}; {unknown} without a horizon" if unknown else parts


def _forgotten(standing: Standing, far: set[str]) -> Figure:
    """Far aims that nobody works for now."""
    served = standing.above(item.id for item in standing.live)
    live = tuple(item.id for item in standing.objectives if item.id in far)
    idle = tuple(key for key in live if key not in served)
    return Figure(
        name="Aims beyond a year that nothing serves now",
        value=float(len(idle)) if live else None,
        unit=f"of {len(live)}" if live else "",
        formula="objectives that look beyond a year and that no other objective of a running "
        "period names as parent, directly or through others",
        of=idle,
    )


def _stated(horizon: str, cycle: Cycle | None) -> Reach | None:
    years = [int(match["year"]) for match in _YEARS.finditer(horizon)]
    start = cycle.start if cycle else None
    if years and start:
        return _of_days((date(max(years), 12, 31) - start).days)
    if _SPAN.search(horizon):
        return "beyond"
    return "year" if _A_YEAR.search(horizon) else None


def _of_days(days: int) -> Reach:
    if days <= _QUARTER:
        return "quarter"
    return "year" if days <= _YEAR else "beyond"
