"""The second use case: the whole organisation in, one worklist out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from assistant import memory
from assistant.analyse.addressed import addressed_names
from assistant.analyse.branches import branch_of, called, objectives_of
from assistant.analyse.candidates import find_candidates
from assistant.analyse.changes import compare
from assistant.analyse.definitions import mismatch_findings
from assistant.analyse.draft import undecided
from assistant.analyse.drift import assess_alignment, drift_findings
from assistant.analyse.edges import Rationed
from assistant.analyse.figures import organisation_figures
from assistant.analyse.gaps import (
    beyond_ration,
    missing_documents,
    undecided_rules,
    unjudged_links,
)
from assistant.analyse.legible import disguised, legible, unjudged
from assistant.analyse.links import Surroundings
from assistant.analyse.peer_findings import peer_findings
from assistant.analyse.peers import MOST_JUDGED, assess_peers
from assistant.analyse.problems import data_problems
from assistant.analyse.recalled import known_findings, known_words
from assistant.analyse.snapshots import take_snapshot
from assistant.analyse.strategy import StrategyView, hold_against_strategy
from assistant.analyse.worklist import reach_in
from assistant.models import (
    SEVERITIES,
    Edge,
    Figure,
    Finding,
    NotChecked,
    Objective,
    Organisation,
    PeerLink,
    Problem,
    Scan,
    stable_id,
)
from assistant.profiles import Profile
from assistant.profiles import load as load_profile
from assistant.rules import find_rule
from assistant.rules.base import Subject
from assistant.triage import Looked, triage

if TYPE_CHECKING:
    from assistant.critique.second_reader import SecondReader
    from assistant.history import History, Tally
    from assistant.history.scans import Snapshot
    from assistant.index import Index
    from assistant.learned.opinions import Opinions
    from assistant.learned.relations import Embed
    from assistant.learned.scores import Scores
    from assistant.memory import Memory
    from assistant.settings import Settings

Tell = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is; 0 if unknown."""

_PEERS = "Looking for conflicts, duplicates and dependencies"

MOST_LINKS, MOST_FURTHER = 2_000, 300
"""How many links to parents the trained reader judges, and how many roots and how many other
parents; those nearest the top first. A link takes about 7 ms on two cores."""

DECIDED = frozenset({"A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11"})
"""The rules that compare, and that a scan decides."""

_TWO_SIDED = frozenset({"A5", "A6", "A7", "A10"})
"""The rules whose finding stands on one objective and concerns another as much."""


class Scanned(NamedTuple):
    """A scan with what its reports show beside it.

    Attributes:
        scan: the outcome.
        organisation: what was looked at; names and pictures come from it.
        earlier: kept scans of the same teams for the same audiences, oldest first, in counts.
    """

    scan: Scan
    organisation: Organisation
    earlier: tuple[Tally, ...] = ()


class _Compared(NamedTuple):
    """What comparing objectives with each other and with the strategy has brought up."""

    edges: tuple[Edge, ...]
    peers: tuple[PeerLink, ...]
    strategy: StrategyView
    findings: tuple[Finding, ...]
    unread: tuple[NotChecked, ...]


def scan_organisation(
    settings: Settings,
    *,
    team: str | None = None,
    since: str | None = None,
    llm_budget: int = 0,
    now: datetime | None = None,
    tell: Tell | None = None,
) -> Scanned:
    """Hold every indexed objective against the rules, its parents, its peers and the strategy.

    The scan is kept in the history, so that a later one can be compared with it.

    Args:
        settings: names the index, the profile and the audiences.
        team: only this team and the teams below it, by id or name.
        since: an earlier scan to compare with: ``LAST``, a day or an id.
        llm_budget: how many requests the language model may be sent, about links and peers that
            the local critic is unsure of.
        now: when the scan is taken, with its zone; by default at this moment.
        tell: told what is going on.

    Raises:
        IndexUnavailable: there is no index.
        InputError: there is no such team, or no such earlier scan.
        ConfigurationError: the profile does not exist or cannot be used.
        ModelUnavailable: a trained model is missing or damaged.
    """
    from assistant.index import Index

    tell = tell or _silent
    now = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    profile = load_profile(settings.profile)
    with Index.open(settings, writable=False) as index, memory.opened(settings.home) as known:
        organisation = index.organisation()
        branch = branch_of(organisation, team) if team else ()
        scope = objectives_of(organisation, branch)
        opinions = _opinions(organisation, index, known)
        second = _second_reader(settings, organisation, scope, llm_budget, tell)
        compared = _compare(
            scope,
            organisation,
            index,
            opinions,
            second,
            tell,
            today=now.date(),
            everything=team is None,
        )
        subjects = [*_subjects(scope, organisation, profile, _scores(scope, opinions, tell))]
        told = partial(tell, "Holding every objective against the rules")
        plain = tuple(known_findings(known, subjects, profile.rules, told))
    found = (
        *_levelled(compared.findings, organisation, profile),
        *plain,
    )
    triaged = triage(
        found, _looked(scope, organisation, profile, found, everything=team is None), settings
    )
    scan = Scan(
        organisation=organisation.name,
        taken_at=now,
        team=called(organisation, branch),
        within=branch,
        teams=len({item.team_id for item in scope if item.team_id}),
        objectives=len(scope),
        key_results=sum(len(item.key_results) for item in scope),
        documents=len(organisation.documents),
        edges=compared.edges,
        peers=compared.peers,
        coverage=compared.strategy.coverage,
        figures=_figures(
            compared, organisation, profile, triaged.findings, today=now.date(), within=branch
        ),
        findings=triaged.findings,
        suppressed=triaged.suppressed,
        problems=(
            *data_problems(organisation, within=branch),
            *disguised(scope),
            *addressed_names(organisation),
            *triaged.problems,
        ),
        not_checked=(
            *undecided_rules(undecided(profile.rules(None), DECIDED)),
            *(() if second or not scope else (unjudged_links(has_model=settings.llm_configured),)),
            *missing_documents(organisation),
            *compared.unread,
            *(second.not_checked if second else ()),
            *unjudged(scope, profile.rules),
        ),
        llm=second.use if second else None,
        profile=profile.name,
    )
    return _remembered(scan, organisation, settings, profile, since)


