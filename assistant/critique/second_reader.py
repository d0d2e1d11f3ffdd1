"""A language model as the second reader of a scan: the uncertain and important cases first.

Nothing that the local critic has said is taken away. What both say together becomes the verdict;
where they are plainly of two minds, it is a place to look at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import log2

from assistant.analyse.edges import THRESHOLDS, Assessment
from assistant.analyse.links import Surroundings
from assistant.analyse.overlap import Overlap
from assistant.analyse.peers import CAREFUL, HARMFUL, TOUCHING, element_of
from assistant.analyse.remedies import remedy
from assistant.critique.asking import is_budget, not_done, summed
from assistant.critique.combine import Lean, Relation, Scale, Tie, combine
from assistant.critique.judge import Judge, Opinion
from assistant.critique.questions import Side, side_of
from assistant.errors import LlmError
from assistant.llm.ability import Strategy
from assistant.llm.budget import Budget
from assistant.llm.client import LlmClient
from assistant.memory import Told
from assistant.models import EdgeVerdict, LlmUse, NotChecked, Objective, PeerKind, PeerLink

Tell = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""

Reach = Callable[[str], int]
"""How many people, or objectives, the objective with an id concerns."""

LEAST_UNCERTAIN = 0.2
"""Cases that the local critic is surer of are not asked about; 1 is an even chance, 0 is certain."""

_SAID: Mapping[Lean, EdgeVerdict] = {"yes": "fine", "no": "drifted", "unsure": "unclear"}
_ASKED_OF: Mapping[PeerKind, Tie] = {
    "conflict": "conflict",
    "duplicate": "duplicate",
    "dependency": "dependency",
    "complementary": "conflict",
}
"""Of two that touch and show nothing else, whether they collide is what one would want to know."""
_NAMES = {"links": "links to parents", "peers": "pairs of peers"}


@dataclass(frozen=True)
class _Case:
    """One question, with the place of what it is about and how much it matters."""

    place: int
    kind: Relation
    first: Side
    second: Side
    weight: float


@dataclass
class _Heard:
    """What came of the cases of one stage."""

    opinions: dict[int, Opinion] = field(default_factory=dict)
    mute: int = 0
    fault: LlmError | None = None
    at_chance: dict[Relation, Scale] = field(default_factory=dict)


class SecondReader:
    """Asks a model about the links and peers of one scan, within a number of calls."""

    def __init__(
        self,
        client: LlmClient,
        strategy: Strategy,
        *,
        calls: int,
        at_once: int,
        around: Surroundings,
        teams: Mapping[str, str],
        scope: frozenset[str],
        reach: Reach,
        tell: Tell,
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            client: whom to ask.
            strategy: how.
            calls: requests that may be made in all. Links may take half of them; what they leave
                is for peers. Answers that are known from an earlier scan cost none.
            at_once: cases that are under way together.
            around: the organisation.
            teams: their names by id.
            scope: the objectives that are looked at; links of others above them are not asked about.
            reach: see :data:`Reach`.
            tell: told of each answer.
        """
        self._client = client
        self._strategy = strategy
        self._calls = calls
        self._at_once = at_once
        self._around = around
        self._teams = teams
        self._scope = scope
        self._reach = reach
        self._tell = tell
        self._uses: list[LlmUse] = []
        self._not_checked: list[NotChecked] = []

    @property
    def use(self) -> LlmUse | None:
        """What was asked so far and what it cost; None if nothing was."""
        return summed(self._uses)

    @property
    def not_checked(self) -> tuple[NotChecked, ...]:
        """What was not judged by now, and why."""
        return tuple(self._not_checked)

    def links(self, assessed: Sequence[Assessment]) -> tuple[Assessment, ...]:
        """The links with a verdict of both, where the model was asked and would say."""
        cases = self._ranked(self._link_cases(assessed))
        opinions = self._asked("links", cases, max(1, self._calls // 2))
        return tuple(
            with_opinion(item, opinions[place]) if place in opinions else item
            for place, item in enumerate(assessed)
        )

    def peers(self, links: Sequence[PeerLink]) -> tuple[PeerLink, ...]:
        """The pairs with a confidence of both, where the model was asked and would say."""
        cases = self._ranked(self._peer_cases(links))
        opinions = self._asked("peers", cases, self._calls - sum(use.calls for use in self._uses))
        return tuple(
            peer_with_opinion(item, opinions[place], self._around) if place in opinions else item
            for place, item in enumerate(links)
        )

    # Which cases, and in which order

    def _link_cases(self, assessed: Sequence[Assessment]) -> Iterator[_Case]:
        for place, item in enumerate(assessed):
            link = item.link
            if link.child.id not in self._scope:
                continue
            yield _Case(
                place,
                "direction",
                self._side(link.parent),
                self._side(link.child),
                self._weight(item.edge.serves, (link.child.id,)),
            )

    def _peer_cases(self, links: Sequence[PeerLink]) -> Iterator[_Case]:
        known = self._around.objectives
        for place, link in enumerate(links):
            if link.kind not in HARMFUL and link.confidence > TOUCHING:
                continue
            sides = (link.b_id, link.a_id) if link.needs == "b" else (link.a_id, link.b_id)
            first, second = (self._side(known[key]) for key in sides)
            yield _Case(
                place, _ASKED_OF[link.kind], first, second, self._weight(link.confidence, sides)
            )

    def _side(self, objective: Objective) -> Side:
        cycle = self._around.cycles.get(objective.cycle_id or "")
        team = self._teams.get(objective.team_id or "")
        return side_of(objective, team, cycle.name if cycle else None)

    def _weight(self, likely: float | None, ids: Iterable[str]) -> float:
        """Uncertainty x people concerned x level; 0 where the local critic is sure enough."""
        uncertain = 1.0 if likely is None else 1 - abs(2 * likely - 1)
        if uncertain < LEAST_UNCERTAIN:
            return 0.0
        known = self._around.objectives
        return max(
            uncertain * (1 + log2(max(1, self._reach(key)))) / (1 + self._around.depth(known[key]))
            for key in ids
        )

    @staticmethod
    def _ranked(cases: Iterable[_Case]) -> list[_Case]:
        return sorted((item for item in cases if item.weight), key=lambda item: -item.weight)

    # Asking

    def _asked(self, what: str, cases: Sequence[_Case], calls: int) -> Mapping[int, Opinion]:
        if not cases:
            return {}
        client = self._client.with_budget(Budget(calls=calls))
        judge = Judge(client, self._strategy)
        label = f"Asking {client.model} about {_NAMES[what]}"
        trying = f"Trying what {client.model} can tell of {_NAMES[what]}"
        self._tell(trying, 0, 0)
        heard = asyncio.run(
            _hear(
                cases,
                judge,
                self._at_once,
                lambda done: self._tell(label, done, len(cases)),
                partial(self._tell, trying),
            )
        )
        if judge.use:
            self._uses.append(judge.use)
        self._not_checked += _left(what, cases, heard, client.model)
        return heard.opinions


def with_opinion(item: Assessment, opinion: Opinion) -> Assessment:
    """A link with the verdict of both; where they are plainly of two minds, a place to look at."""
    edge = item.edge
    serves = combine("direction", edge.serves, opinion.evidence)
    judged = _SAID[opinion.says]
    verdict = _verdict(serves, edge.verdict, judged)
    subtype = edge.subtype or opinion.subtype
    updated = {
        "serves": round(serves, 4),
        "verdict": verdict,
        "subtype": subtype if verdict in ("drifted", "look") else None,
        "judged": judged,
        "local": edge.verdict,
        "because": opinion.because,
    }
    return item.model_copy(update={"edge": edge.model_copy(update=updated)})


def _verdict(serves: float, local: EdgeVerdict, judged: EdgeVerdict) -> EdgeVerdict:
    if {local, judged} == {"fine", "drifted"}:
        return "look"
    if serves < THRESHOLDS.drifted_below:
        return "drifted"
    if serves < THRESHOLDS.look_below:
        return "look"
    return "fine" if serves >= THRESHOLDS.fine_from else "unclear"


def peer_with_opinion(link: PeerLink, opinion: Opinion, around: Surroundings) -> PeerLink:
    """A pair with the confidence of both.

    It stays what the local critic took it for, save where that was nothing in particular and the
    model sees a conflict.
    """
    asked = _ASKED_OF[link.kind]
    likely = combine(asked, link.confidence, opinion.evidence)
    judged: Mapping[Lean, PeerKind | None] = {"yes": asked, "no": "unrelated", "unsure": None}
    updated: dict[str, object] = {
        "judged": judged[opinion.says],
        "local": link.kind,
        "because": opinion.because,
    }
    if link.kind == asked:
        updated["confidence"] = round(likely, 4)
    elif opinion.says == "yes" and likely >= CAREFUL.of(asked):
        updated |= {"kind": asked, "confidence": round(likely, 4), "unless": _unless(link, around)}
    return link.model_copy(update=updated)


def _unless(link: PeerLink, around: Surroundings) -> str:
    a, b = around.objectives[link.a_id], around.objectives[link.b_id]
    overlap = Overlap(element_of(a, link.evidence), element_of(b, link.evidence), link.shared)
    return remedy("conflict", None, None, a, b, overlap)


async def _hear(
    cases: Sequence[_Case],
    judge: Judge,
    at_once: int,
    tell: Callable[[int], None],
    trying: Told,
) -> _Heard:
    heard = _Heard()
    waiting = iter(await _trusted(cases, judge, heard, trying))
    done = 0
    tell(done)

    async def work() -> None:
        nonlocal done
        for case in waiting:
            try:
                opinion = await judge.opinion(case.kind, case.first, case.second)
            except LlmError as fault:
                heard.fault = heard.fault or fault
                if not is_budget(fault):
                    return
                continue  # an answer that is kept from an earlier scan costs nothing
            if opinion is None:
                heard.mute += 1
            else:
                heard.opinions[case.place] = opinion
            done += 1
            tell(done)
            if heard.fault and not is_budget(heard.fault):
                return

    await asyncio.gather(*(work() for _ in range(at_once)))
    return heard


async def _trusted(
    cases: Sequence[_Case], judge: Judge, heard: _Heard, trying: Told
) -> list[_Case]:
    """The cases of those kinds of which the model knows more than chance."""
    able: set[Relation] = set()
    for kind in dict.fromkeys(case.kind for case in cases):
        try:
            scale = await judge.scale(kind, trying)
        except LlmError as fault:
            heard.fault = heard.fault or fault
            if is_budget(fault):
                continue
            return []
        if scale.useful:
            able.add(kind)
        else:
            heard.at_chance[kind] = scale
    return [case for case in cases if case.kind in able]


def _left(what: str, cases: Sequence[_Case], heard: _Heard, model: str) -> Iterator[NotChecked]:
    """What was not judged, and why; the local result stays."""
    of_chance = {kind: sum(case.kind == kind for case in cases) for kind in heard.at_chance}
    for kind, scale in heard.at_chance.items():
        yield NotChecked(
            what=f"Second reading of {of_chance[kind]} {_NAMES[what]} ({kind}) by {model}",
            why=f"its answers to {scale.of} questions whose answers are known hardly tell yes from "
            "no; the local result stays",
            how="Use a more capable model.",
        )
    if heard.mute:
        yield NotChecked(
            what=f"Second reading of {heard.mute} of {len(cases)} uncertain {_NAMES[what]}",
            why=f"{model} would not say, or quoted what is not there; the local result stays",
            how="Read them yourself, or use a more capable model.",
        )
    left = len(cases) - len(heard.opinions) - heard.mute - sum(of_chance.values())
    if not left or heard.fault is None:
        return
    name = f"Second reading of {left} of {len(cases)} uncertain {_NAMES[what]}"
    if is_budget(heard.fault):
        yield NotChecked(
            what=name,
            why="the number of calls that --llm-budget allows was made, the most uncertain and "
            "important cases first; the local result stays",
            how="Allow more, or scan again: answers that were given are kept and cost no call.",
        )
        return
    missing = not_done(name, heard.fault)
    yield missing.model_copy(update={"why": f"{missing.why}; the local result stays"})
