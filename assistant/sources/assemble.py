"""Puts what the readers found together: teams, cycles, ids and the links between objectives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.language.parse import parse_measure
from assistant.models import (
    Cycle,
    KeyResult,
    Objective,
    Organisation,
    ParentLink,
    Problem,
    StrategyDocument,
    fold,
    stable_id,
)
from assistant.sources.cycles import read_cycle
from assistant.sources.markers import is_positional
from assistant.sources.parents import Found, Parents, Target, fold_text
from assistant.sources.records import (
    CycleRecord,
    KeyResultRecord,
    ObjectiveRecord,
    Record,
    TeamRecord,
)
from assistant.sources.teams import Teams, place_order

_SHOWN = 80


def assemble(
    records: Iterable[Record], *, name: str = "Organisation"
) -> tuple[Organisation, tuple[Problem, ...]]:
    """Make an organisation of everything that was read.

    Ids depend on what an element is, not on where it stands: on its key, or else on its text,
    within its team and cycle. A key that only counts, such as ``O1`` or ``KR1.2``, is no part of
    an id, because it changes with the order.

    Args:
        records: what the readers yielded, in any order.
        name: what the organisation is called.

    Returns:
        The organisation, and every problem: those of the readers, then teams that cannot be told
        apart, duplicates, parents that do not exist, and parents that lead in a circle. Nothing
        is left out because of them.
    """
    sorted_out = _SortedOut.of(records)
    teams = Teams.of_records(
        sorted_out.teams, filter(None, map(_team_name, sorted_out.objectives))
    )
    cycles, cycle_problems = _cycles(sorted_out.cycles, sorted_out.objectives)
    by_id = {cycle.id: cycle for cycle in cycles}
    scoped = [(record, _scope(record, teams)) for record in sorted_out.objectives]
    built = _build(scoped, by_id)
    parents = Parents(_targets(item.objective for item in built), teams, by_id)
    objectives, link_problems = _link(built, parents)
    organisation = Organisation(
        name=name,
        teams=teams.teams(),
        cycles=cycles,
        objectives=objectives,
        documents=tuple(sorted_out.documents),
    )
    problems = (
        *sorted_out.problems,
        *teams.problems,
        *cycle_problems,
        *_duplicates(built),
        *link_problems,
        *_circles(objectives),
    )
    return organisation, problems


def assemble_draft(
    records: Iterable[Record], organisation: Organisation
) -> tuple[tuple[Objective, ...], tuple[Problem, ...]]:
    """Make objectives of a draft, with teams, cycles and parents of an organisation.

    An objective that the organisation has already gets the same id. Where the draft does not say
    team or cycle, they are taken from the one objective of the organisation that has the same
    text and shares a key result with it.

    Args:
        records: what a reader yielded for the draft.
        organisation: what the draft is written into.

    Returns:
        The objectives, and the problems of the draft. A team that the organisation does not have
        is a problem, and the objective has the id of the team that it would be.
    """
    sorted_out = _SortedOut.of(records)
    teams = Teams.of_teams(organisation.teams)
    known = _by_text(organisation)
    scoped = [
        (record, _draft_scope(record, teams, known[fold(record.text)]))
        for record in sorted_out.objectives
    ]
    cycles, _ = _cycles(sorted_out.cycles, sorted_out.objectives)
    by_id = {cycle.id: cycle for cycle in (*cycles, *organisation.cycles)}
    built = _build(scoped, by_id)
    drafted = {item.objective.id for item in built}
    there = [item for item in organisation.objectives if item.id not in drafted]
    targets = _targets([*(item.objective for item in built), *there])
    objectives, link_problems = _link(built, Parents(targets, teams, by_id))
    problems = (
        *sorted_out.problems,
        *teams.problems,
        *_duplicates(built),
        *link_problems,
        *_circles(objectives),
    )
    return objectives, problems


@dataclass(slots=True)
class _SortedOut:
    """Records by what they are."""

    objectives: list[ObjectiveRecord] = field(default_factory=list)
    teams: list[TeamRecord] = field(default_factory=list)
    cycles: list[CycleRecord] = field(default_factory=list)
    documents: list[StrategyDocument] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, records: Iterable[Record]) -> _SortedOut:
        result = cls()
        for record in records:
            if isinstance(record, ObjectiveRecord):
                result.objectives.append(record)
            elif isinstance(record, TeamRecord):
                result.teams.append(record)
            elif isinstance(record, CycleRecord):
                result.cycles.append(record)
            elif isinstance(record, StrategyDocument):
                result.documents.append(record)
            else:
                result.problems.append(record)
        return result


# --- cycles -------------------------------------------------------------------------------------


def _cycles(
    records: Sequence[CycleRecord], objectives: Sequence[ObjectiveRecord]
) -> tuple[tuple[Cycle, ...], list[Problem]]:
    """Every cycle that is declared or mentioned; days that are stated win over the calendar's."""
    cycles: dict[str, Cycle] = {}
    dated: dict[str, list[CycleRecord]] = defaultdict(list)
    problems: list[Problem] = []
    for record in records:
        cycle = read_cycle(record.name)
        cycles.setdefault(cycle.id, cycle)
        if record.start or record.end:
            dated[cycle.id].append(record)
    for objective in objectives:
        if objective.cycle:
            cycle = read_cycle(objective.cycle)
            cycles.setdefault(cycle.id, cycle)
    for cycle_id, stated in dated.items():
        cycles[cycle_id] = _dated(cycles[cycle_id], stated, problems)
    return tuple(cycles.values()), problems


