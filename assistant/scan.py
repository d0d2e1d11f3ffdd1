"""The second use case: the whole organisation in, one worklist out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from assistant.analyse.draft import proposed, undecided
from assistant.analyse.legible import disguised, legible, unjudged
from assistant.errors import InputError
from assistant.models import Edge, Finding, NotChecked, Objective, Organisation, Scan, fold
from assistant.profiles import Profile
from assistant.profiles import load as load_profile
from assistant.rules.base import Subject
from assistant.triage import Looked, triage

if TYPE_CHECKING:
    from assistant.index import Index
    from assistant.learned.scores import Scores
    from assistant.settings import Settings

Progress = Callable[[int, int], None]
"""Takes how many objectives are done and how many there are."""


def scan_organisation(
    settings: Settings, *, team: str | None = None, progress: Progress | None = None
) -> Scan:
    """Apply the rules to every indexed objective and measure each declared link.

    Args:
        settings: names the index.
        team: only this team and the teams below it, by id or name.
        progress: told after each objective.

    Raises:
        IndexUnavailable: there is no index.
        InputError: there is no such team.
        ConfigurationError: the profile does not exist or cannot be used.
    """
    from assistant.index import Index

    profile = load_profile(settings.profile)
    with Index.open(settings, writable=False) as index:
        organisation = index.organisation()
        scope = _scope(organisation, team)
        edges = tuple(_edges(scope, organisation, index))
        documents = len(organisation.documents)
        scores = _scores(scope)
    findings = _findings(scope, organisation, profile, scores, progress)
    looked = _looked(scope, organisation, profile, everything=team is None)
    triaged = triage(findings, looked, settings)
    return Scan(
        organisation=organisation.name,
        taken_at=datetime.now(UTC).replace(microsecond=0),
        teams=len({item.team_id for item in scope if item.team_id}),
        objectives=len(scope),
        key_results=sum(len(item.key_results) for item in scope),
        documents=documents,
        edges=edges,
        findings=triaged.findings,
        suppressed=triaged.suppressed,
        problems=(*disguised(scope), *triaged.problems),
        not_checked=(*_undecided(profile), *unjudged(scope, profile.rules)),
        profile=profile.name,
    )


def _looked(
    scope: tuple[Objective, ...], organisation: Organisation, profile: Profile, *, everything: bool
) -> Looked:
    applied = {
        item.id: frozenset(rule.code for rule in profile.rules(item.kind) if rule.detect)
        for item in scope
    }
    teams = {item.id: item.name for item in organisation.teams}
    return Looked(objectives=scope, applied=applied, teams=teams, everything=everything)


def _undecided(profile: Profile) -> Iterator[NotChecked]:
    codes = undecided(profile.rules(None))
    if codes:
        yield NotChecked(
            what=f"{codes}: drift, conflicts, duplicates, dependencies, coverage, stale assumptions",
            why="this version of the scan applies the draft rules and measures similarity to "
            "parents, which is no verdict",
            how="Read the edges in --format json, lowest similarity first, as places to look.",
        )


def _scope(organisation: Organisation, team: str | None) -> tuple[Objective, ...]:
    if team is None:
        return organisation.objectives
    chosen = _branch(organisation, team)
    return tuple(item for item in organisation.objectives if item.team_id in chosen)


def _branch(organisation: Organisation, team: str) -> set[str]:
    wanted = {item.id for item in organisation.teams if team == item.id}
    wanted |= {item.id for item in organisation.teams if fold(item.name) == fold(team)}
    if not wanted:
        raise InputError(_unknown_team(team, organisation))
    while True:
        below = {item.id for item in organisation.teams if item.parent_id in wanted} - wanted
        if not below:
            return wanted
        wanted |= below


def _unknown_team(team: str, organisation: Organisation) -> str:
    names = sorted({item.name for item in organisation.teams})
    close = get_close_matches(team, names, n=3) or names[:5]
    return f"There is no team {team!r} in the index. Did you mean: {', '.join(close)}?"


def _scores(scope: tuple[Objective, ...]) -> dict[str, Scores]:
    from assistant.learned.scores import scores_of

    english = legible(scope)
    return {item.id: found for item, found in zip(english, scores_of(english), strict=True)}


def _findings(
    scope: tuple[Objective, ...],
    organisation: Organisation,
    profile: Profile,
    scores: Mapping[str, Scores],
    progress: Progress | None,
) -> Iterator[Finding]:
    sets: dict[tuple[str | None, str | None], list[Objective]] = defaultdict(list)
    for item in organisation.objectives:
        sets[item.team_id, item.cycle_id].append(item)
    tops = {item.id for item in organisation.teams if item.parent_id is None}
    for done, objective in enumerate(scope, start=1):
        subject = Subject(
            objective=objective,
            siblings=tuple(sets[objective.team_id, objective.cycle_id]),
            cycle=organisation.cycle(objective.cycle_id),
            is_top=objective.team_id in tops and len(organisation.teams) > 1,
            limits=profile.limits,
            scores=scores.get(objective.id),
        )
        for finding in proposed(subject, profile.rules(objective.kind)).findings:
            # Rewrites belong to a review, which tries them out one by one.
            yield finding.model_copy(update={"rewrite": None}) if finding.rewrite else finding
        if progress:
            progress(done, len(scope))


def _edges(
    scope: tuple[Objective, ...], organisation: Organisation, index: Index
) -> Iterator[Edge]:
    known = {item.id for item in organisation.objectives}
    pairs = [
        (child.id, link.objective_id)
        for child in scope
        for link in child.parents
        if link.objective_id in known
    ]
    if not pairs:
        return
    children = index.vectors([child for child, _ in pairs])
    parents = index.vectors([parent for _, parent in pairs])
    similarities = (children * parents).sum(axis=1)
    for (child, parent), similarity in zip(pairs, similarities, strict=True):
        yield Edge(child_id=child, parent_id=parent, similarity=round(float(similarity), 4))
