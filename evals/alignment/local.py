"""The product's local critics of parents and children, cascades and peers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from assistant.analyse.cascade import follow
from assistant.analyse.edges import Opinion, ask, assess, decide
from assistant.analyse.links import Link
from assistant.analyse.peer_findings import WARNED_FROM
from assistant.analyse.peers import decide as decide_peers
from assistant.models import Cycle
from assistant.sources.cycles import read_cycle
from evals.alignment.signals import likeliest
from evals.cases import ChainCase, EdgeLabel, Okr, Pair, PeerCase
from evals.drafts import okr_objective
from evals.suites.chains import ChainVerdict, LevelVerdict
from evals.suites.drift import EdgeVerdict
from evals.suites.peers import PeerVerdict

_EVEN = 0.5


class _Judged(NamedTuple):
    link: Link
    opinion: Opinion | None


class LocalEdges:
    """Judges a child and its parent as the scan does."""

    def judge(self, cases: Sequence[Pair]) -> Iterator[EdgeVerdict]:
        """One verdict a pair, in order."""
        for judged in _ask(cases):
            yield _verdict(judged)


class LocalChains:
    """Judges a cascade as the scan does: edge by edge, then down from the top."""

    def judge(self, cases: Sequence[ChainCase]) -> Iterator[ChainVerdict]:
        """One verdict a cascade, in order."""
        judged = iter(_ask([pair for case in cases for pair in case.edges()]))
        for case in cases:
            found = [(next(judged), next(judged)) for _ in case.levels[1:]]
            yield ChainVerdict(levels=tuple(_levels(found)))


class LocalPeers:
    """Judges two teams' objectives as the scan does."""

    def judge(self, cases: Sequence[PeerCase]) -> Iterator[PeerVerdict]:
        """One verdict a pair, in order."""
        from assistant.learned.relations import judge_peers

        pairs = [
            (okr_objective(f"{case.id}-a", case.a), okr_objective(f"{case.id}-b", case.b))
            for case in cases
        ]
        for (a, b), opinion in zip(pairs, judge_peers(pairs), strict=True):
            decision = decide_peers(a, b, opinion)
            yield PeerVerdict(
                label=decision.kind,
                subtype=decision.subtype or likeliest(opinion.subtypes),
                needs=decision.needs or ("a" if opinion.a_needs_b >= _EVEN else "b"),
                scores=opinion.kinds,
                warned=decision.kind == "conflict" and decision.score >= WARNED_FROM,
            )


def _ask(cases: Sequence[Pair]) -> list[_Judged]:
    from assistant.index.embedder import make_embedder
    from assistant.learned.relations import judge_edges
    from assistant.settings import Settings

    embed = make_embedder(Settings()).embed
    texts = sorted({okr.objective for case in cases for okr in (case.child, case.parent)})
    vectors = dict(zip(texts, embed(texts), strict=True))
    links = [
        Link(
            child=okr_objective(f"{case.id}-child", case.child),
            parent=okr_objective(f"{case.id}-parent", case.parent),
            child_cycle=_cycle(case.child),
            parent_cycle=_cycle(case.parent),
            cosine=float(vectors[case.child.objective] @ vectors[case.parent.objective]),
        )
        for case in cases
    ]
    return list(map(_Judged, links, ask(links, partial(judge_edges, embed=embed))))


def _cycle(okr: Okr) -> Cycle | None:
    return read_cycle(okr.cycle) if okr.cycle else None


def _verdict(judged: _Judged) -> EdgeVerdict:
    link, opinion = judged
    edge = assess(link, opinion, with_slots=False).edge
    warned = edge.verdict == "drifted"
    if opinion is None:
        said: EdgeLabel | None = "drifted" if warned else None
        return EdgeVerdict(label=said, subtype=edge.subtype, serves=edge.serves, warned=warned)
    decision = decide(
        link.child,
        link.parent,
        opinion,
        child_cycle=link.child_cycle,
        parent_cycle=link.parent_cycle,
        cosine=link.cosine,
    )
    return EdgeVerdict(
        label=decision.label,
        subtype=decision.subtype or likeliest(opinion.subtypes),
        serves=decision.score,
        unrelated=opinion.unrelated,
        warned=warned,
    )


def _levels(found: Sequence[tuple[_Judged, _Judged]]) -> Iterator[LevelVerdict]:
    """A level below the first is also asked about the top; the first has nothing above but it."""
    hops = [_verdict(hop) for hop, _ in found]
    tops = [_verdict(top) for _, top in found]
    direct = [None, *(top.opinion.serves if top.opinion else None for _, top in found[1:])]
    followed = follow([hop.serves for hop in hops], direct)
    for hop, top, level in zip(hops, tops, followed, strict=True):
        lost: EdgeLabel = "unrelated" if top.label == "unrelated" else "drifted"
        label = "aligned" if level.lost_at is None else lost
        yield LevelVerdict(hop=hop, cum=EdgeVerdict(label=label, serves=level.from_root))