def _silent(_: str, __: int, ___: int) -> None:
    pass


def _compare(
    scope: tuple[Objective, ...],
    organisation: Organisation,
    index: Index,
    opinions: Opinions,
    second: SecondReader | None,
    tell: Tell,
    *,
    today: date,
    everything: bool,
) -> _Compared:
    from assistant.learned.opinions import known_vectors

    around, ids = Surroundings(organisation), {item.id for item in scope}
    tell("Judging links to parents", 0, 0)
    links, further = _rationed(opinions, around, tell)
    words = known_words(opinions.memory)
    assessed = assess_alignment(
        scope,
        around,
        index.vectors,
        links,
        further=further,
        second=second.links if second else None,
        words=words,
    )
    edges = tuple(item.edge for item in assessed)
    tell(_PEERS, 0, 0)
    pairs = find_candidates(organisation, index.vectors, scope=None if everything else ids)
    judge_peers = partial(opinions.peers, told=partial(tell, _PEERS))
    peers = assess_peers(pairs, organisation.objectives, judge_peers)
    peers = second.peers(peers) if second else peers
    tell("Holding objectives against the strategy", 0, 0)
    embed = known_vectors(opinions.memory, index.embedder.embed, index.embedder.name)
    strategy = hold_against_strategy(
        organisation,
        index.vectors,
        embed,
        edges=edges,
        today=today,
        within=None if everything else ids,
    )
    found = (
        *drift_findings(assessed, around),
        *peer_findings(peers, organisation, around),
        *strategy.findings,
        *mismatch_findings(organisation, embed=embed),
    )
    within = found if everything else tuple(_concerning(scope, found))
    rations = (
        (links.left, MOST_LINKS, "links to parents, those furthest down"),
        (further.left, MOST_FURTHER, "looks at roots and at other parents, those furthest down"),
        (
            len(pairs) - MOST_JUDGED,
            MOST_JUDGED,
            "pairs of objectives of different teams, the least alike",
        ),
    )
    return _Compared(edges, peers, strategy, within, tuple(beyond_ration(rations)))


def _second_reader(
    settings: Settings,
    organisation: Organisation,
    scope: Iterable[Objective],
    calls: int,
    tell: Tell,
) -> SecondReader | None:
    """The language model, if one is configured and may be asked."""
    if not calls or not settings.llm_configured:
        return None
    from assistant.critique.second_reader import SecondReader
    from assistant.llm.ability import strategy_of
    from assistant.llm.client import LlmClient

    client = LlmClient.from_settings(settings)
    reach = reach_in(organisation)
    return SecondReader(
        client,
        strategy_of(settings, client),
        calls=calls,
        at_once=settings.llm_concurrency,
        around=Surroundings(organisation),
        teams={item.id: item.name for item in organisation.teams},
        scope=frozenset(item.id for item in scope),
        reach=lambda objective_id: reach(objective_id)[0],
        tell=tell,
    )


