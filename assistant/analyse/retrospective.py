"""A finished period looked back on: what moved, what was assumed wrongly, what could be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import mean

from assistant.analyse.choices import Strategy, read_strategy
from assistant.analyse.citations import cited, quoted
from assistant.errors import InputError
from assistant.history.scans import SeenEdge, SeenFinding, Snapshot
from assistant.models import Cycle, Evidence, Finding, Noun, Objective, Organisation, fold

MOVED = 0.7
"""From this mean score of its key results on, an objective has moved."""

STOOD = 0.3
"""Below this one it has stood still."""

_ALIGNMENT = frozenset({"A3", "A4", "A5", "A6", "A7", "A8", "A9", "A11"})
_DOUBTED = frozenset({"drifted", "look"})
_MOST_QUESTIONS = 3
_ENOUGH_SCORES = 5
_ALL_REACHED = 0.95


class Outcome(Noun):
    """How one objective ended.

    Attributes:
        score: the mean of its scored key results, from 0 to 1; None where none has a score.
        scored: how many key results have a score, of ``key_results`` that were not dropped.
    """

    objective_id: str
    text: str
    team: str
    score: float | None
    scored: int
    key_results: int


class WithoutParent(Noun):
    """A success below a parent that stood still: what drift looks like afterwards.

    Attributes:
        was_visible: whether the earlier scan doubted this link; None without one that has it.
    """

    child: Outcome
    parent: Outcome
    was_visible: bool | None = None


class WrongAssumption(Noun):
    """Something that the strategy assumed and took back, with what rested on it."""

    assumption: str
    taken_back: Evidence
    rested: tuple[Outcome, ...] = ()


class Foreseen(Noun):
    """A finding of the earlier scan, with how its objective ended."""

    finding: SeenFinding
    outcome: Outcome


class Comparison(Noun):
    """The mean score of objectives that a scan doubted, beside that of the others."""

    doubted: float | None
    doubted_count: int
    others: float | None
    others_count: int


class Retrospective(Noun):
    """A finished period.

    Attributes:
        cycle: the period.
        moved: outcomes from 0.7 on, best first; ``partly`` those between; ``stood`` those below
            0.3, lowest first; ``open`` those without a score.
        dropped: what was given up on the way.
        without_parent: objectives that moved while what they serve stood still.
        assumptions: what was assumed and taken back.
        foreseen: what the scan at the start said, with what became of it.
        doubted: scores of the objectives whose links that scan doubted; None without a scan.
        scan_taken: when that scan was made, and ``scan_named`` which one it is.
        questions: what to talk about, drawn from the above. They ask about goals, not people.
    """

    cycle: Cycle
    moved: tuple[Outcome, ...] = ()
    partly: tuple[Outcome, ...] = ()
    stood: tuple[Outcome, ...] = ()
    open: tuple[Outcome, ...] = ()
    dropped: tuple[Outcome, ...] = ()
    without_parent: tuple[WithoutParent, ...] = ()
    assumptions: tuple[WrongAssumption, ...] = ()
    foreseen: tuple[Foreseen, ...] = ()
    doubted: Comparison | None = None
    scan_taken: date | None = None
    scan_named: str = ""
    questions: tuple[str, ...] = ()

    @property
    def scored(self) -> int:
        """How many objectives have a score."""
        return len(self.moved) + len(self.partly) + len(self.stood)


def look_back(
    organisation: Organisation,
    cycle_name: str,
    *,
    before: Snapshot | None = None,
    resting: Sequence[Finding] = (),
    strategy: Strategy | None = None,
) -> Retrospective:
    """Look back on a finished period.

    Args:
        organisation: with the scores of its key results.
        cycle_name: the period, by name or id.
        before: a scan from about the start of the period, if one was kept.
        resting: findings A9 of today, which say what rests on a withdrawn assumption.
        strategy: what the documents state; read from them where it is not given.

    Raises:
        InputError: there is no such period, or nothing in it has a score.
    """
    cycle = find_period(organisation, cycle_name)
    own = [item for item in organisation.objectives if item.cycle_id == cycle.id]
    live = [item for item in own if item.status != "dropped"]
    outcomes = _outcomes(organisation, organisation.objectives)
    results = [outcomes[item.id] for item in live]
    if not any(item.score is not None for item in results):
        raise InputError(
            f"No key result of {cycle.name} has a score, so there is nothing to look back on. Add "
            "'score' from 0 to 1, or 'progress' in per cent, to its key results."
        )
    edges = {(edge.child_id, edge.parent_id): edge for edge in (before.edges if before else ())}
    found = Retrospective(
        cycle=cycle,
        moved=_ranked(results, lambda score: score >= MOVED, best_first=True),
        partly=_ranked(results, lambda score: STOOD <= score < MOVED, best_first=True),
        stood=_ranked(results, lambda score: score < STOOD, best_first=False),
        open=tuple(item for item in results if item.score is None),
        dropped=tuple(outcomes[item.id] for item in own if item.status == "dropped"),
        without_parent=tuple(_without_parent(organisation, live, outcomes, edges, before)),
        assumptions=tuple(
            _assumptions(
                strategy or read_strategy(organisation), organisation, resting, cycle, outcomes
            )
        ),
        foreseen=tuple(_foreseen(before, live, outcomes)) if before else (),
        doubted=_compared(before.edges, live, outcomes) if before else None,
        scan_taken=before.taken_at.date() if before else None,
    )
    return found.model_copy(update={"questions": tuple(_questions(found))})


def find_period(organisation: Organisation, name: str) -> Cycle:
    """The period that is meant by a name or an id.

    Raises:
        InputError: there is none.
    """
    for item in organisation.cycles:
        if fold(name) in (fold(item.id), fold(item.name)):
            return item
    known = ", ".join(item.name for item in organisation.cycles) or "none"
    raise InputError(f"There is no period {name!r}. The periods are: {known}.")


def at_the_start(
    scans: Iterable[Snapshot], cycle: Cycle, organisation: Organisation
) -> Snapshot | None:
    """The scan that shows a period as it began.

    Args:
        scans: oldest first; no more are read than are needed.
        cycle: the period.
        organisation: as it is now.

    Returns:
        The first scan that holds at least half of the objectives of the period and was taken
        before it ended; None if there is none.
    """
    own = {item.id for item in organisation.objectives if item.cycle_id == cycle.id}
    for item in scans:
        if cycle.end and item.taken_at.date() > cycle.end:
            return None
        known = {one.id for one in item.objectives}
        if own and 2 * len(own & known) >= len(own):
            return item
    return None


def _outcomes(organisation: Organisation, objectives: Iterable[Objective]) -> Mapping[str, Outcome]:
    teams = {item.id: item.name for item in organisation.teams}
    found = {}
    for item in objectives:
        kept = [one for one in item.key_results if one.status != "dropped"]
        scores = [one.score for one in kept if one.score is not None]
        found[item.id] = Outcome(
            objective_id=item.id,
            text=item.text,
            team=teams.get(item.team_id or "", ""),
            score=round(mean(scores), 2) if scores else None,
            scored=len(scores),
            key_results=len(kept),
        )
    return found


def _ranked(
    results: Iterable[Outcome], belongs: Callable[[float], bool], *, best_first: bool
) -> tuple[Outcome, ...]:
    found = [(item.score, item) for item in results if item.score is not None]
    chosen = [pair for pair in found if belongs(pair[0])]
    chosen.sort(key=lambda pair: -pair[0] if best_first else pair[0])
    return tuple(item for _, item in chosen)


def _without_parent(
    organisation: Organisation,
    live: Iterable[Objective],
    outcomes: Mapping[str, Outcome],
    edges: Mapping[tuple[str, str], SeenEdge],
    before: Snapshot | None,
) -> Iterator[WithoutParent]:
    for item in live:
        child = outcomes[item.id]
        if child.score is None or child.score < MOVED:
            continue
        for parent_id in dict.fromkeys(link.objective_id or "" for link in item.parents):
            parent = outcomes.get(parent_id)
            if parent is None or parent_id == item.id or parent.score is None:
                continue
            if parent.score < STOOD:
                edge = edges.get((item.id, parent_id)) if before else None
                visible = edge.verdict in _DOUBTED if edge else None
                yield WithoutParent(child=child, parent=parent, was_visible=visible)


def _assumptions(
    strategy: Strategy,
    organisation: Organisation,
    resting: Iterable[Finding],
    cycle: Cycle,
    outcomes: Mapping[str, Outcome],
) -> Iterator[WrongAssumption]:
    """What was taken back since the period began, with the objectives of the period that rested on it."""
    own = {item.id for item in organisation.objectives if item.cycle_id == cycle.id}
    rested: dict[str, list[Outcome]] = {}
    for finding in resting:
        if finding.objective_id in own:
            for evidence in finding.evidence:
                rested.setdefault(evidence.quote, []).append(outcomes[finding.objective_id])
    for choice in strategy.choices:
        taken = strategy.withdrawals.get(choice.id)
        if taken is None or (taken.on and cycle.start and taken.on < cycle.start):
            continue
        document = organisation.document(taken.document_id)
        evidence = cited(document, taken.quote, taken.location, taken.passage_id)
        found = {one.objective_id: one for one in rested.get(taken.quote, [])}
        yield WrongAssumption(
            assumption=choice.text,
            taken_back=evidence.model_copy(update={"published": taken.on or evidence.published}),
            rested=tuple(found.values()),
        )


def _foreseen(
    before: Snapshot, live: Iterable[Objective], outcomes: Mapping[str, Outcome]
) -> Iterator[Foreseen]:
    ids = {item.id for item in live}
    for finding in before.findings:
        if (
            finding.rule in _ALIGNMENT
            and finding.severity != "info"
            and finding.objective_id in ids
        ):
            yield Foreseen(finding=finding, outcome=outcomes[finding.objective_id])


def _compared(
    edges: Iterable[SeenEdge], live: Iterable[Objective], outcomes: Mapping[str, Outcome]
) -> Comparison:
    ids = {item.id for item in live}
    judged = [edge for edge in edges if edge.child_id in ids and edge.verdict != "unclear"]
    doubted = {edge.child_id for edge in judged if edge.verdict in _DOUBTED}
    others = {edge.child_id for edge in judged} - doubted
    means = []
    for group in (doubted, others):
        scores = [score for key in group if (score := outcomes[key].score) is not None]
        means.append((round(mean(scores), 2) if scores else None, len(scores)))
    return Comparison(
        doubted=means[0][0],
        doubted_count=means[0][1],
        others=means[1][0],
        others_count=means[1][1],
    )


def _questions(found: Retrospective) -> Iterator[str]:
    for pair in found.without_parent[:_MOST_QUESTIONS]:
        yield (
            f"{quoted(pair.child.text)} reached {pair.child.score:.2f} while "
            f"{quoted(pair.parent.text)} stood at {pair.parent.score:.2f}. What did the one move, and "
            "what would have moved the other?"
        )
    for item in found.assumptions[:_MOST_QUESTIONS]:
        yield (
            f"{quoted(item.assumption)} did not hold. What was its first sign, and how early could it be seen?"
        )
    for outcome in found.stood[:_MOST_QUESTIONS]:
        yield (
            f"{quoted(outcome.text)} stood at {outcome.score:.2f}. Which assumption behind it was "
            "wrong, and what do you know now that is worth keeping?"
        )
    scores = [item.score for item in (*found.moved, *found.partly, *found.stood)]
    known = [score for score in scores if score is not None]
    if len(known) >= _ENOUGH_SCORES and mean(known) >= _ALL_REACHED:
        yield (
            f"The mean score is {mean(known):.2f}. Were these targets meant to be certain, and what "
            "would have been worth trying beyond them?"
        )