def _dated(cycle: Cycle, records: list[CycleRecord], problems: list[Problem]) -> Cycle:
    first, *others = sorted(records, key=lambda record: place_order(record.location))
    start, end = first.start or cycle.start, first.end or cycle.end
    if start and end and end < start:
        problems.append(
            Problem(
                message=f"The cycle {cycle.name!r} ends on {end}, before it starts on {start}; "
                "its days were left out.",
                location=first.location,
                severity="warning",
            )
        )
        return cycle
    for other in others:
        if (other.start, other.end) != (first.start, first.end):
            problems.append(
                Problem(
                    message=f"The cycle {cycle.name!r} has other days in {first.location}; "
                    "those were taken.",
                    location=other.location,
                    severity="warning",
                )
            )
    return cycle.model_copy(update={"start": start, "end": end})


# --- objectives and their ids --------------------------------------------------------------------


@dataclass(slots=True)
class _Built:
    """An objective with the record that it was made of.

    ``first`` is the record that bears the same id without a suffix, where this is a duplicate.
    """

    record: ObjectiveRecord
    objective: Objective
    first: ObjectiveRecord | None = None
    repeated: list[tuple[KeyResultRecord, KeyResultRecord]] = field(default_factory=list)


_Scope = tuple[str | None, str | None]
"""The ids of team and cycle."""


def _build(
    scoped: Sequence[tuple[ObjectiveRecord, _Scope]], cycles: Mapping[str, Cycle]
) -> list[_Built]:
    """The objectives in the order of their records, each with an id of its own."""
    records = [record for record, _ in scoped]
    identities = [
        stable_id("obj", team or "", cycle or "", _identity(record))
        for record, (team, cycle) in scoped
    ]
    ranks, firsts = _ranks(identities, records)
    return [
        _objective(
            record,
            scope,
            cycles.get(scope[1] or ""),
            _with_suffix(identity, rank),
            firsts[identity] if rank else None,
        )
        for (record, scope), identity, rank in zip(scoped, identities, ranks, strict=True)
    ]


def _team_name(record: ObjectiveRecord) -> str:
    return (record.team or "").strip()


def _scope(record: ObjectiveRecord, teams: Teams) -> _Scope:
    name, cycle = _team_name(record), (record.cycle or "").strip()
    team = teams.find(name, record.location) if name else None
    return team, read_cycle(cycle).id if cycle else None


def _identity(record: ObjectiveRecord | KeyResultRecord) -> str:
    """What makes an element this one and no other, within its team and cycle."""
    return record.key if record.key and not is_positional(record.key) else record.text


