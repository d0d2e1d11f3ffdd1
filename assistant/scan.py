"""The second use case: the whole organisation in, one worklist out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from assistant.analyse.candidates import find_candidates
from assistant.analyse.changes import compare, take_snapshot
from assistant.analyse.definitions import mismatch_findings
from assistant.analyse.draft import proposed, undecided
from assistant.analyse.drift import assess_alignment, drift_findings
from assistant.analyse.figures import organisation_figures
from assistant.analyse.legible import disguised, legible, unjudged
from assistant.analyse.links import Surroundings
from assistant.analyse.peer_findings import peer_findings
from assistant.analyse.peers import assess_peers
from assistant.analyse.problems import data_problems
from assistant.analyse.strategy import StrategyView, hold_against_strategy
from assistant.errors import InputError
from assistant.models import (
    SEVERITIES,
    Change,
    Edge,
    Figure,
    Finding,
    NotChecked,
    Objective,
    Organisation,
    PeerLink,
    Problem,
    Scan,
    fold,
    stable_id,
)
from assistant.profiles import Profile
from assistant.profiles import load as load_profile
from assistant.rules import find_rule
from assistant.rules.base import Subject
from assistant.triage import Looked, triage

if TYPE_CHECKING:
    from assistant.history.scans import Snapshot
    from assistant.index import Index
    from assistant.learned.relations import Embed
    from assistant.learned.scores import Scores
    from assistant.settings import Settings

Tell = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is; 0 if unknown."""

DECIDED = frozenset({"A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11"})
"""The rules that compare, and that a scan decides."""


class Scanned(NamedTuple):
    """A scan with what its reports show beside it.

    Attributes:
        scan: the outcome.
        organisation: what was looked at; names and pictures come from it.
        earlier: the earlier scan that it was compared with, if one was asked for.
    """

    scan: Scan
    organisation: Organisation
    earlier: tuple[Snapshot, ...] = ()


class _Compared(NamedTuple):
    """What comparing objectives with each other and with the strategy has brought up."""

    edges: tuple[Edge, ...]
    peers: tuple[PeerLink, ...]
    strategy: StrategyView
    findings: tuple[Finding, ...]


def scan_organisation(
    settings: Settings,
    *,
    team: str | None = None,
    since: str | None = None,
    tell: Tell | None = None,
) -> Scanned:
    """Hold every indexed objective against the rules, its parents, its peers and the strategy.

    The scan is kept in the history, so that a later one can be compared with it.

    Args:
        settings: names the index, the profile and the audiences.
        team: only this team and the teams below it, by id or name.
        since: an earlier scan to compare with: ``LAST``, a day or an id.
        tell: told what is going on.

    Raises:
        IndexUnavailable: there is no index.
        InputError: there is no such team, or no such earlier scan.
        ConfigurationError: the profile does not exist or cannot be used.
        ModelUnavailable: a trained model is missing or damaged.
    """
    from assistant.index import Index

    tell = tell or _silent
    profile = load_profile(settings.profile)
    with Index.open(settings, writable=False) as index:
        organisation = index.organisation()
        scope = _scope(organisation, team)
        compared = _compare(scope, organisation, index, tell, everything=team is None)
    tell("Reading every objective", 0, len(scope))
    found = (
        *_levelled(compared.findings, organisation, profile),
        *_findings(scope, organisation, profile, _scores(scope), tell),
    )
    triaged = triage(
        found, _looked(scope, organisation, profile, everything=team is None), settings
    )
    scan = Scan(
        organisation=organisation.name,
        taken_at=datetime.now(UTC).replace(microsecond=0),
        teams=len({item.team_id for item in scope if item.team_id}),
        objectives=len(scope),
        key_results=sum(len(item.key_results) for item in scope),
        documents=len(organisation.documents),
        edges=compared.edges,
        peers=compared.peers,
        coverage=compared.strategy.coverage,
        figures=_figures(compared, organisation, profile, triaged.findings),
        findings=triaged.findings,
        suppressed=triaged.suppressed,
        problems=(*data_problems(organisation), *disguised(scope), *triaged.problems),
        not_checked=(*_not_checked(scope, profile), *unjudged(scope, profile.rules)),
        profile=profile.name,
    )
    named = next(iter(_named(organisation, team)), None) if team else None
    return _remembered(scan, organisation, settings, profile, named, since)


def _silent(_: str, __: int, ___: int) -> None:
    pass


def _compare(
    scope: tuple[Objective, ...],
    organisation: Organisation,
    index: Index,
    tell: Tell,
    *,
    everything: bool,
) -> _Compared:
    from assistant.learned.relations import judge_edges, judge_peers

    around, ids = Surroundings(organisation), {item.id for item in scope}
    tell("Judging links to parents", 0, 0)
    judge = partial(judge_edges, embed=_known_texts(organisation, index))
    assessed = assess_alignment(scope, around, index.vectors, judge)
    edges = tuple(item.edge for item in assessed)
    tell("Looking for conflicts, duplicates and dependencies", 0, 0)
    pairs = find_candidates(organisation, index.vectors, scope=None if everything else ids)
    peers = assess_peers(pairs, organisation.objectives, judge_peers)
    tell("Holding objectives against the strategy", 0, 0)
    strategy = hold_against_strategy(
        organisation,
        index.vectors,
        index.embedder.embed,
        edges=edges,
        today=datetime.now(UTC).date(),
    )
    found = (
        *drift_findings(assessed, around),
        *peer_findings(peers, organisation, around),
        *strategy.findings,
        *mismatch_findings(organisation, embed=index.embedder.embed),
    )
    within = tuple(item for item in found if everything or item.objective_id in ids)
    return _Compared(edges, peers, strategy, within)


