"""Puts what the readers found together: teams, cycles, ids and the links between objectives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from assistant.memory import Memory, code_digest, remembered
from assistant.models import Measure, Objective, Organisation, Problem, StrategyDocument, fold
from assistant.sources.cycles import gather, read_cycle
from assistant.sources.identity import Measured, Scope, Sentence, build, duplicates, measured
from assistant.sources.linking import circles, link, targets
from assistant.sources.parents import Parents
from assistant.sources.records import CycleRecord, ObjectiveRecord, Record, TeamRecord
from assistant.sources.teams import Teams


def assemble(
    records: Iterable[Record], *, name: str = "Organisation", measure: Measured = measured
) -> tuple[Organisation, tuple[Problem, ...]]:
    """Make an organisation of everything that was read.

    Ids depend on what an element is, not on where it stands: on its key, or else on its text,
    within its team and cycle. A key that only counts, such as ``O1`` or ``KR1.2``, is no part of
    an id, because it changes with the order.

    Args:
        records: what the readers yielded, in any order.
        name: what the organisation is called.
        measure: reads what key results measure; see :func:`known_measures`.

    Returns:
        The organisation, and every problem: those of the readers, then teams that cannot be told
        apart, duplicates, parents that do not exist, and parents that lead in a circle. Nothing
        is left out because of them.
    """
    sorted_out = _SortedOut.of(records)
    teams = Teams.of_records(sorted_out.teams, filter(None, map(_team_name, sorted_out.objectives)))
    cycles, cycle_problems = gather(sorted_out.cycles, sorted_out.cycle_names)
    by_id = {cycle.id: cycle for cycle in cycles}
    scoped = [(record, _scope(record, teams)) for record in sorted_out.objectives]
    built = build(scoped, by_id, measure)
    parents = Parents(targets(item.objective for item in built), teams, by_id)
    objectives, link_problems = link(built, parents)
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
        *duplicates(built),
        *link_problems,
        *circles(objectives),
    )
    return organisation, problems


def known_measures(memory: Memory) -> Measured:
    """Reads what key results measure, as far as it is not known from memory."""

    def depends_on(sentence: Sentence) -> tuple[str, ...]:
        text, cycle = sentence
        code = code_digest("language", "models.py")
        return "measure", code, text, cycle.model_dump_json() if cycle else ""

    form = TypeAdapter(Measure)
    return lambda sentences: remembered(memory, sentences, depends_on, measured, form)


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
    cycles, _ = gather(sorted_out.cycles, sorted_out.cycle_names)
    by_id = {cycle.id: cycle for cycle in (*cycles, *organisation.cycles)}
    built = build(scoped, by_id)
    drafted = {item.objective.id for item in built}
    there = [item for item in organisation.objectives if item.id not in drafted]
    among = targets([*(item.objective for item in built), *there])
    objectives, link_problems = link(built, Parents(among, teams, by_id))
    problems = (
        *sorted_out.problems,
        *teams.problems,
        *duplicates(built),
        *link_problems,
        *circles(objectives),
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

    @property
    def cycle_names(self) -> list[str]:
        """The names of cycles as the objectives give them."""
        return [name for record in self.objectives if (name := _cycle_name(record))]


def _team_name(record: ObjectiveRecord) -> str:
    return (record.team or "").strip()


def _cycle_name(record: ObjectiveRecord) -> str:
    return (record.cycle or "").strip()


def _scope(record: ObjectiveRecord, teams: Teams) -> Scope:
    name, cycle = _team_name(record), _cycle_name(record)
    team = teams.find(name, record.location) if name else None
    return team, read_cycle(cycle).id if cycle else None


# --- drafts -----------------------------------------------------------------------------------


def _by_text(organisation: Organisation) -> dict[str, list[Objective]]:
    known: dict[str, list[Objective]] = defaultdict(list)
    for objective in organisation.objectives:
        known[fold(objective.text)].append(objective)
    return known


def _draft_scope(record: ObjectiveRecord, teams: Teams, same_text: Sequence[Objective]) -> Scope:
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