def _rationed(opinions: Opinions, around: Surroundings, tell: Tell) -> tuple[Rationed, Rationed]:
    """Who judges declared links, and who judges what else a child may be held against."""

    def depth(pair: tuple[Objective, Objective]) -> int:
        return around.depth(pair[0])

    judges = (
        partial(opinions.edges, told=partial(tell, what))
        for what in ("Judging links to parents", "Judging roots and other parents")
    )
    links, further = (
        Rationed(judge, most, depth)
        for judge, most in zip(judges, (MOST_LINKS, MOST_FURTHER), strict=True)
    )
    return links, further


def _concerning(scope: Sequence[Objective], found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings on some objectives, and those on others that name one of them as the other side."""
    own = {item.id for item in scope}
    sides = own | {result.id for item in scope for result in item.key_results}
    for item in found:
        is_other_side = item.rule in _TWO_SIDED and any(
            one.kind == "peer" and one.id in sides for one in item.evidence
        )
        if item.objective_id in own or is_other_side:
            yield item


def _opinions(organisation: Organisation, index: Index, known: Memory) -> Opinions:
    """The trained models, with vectors from the index where its model is the fitting one."""
    from assistant.learned.opinions import Opinions
    from assistant.learned.relations import EMBEDDER

    if index.embedder.name.startswith(EMBEDDER):
        return Opinions(known, _known_texts(organisation, index), index.embedder.name)

    from assistant.index.onnx import OnnxEmbedder

    embedder = OnnxEmbedder()
    return Opinions(known, embedder.embed, embedder.name)


def _known_texts(organisation: Organisation, index: Index) -> Embed:
    """Vectors of texts of the organisation, from the index."""
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
    *,
    today: date,
    within: Sequence[str],
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
        today=today,
        within=within,
        unchecked=undecided(profile.rules(None), DECIDED),
    )
    return (*figures, *view.figures)


def _remembered(
    scan: Scan,
    organisation: Organisation,
    settings: Settings,
    profile: Profile,
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
        team=scan.within[0] if scan.within else None,
        looked_at=scan.objectives,
        audiences=settings.audiences,
        profile=profile.name,
        rules=_rules_digest(profile),
    )
    earlier: tuple[Tally, ...] = ()
    try:
        with opened(settings.home) as history:
            earlier = tuple(reversed(history.scans(now.scope)))
            scan = _with_changes(scan, now, history, since) if since else scan
            history.keep_scan(now)
            history.keep_outcome(now.scope, scan, organisation)
    except HistoryUnavailable as error:
        problem = Problem(message=f"The scan is not kept: {error}", severity="warning")
        scan = scan.model_copy(update={"problems": (*scan.problems, problem)})
    return Scanned(scan, organisation, earlier)


def _with_changes(scan: Scan, now: Snapshot, history: History, since: str) -> Scan:
    before = history.scan_since(since, now.scope)
    return scan.model_copy(update={"since": before.taken_at, "changes": compare(before, now)})


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
    """Changes when the rules, their limits, the trained models or the analysis do."""
    from importlib.metadata import version

    from assistant.learned.opinions import models_digest

    return stable_id(
        "rul", version("okr-review"), repr(profile), models_digest("language", "rules", "analyse")
    )


def _looked(
    scope: tuple[Objective, ...],
    organisation: Organisation,
    profile: Profile,
    found: Iterable[Finding],
    *,
    everything: bool,
) -> Looked:
    """What was looked at, with what findings on two sides stand on elsewhere."""
    elsewhere = {item.objective_id for item in found} - {item.id for item in scope}
    others = [item for item in organisation.objectives if item.id in elsewhere]
    applied = {
        item.id: frozenset(
            rule.code for rule in profile.rules(item.kind) if rule.detect or rule.code in DECIDED
        )
        for item in scope
    }
    teams = {item.id: item.name for item in organisation.teams}
    return Looked(objectives=(*scope, *others), applied=applied, teams=teams, everything=everything)


def _scores(scope: tuple[Objective, ...], opinions: Opinions, tell: Tell) -> dict[str, Scores]:
    english = legible(scope)
    found = opinions.scores(english, partial(tell, "Reading every objective"))
    return {item.id: scores for item, scores in zip(english, found, strict=True)}


def _subjects(
    scope: tuple[Objective, ...],
    organisation: Organisation,
    profile: Profile,
    scores: Mapping[str, Scores],
) -> Iterator[Subject]:
    sets: dict[tuple[str | None, str | None], list[Objective]] = defaultdict(list)
    for item in organisation.objectives:
        sets[item.team_id, item.cycle_id].append(item)
    tops = {item.id for item in organisation.teams if item.parent_id is None}
    for objective in scope:
        yield Subject(
            objective=objective,
            siblings=tuple(sets[objective.team_id, objective.cycle_id]),
            cycle=organisation.cycle(objective.cycle_id),
            is_top=objective.team_id in tops and len(organisation.teams) > 1,
            limits=profile.limits,
            scores=scores.get(objective.id),
        )