def _known_texts(organisation: Organisation, index: Index) -> Embed:
    """Vectors of texts of the organisation: from the index where its model is the fitting one."""
    from assistant.learned.relations import EMBEDDER

    if not index.embedder.name.startswith(EMBEDDER):
        from assistant.index.onnx import OnnxEmbedder

        return OnnxEmbedder().embed
    ids: dict[str, str] = {}
    for item in organisation.objectives:
        ids.setdefault(item.text, item.id)
        for result in item.key_results:
            ids.setdefault(result.text, result.id)
    return lambda texts: index.vectors([ids[text] for text in texts])


def _levelled(
    findings: Iterable[Finding], organisation: Organisation, profile: Profile
) -> Iterator[Finding]:
    """The findings of rules that the profile has on, at its severity unless they are milder."""
    kinds = {item.id: item.kind for item in organisation.objectives}
    levels = {
        kind: {rule.code: rule.severity for rule in profile.rules(kind)}
        for kind in {*kinds.values(), None}
    }
    for item in findings:
        severity = levels[kinds.get(item.objective_id)].get(item.rule)
        if severity is None:
            continue
        if SEVERITIES.index(item.severity) < SEVERITIES.index(find_rule(item.rule).severity):
            severity = min(severity, item.severity, key=SEVERITIES.index)
        yield item.model_copy(update={"severity": severity})


def _figures(
    compared: _Compared,
    organisation: Organisation,
    profile: Profile,
    findings: Sequence[Finding],
) -> tuple[Figure, ...]:
    view = compared.strategy
    figures = organisation_figures(
        organisation,
        edges=compared.edges,
        peers=compared.peers,
        coverage=view.coverage,
        choices=view.strategy.choices,
        findings=findings,
        limits=profile.limits,
        today=datetime.now(UTC).date(),
        unchecked=undecided(profile.rules(None), DECIDED),
    )
    return (*view.figures, *figures)


def _remembered(
    scan: Scan,
    organisation: Organisation,
    settings: Settings,
    profile: Profile,
    team: str | None,
    since: str | None,
) -> Scanned:
    """The scan with what changed, after it was put into the history beside the earlier ones."""
    from assistant.history import HistoryUnavailable, opened

    if not settings.history:
        return Scanned(_without_memory(scan, since), organisation)
    now = take_snapshot(
        organisation,
        taken_at=scan.taken_at,
        findings=scan.findings,
        edges=scan.edges,
        coverage=scan.coverage,
        team=team,
        audiences=settings.audiences,
        profile=profile.name,
        rules=_rules_digest(profile),
    )
    changes: tuple[Change, ...] = ()
    earlier: tuple[Snapshot, ...] = ()
    try:
        with opened(settings.home) as history:
            if since:
                before = history.scan_since(since, now.scope)
                earlier, changes = (before,), compare(before, now)
            history.keep_scan(now)
    except HistoryUnavailable as error:
        problem = Problem(message=f"The scan is not kept: {error}", severity="warning")
        scan = scan.model_copy(update={"problems": (*scan.problems, problem)})
    return Scanned(scan.model_copy(update={"changes": changes}), organisation, earlier)


def _without_memory(scan: Scan, since: str | None) -> Scan:
    if since is None:
        return scan
    missing = NotChecked(
        what="What changed since an earlier scan",
        why="no scan is kept (OKR_HISTORY is off)",
        how="Switch the history on and scan twice.",
    )
    return scan.model_copy(update={"not_checked": (*scan.not_checked, missing)})


def _rules_digest(profile: Profile) -> str:
    """Changes when the rules or their limits do."""
    from importlib.metadata import version

    return stable_id("rul", version("okr-review"), repr(profile))


def _looked(
    scope: tuple[Objective, ...], organisation: Organisation, profile: Profile, *, everything: bool
) -> Looked:
    applied = {
        item.id: frozenset(
            rule.code for rule in profile.rules(item.kind) if rule.detect or rule.code in DECIDED
        )
        for item in scope
    }
    teams = {item.id: item.name for item in organisation.teams}
    return Looked(objectives=scope, applied=applied, teams=teams, everything=everything)


def _not_checked(scope: tuple[Objective, ...], profile: Profile) -> Iterator[NotChecked]:
    codes = undecided(profile.rules(None), DECIDED)
    if codes:
        yield NotChecked(
            what=", ".join(codes),
            why="it needs the sources of figures, and no rule of the scan decides that",
            how="`okr explain CODE` has the question to ask.",
        )
    if scope:
        yield NotChecked(
            what="Whether each child advances its parent, beyond what its words show",
            why="the local reader tells that little better than chance where texts are alike, so it "
            "says where to look and leaves the verdict to plain signs",
            how="Read the places to look yourself, or ask a language model about them.",
        )


def _scope(organisation: Organisation, team: str | None) -> tuple[Objective, ...]:
    if team is None:
        return organisation.objectives
    chosen = _branch(organisation, team)
    return tuple(item for item in organisation.objectives if item.team_id in chosen)


def _branch(organisation: Organisation, team: str) -> set[str]:
    wanted = set(_named(organisation, team))
    if not wanted:
        raise InputError(_unknown_team(team, organisation))
    while True:
        below = {item.id for item in organisation.teams if item.parent_id in wanted} - wanted
        if not below:
            return wanted
        wanted |= below


def _named(organisation: Organisation, team: str) -> list[str]:
    """The ids of the teams that are meant by an id or a name."""
    return [
        item.id for item in organisation.teams if team == item.id or fold(item.name) == fold(team)
    ]


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
    tell: Tell,
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
        tell("Reading every objective", done, len(scope))