def _ranks(
    identities: Sequence[str], records: Sequence[ObjectiveRecord]
) -> tuple[list[int], dict[str, ObjectiveRecord]]:
    """The number of each record among those of one identity, by content and not by order."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, identity in enumerate(identities):
        groups[identity].append(at)
    ranks = [0] * len(records)
    firsts: dict[str, ObjectiveRecord] = {}
    for identity, members in groups.items():
        members.sort(key=lambda at: _content(records[at]))
        firsts[identity] = records[members[0]]
        for rank, at in enumerate(members):
            ranks[at] = rank
    return ranks, firsts


def _content(record: ObjectiveRecord) -> tuple[object, ...]:
    return (
        fold(record.text),
        tuple(fold(item.text) for item in record.key_results),
        record.owner or "",
        record.parents,
        place_order(record.location),
    )


def _with_suffix(identity: str, rank: int) -> str:
    return f"{identity}-{rank + 1}" if rank else identity


def _objective(
    record: ObjectiveRecord,
    scope: _Scope,
    cycle: Cycle | None,
    objective_id: str,
    first: ObjectiveRecord | None,
) -> _Built:
    team_id, cycle_id = scope
    key_results, repeated = _key_results(record.key_results, objective_id, cycle)
    objective = Objective(
        id=objective_id,
        text=record.text,
        key=record.key,
        team_id=team_id,
        cycle_id=cycle_id,
        key_results=key_results,
        parents=tuple(ParentLink(stated=stated) for stated in record.parents),
        contribution=record.contribution,
        owner=record.owner,
        horizon=record.horizon,
        kind=record.kind,
        phase=record.phase,
        drivers=record.drivers,
        status=record.status,
        tags=record.tags,
        notes=record.notes,
        location=record.location,
    )
    return _Built(record, objective, first, repeated)


def _key_results(
    records: Sequence[KeyResultRecord], objective_id: str, cycle: Cycle | None
) -> tuple[tuple[KeyResult, ...], list[tuple[KeyResultRecord, KeyResultRecord]]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        groups[stable_id("kr", objective_id, _identity(record))].append(at)
    ids = [""] * len(records)
    repeated: list[tuple[KeyResultRecord, KeyResultRecord]] = []
    for identity, group in groups.items():
        first, *others = sorted(group, key=lambda at: _key_result_content(records[at]))
        for rank, at in enumerate((first, *others)):
            ids[at] = _with_suffix(identity, rank)
        repeated.extend((records[at], records[first]) for at in others)
    results = (_key_result(record, one, cycle) for record, one in zip(records, ids, strict=True))
    return tuple(results), repeated


def _key_result_content(record: KeyResultRecord) -> tuple[object, ...]:
    return fold(record.text), record.owner or "", place_order(record.location)


def _key_result(record: KeyResultRecord, key_result_id: str, cycle: Cycle | None) -> KeyResult:
    return KeyResult(
        id=key_result_id,
        text=record.text,
        key=record.key,
        measure=parse_measure(record.text, cycle),
        owner=record.owner,
        status=record.status,
        score=record.score,
        tags=record.tags,
        notes=record.notes,
        location=record.location,
    )


def _duplicates(built: Iterable[_Built]) -> Iterator[Problem]:
    for item in built:
        if item.first is not None:
            yield _problem(
                item.record,
                f"The objective {_shown(item.record.text)} stands twice in one team and cycle, "
                f"also in {item.first.location}; both were kept.",
            )
        for record, first in item.repeated:
            yield _problem(
                record,
                f"The key result {_shown(record.text)} stands twice under "
                f"{_shown(item.record.text)}, also in {first.location}; both were kept.",
            )


# --- links ---------------------------------------------------------------------------------------


def _targets(objectives: Iterable[Objective]) -> Iterator[Target]:
    for objective in objectives:
        states = frozenset(fold_text(link.stated) for link in objective.parents)
        place = (objective.team_id, objective.cycle_id)
        yield Target(
            objective.id, None, objective.text, objective.key, *place, objective.location, states
        )
        for item in objective.key_results:
            yield Target(
                objective.id,
                item.id,
                item.text,
                item.key,
                *place,
                item.location or objective.location,
            )


def _link(built: Sequence[_Built], parents: Parents) -> tuple[tuple[Objective, ...], list[Problem]]:
    """The objectives with their parents resolved, and what could not be."""
    objectives: list[Objective] = []
    problems: list[Problem] = []
    for item in built:
        if not item.objective.parents:
            objectives.append(item.objective)
            continue
        child = next(_targets([item.objective]))
        links = []
        for stated in item.record.parents:
            found = parents.find(stated, child)
            links.append(_parent_link(stated, found))
            problems.extend(_about_parent(stated, found, item.record))
        objectives.append(item.objective.model_copy(update={"parents": tuple(links)}))
    return tuple(objectives), problems


def _parent_link(stated: str, found: Found) -> ParentLink:
    if found.target is None:
        return ParentLink(stated=stated)
    return ParentLink(
        stated=stated,
        objective_id=found.target.objective_id,
        key_result_id=found.target.key_result_id,
    )


def _about_parent(stated: str, found: Found, record: ObjectiveRecord) -> Iterator[Problem]:
    if found.target and found.is_close:
        yield _problem(
            record,
            f"The parent {_shown(stated)} was taken to be {_shown(found.target.text)} "
            f"({found.target.location}).",
        ).model_copy(update={"severity": "info"})
    elif found.is_self:
        yield _problem(record, f"The objective {_shown(record.text)} names itself as its parent.")
    elif found.among:
        places = " and ".join(sorted({str(item.location) for item in found.among}))
        yield _problem(
            record,
            f"The parent {_shown(stated)} fits several: {places}. "
            "Name its team as well, for example 'Payments: O1', or give its full text.",
        )
    elif found.target is None:
        yield _problem(
            record,
            f"The parent {_shown(stated)} is no objective or key result that was read. Check the "
            "words; if it is a contribution in free words, write 'Contribution: ...'.",
        )


def _circles(objectives: Sequence[Objective]) -> Iterator[Problem]:
    """One problem for each group of objectives that serve one another in a circle."""
    by_id = {objective.id: objective for objective in objectives}
    edges = {
        objective.id: sorted(
            {link.objective_id for link in objective.parents if link.objective_id in by_id}
        )
        for objective in objectives
    }
    for group in _strongly_connected(edges):
        first = by_id[min(group)]
        others = " and ".join(
            f"{_shown(by_id[other].text)} ({by_id[other].location})"
            for other in sorted(group)
            if other != first.id
        )
        yield Problem(
            message=f"The parents of {_shown(first.text)} lead in a circle back to it, "
            f"through {others}.",
            location=first.location,
            severity="warning",
        )


def _strongly_connected(edges: dict[str, list[str]]) -> Iterator[list[str]]:
    """Groups of more than one node that reach each other (Tarjan, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    for start in sorted(edges):
        if start in order:
            continue
        work = [(start, iter(edges[start]))]
        order[start] = low[start] = len(order)
        path.append(start)
        on_path.add(start)
        while work:
            node, following = work[-1]
            step = next(following, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = _popped(path, node)
                    on_path.difference_update(group)
                    if len(group) > 1:
                        yield group
            elif step not in order:
                order[step] = low[step] = len(order)
                path.append(step)
                on_path.add(step)
                work.append((step, iter(edges[step])))
            elif step in on_path:
                low[node] = min(low[node], order[step])


def _popped(path: list[str], node: str) -> list[str]:
    """The end of the path from a node on, taken off it."""
    group = [path.pop()]
    while group[-1] != node:
        group.append(path.pop())
    return group


# --- drafts --------------------------------------------------------------------------------------


def _by_text(organisation: Organisation) -> dict[str, list[Objective]]:
    known: dict[str, list[Objective]] = defaultdict(list)
    for objective in organisation.objectives:
        known[fold(objective.text)].append(objective)
    return known


def _draft_scope(record: ObjectiveRecord, teams: Teams, same_text: Sequence[Objective]) -> _Scope:
    """Team and cycle as stated, or else those of the objective that this one is a copy of."""
    team, cycle = _scope(record, teams)
    if team and cycle:
        return team, cycle
    same = [
        item
        for item in same_text
        if team in (None, item.team_id)
        and cycle in (None, item.cycle_id)
        and _shares_key_result(item, record)
    ]
    return (same[0].team_id, same[0].cycle_id) if len(same) == 1 else (team, cycle)


def _shares_key_result(objective: Objective, record: ObjectiveRecord) -> bool:
    there = {fold(item.text) for item in objective.key_results}
    drafted = {fold(item.text) for item in record.key_results}
    return bool(there & drafted) or not (there or drafted)


def _problem(record: ObjectiveRecord | KeyResultRecord, message: str) -> Problem:
    return Problem(message=message, location=record.location, severity="warning")


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…")
