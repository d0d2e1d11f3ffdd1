"""How many of the organisation's own people, and how much of its own budget, stand behind a fault.

Nothing is estimated here but one thing, and the formula says so: that a team spreads itself
evenly over its objectives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Literal

from assistant.analyse.standing import Standing
from assistant.models import Figure, Finding, PeerLink

Means = Literal["people", "budget"]

KINDS: Mapping[str, frozenset[str]] = {
    "drifted": frozenset({"A3", "A4", "A11"}),
    "owned twice": frozenset({"A6"}),
    "in conflict": frozenset({"A5"}),
    "waiting for others": frozenset({"A7"}),
    "against the strategy or resting on what no longer holds": frozenset({"A8", "A9"}),
    "linked to nothing": frozenset({"A1"}),
}
"""What work can suffer from, with the rules that say so."""

_TOTAL = "with any of these"


def exposure_figures(
    standing: Standing,
    findings: Sequence[Finding],
    peers: Sequence[PeerLink] = (),
    *,
    unchecked: Collection[str] = (),
) -> Iterator[Figure]:
    """People and budget behind work that has drifted, is done twice, collides and so on.

    Args:
        standing: the objectives that count, and the teams with their people and budget.
        findings: those of severity warning or above count.
        peers: conflicts and duplicates name a second side, which counts as well.
        unchecked: codes of rules that nobody looked at; a kind of which every rule is among them
            is left out.

    Yields:
        For each kind the people, and the budget where any team states one; each objective once
        in a kind, and once in the total. No figure of a team is made up: teams without one are
        left out and counted in the note; where no team has one, the value is None.
    """
    looked = {kind for kind, rules in KINDS.items() if not rules <= set(unchecked)}
    if not looked:
        return
    everything = _affected(standing, findings, peers)
    found = {kind: ids for kind, ids in everything.items() if kind in looked}
    found[_TOTAL] = set().union(*found.values())
    for means in _means(standing):
        for kind, ids in found.items():
            yield _figure(standing, kind, ids, means)


def _means(standing: Standing) -> tuple[Means, ...]:
    has_budget = any(team.budget is not None for team in standing.teams.values())
    return ("people", "budget") if has_budget else ("people",)


def _affected(
    standing: Standing, findings: Sequence[Finding], peers: Sequence[PeerLink]
) -> dict[str, set[str]]:
    other_side: dict[tuple[str, str], set[str]] = {}
    for link in peers:
        rule = {"conflict": "A5", "duplicate": "A6"}.get(link.kind)
        if rule:
            other_side.setdefault((rule, link.a_id), set()).add(link.b_id)
            other_side.setdefault((rule, link.b_id), set()).add(link.a_id)
    grave = [item for item in findings if item.severity != "info"]
    found: dict[str, set[str]] = {}
    for kind, rules in KINDS.items():
        ids: set[str] = set()
        for item in grave:
            if item.rule in rules:
                ids.add(item.objective_id)
                cited = {one.id for one in item.evidence if one.kind == "peer"}
                ids |= cited & other_side.get((item.rule, item.objective_id), set())
        found[kind] = ids & standing.ids
    return found


def _figure(standing: Standing, kind: str, ids: Set[str], means: Means) -> Figure:
    total, counted, missing = 0.0, 0, set()
    for team_id, items in standing.of_team.items():
        affected = sum(item.id in ids for item in items)
        if not affected:
            continue
        amount = getattr(standing.teams[team_id], means)
        if amount is None:
            missing.add(team_id)
            continue
        total += amount * affected / len(items)
        counted += affected
    nothing_known = not any(getattr(team, means) is not None for team in standing.teams.values())
    of = tuple(item.id for item in standing.objectives if item.id in ids)
    return Figure(
        name=f"{means.capitalize()} behind work {kind}",
        value=None if nothing_known else round(total, 1 if means == "people" else 0),
        unit="people" if means == "people" else "in the unit of your budgets",
        formula=f"sum over teams of {means} x objectives {kind} / objectives of the team; supposes "
        "that a team spreads itself evenly over its objectives",
        of=of,
        note=_note(nothing_known, means, missing, len(of) - counted),
    )


def _note(nothing_known: bool, means: Means, missing: Iterable[str], left_out: int) -> str:
    if nothing_known:
        return f"no team states its {means}; add '{means}' to the teams to see this figure"
    count = len(set(missing))
    if count or left_out:
        teams = "1 team" if count == 1 else f"{count} teams"
        return (
            f"{left_out} objectives of {teams} without stated {means}, or of no team, are left out"
        )
    return ""
