"""The critics with a language model beside the local reader, as a scan with a budget has it.

They ask the endpoint that the settings name. Its answers are kept in the home folder, so that a
second run sends nothing again. Nothing is spared: certain cases are asked about too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.analyse.edges import THRESHOLDS
from assistant.critique.combine import Relation, Tie, combine
from assistant.critique.questions import Side, side_of
from assistant.settings import Settings
from evals.alignment.local import LocalEdges, LocalPeers
from evals.cases import Okr, Pair, PeerCase
from evals.drafts import okr_objective
from evals.suites.drift import EdgeVerdict
from evals.suites.peers import PeerVerdict

if TYPE_CHECKING:
    from assistant.critique.judge import Judge, Opinion
    from assistant.llm.ability import Strategy

Case = tuple[Relation, Okr, Okr]
"""What is asked, and of which two; a parent stands before its child, who needs before who has."""

TIES: tuple[Tie, ...] = ("conflict", "duplicate", "dependency")
_EVEN = 0.5


class SecondEdges:
    """Judges a child and its parent with the model beside the local reader."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy

    def judge(self, cases: Sequence[Pair]) -> Iterator[EdgeVerdict]:
        """One verdict a pair, in order."""
        asked: list[Case] = [("direction", case.parent, case.child) for case in cases]
        said = opinions(asked, self._strategy)
        for verdict, opinion in zip(LocalEdges().judge(cases), said, strict=True):
            yield _with_edge(verdict, opinion) if opinion else verdict


class SecondPeers:
    """Judges two teams' objectives; the model is asked about what the local reader takes them for."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy

    def judge(self, cases: Sequence[PeerCase]) -> Iterator[PeerVerdict]:
        """One verdict a pair, in order."""
        local = list(LocalPeers().judge(cases))
        tied = [at for at, item in enumerate(local) if item.label in TIES]
        said = opinions([_tie(cases[at], local[at]) for at in tied], self._strategy)
        found = dict(zip(tied, said, strict=True))
        for at, verdict in enumerate(local):
            opinion = found.get(at)
            yield _with_peers(verdict, opinion) if opinion else verdict


def opinions(cases: Sequence[Case], strategy: Strategy) -> list[Opinion | None]:
    """What the model of the settings says of each case.

    Raises:
        ConfigurationError: no model is set.
        LlmError: there was no answer.
    """
    from assistant.critique.judge import Judge
    from assistant.llm.client import LlmClient

    settings = Settings()
    judge = Judge(LlmClient.from_settings(settings), strategy)
    return asyncio.run(_asked(cases, judge, settings.llm_concurrency))


async def _asked(cases: Sequence[Case], judge: Judge, at_once: int) -> list[Opinion | None]:
    gate = asyncio.Semaphore(at_once)

    async def one(case: Case) -> Opinion | None:
        kind, *sides = case
        async with gate:
            first, second = map(_side, sides)
            return await judge.opinion(kind, first, second)

    return list(await asyncio.gather(*map(one, cases)))


def _side(okr: Okr) -> Side:
    return side_of(okr_objective("", okr), okr.team, okr.cycle)


def _tie(case: PeerCase, verdict: PeerVerdict) -> Case:
    kind = next(item for item in TIES if item == verdict.label)
    turned = kind == "dependency" and verdict.needs == "b"
    return (kind, case.b, case.a) if turned else (kind, case.a, case.b)


def _with_edge(verdict: EdgeVerdict, opinion: Opinion) -> EdgeVerdict:
    serves = combine("direction", verdict.serves, opinion.evidence)
    label = "aligned" if serves >= _EVEN else verdict.label
    is_late = label == "aligned" and serves < _EVEN
    return replace(
        verdict,
        serves=serves,
        label="drifted" if is_late else label,
        warned=serves < THRESHOLDS.drifted_below,
    )


def _with_peers(verdict: PeerVerdict, opinion: Opinion) -> PeerVerdict:
    kind = next(item for item in TIES if item == verdict.label)
    likely = combine(kind, verdict.scores[kind], opinion.evidence)
    return replace(verdict, scores={**verdict.scores, kind: likely})
