"""Gives every objective and key result an id that depends on what it is, not on where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.language.parse import parse_measure
from assistant.models import (
    Cycle,
    KeyResult,
    Measure,
    Objective,
    ParentLink,
    Problem,
    fold,
    stable_id,
)
from assistant.sources.markers import is_positional
from assistant.sources.records import KeyResultRecord, ObjectiveRecord
from assistant.sources.teams import place_order

_SHOWN = 80


def warning(record: ObjectiveRecord | KeyResultRecord, message: str) -> Problem:
    """A warning about one element."""
    return Problem(message=message, location=record.location, severity="warning")


def shown(text: str) -> str:
    """A text in quotes on one line, short enough for a message."""
    words = " ".join(text.split())
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…")


@dataclass(slots=True)
class Built:
    """An objective with the record that it was made of.

    ``first`` is the record that bears the same id without a suffix, where this is a duplicate.
    """

    record: ObjectiveRecord
    objective: Objective
    first: ObjectiveRecord | None = None
    repeated: list[tuple[KeyResultRecord, KeyResultRecord]] = field(default_factory=list)


Scope = tuple[str | None, str | None]
"""The ids of team and cycle."""


Sentence = tuple[str, Cycle | None]
Measured = Callable[[Sequence[Sentence]], Sequence[Measure]]
"""Takes key results with their planning periods; returns what each measures."""


def measured(sentences: Sequence[Sentence]) -> list[Measure]:
    """What key results measure."""
    return [parse_measure(text, cycle) for text, cycle in sentences]


def build(
    scoped: Sequence[tuple[ObjectiveRecord, Scope]],
    cycles: Mapping[str, Cycle],
    measure: Measured = measured,
) -> list[Built]:
    """The objectives in the order of their records, each with an id of its own."""
    sentences = [
        (item.text, cycles.get(cycle or ""))
        for one, (_, cycle) in scoped
        for item in one.key_results
    ]
    measures = iter(measure(sentences))
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
            _with_suffix(identity, rank),
            firsts[identity] if rank else None,
            [next(measures) for _ in record.key_results],
        )
        for (record, scope), identity, rank in zip(scoped, identities, ranks, strict=True)
    ]


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
    scope: Scope,
    objective_id: str,
    first: ObjectiveRecord | None,
    measures: Sequence[Measure],
) -> Built:
    team_id, cycle_id = scope
    key_results, repeated = _key_results(record.key_results, objective_id, measures)
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
    return Built(record, objective, first, repeated)


def _key_results(
    records: Sequence[KeyResultRecord], objective_id: str, measures: Sequence[Measure]
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
    results = map(_key_result, records, ids, measures)
    return tuple(results), repeated


def _key_result_content(record: KeyResultRecord) -> tuple[object, ...]:
    return fold(record.text), record.owner or "", place_order(record.location)


def _key_result(record: KeyResultRecord, key_result_id: str, measure: Measure) -> KeyResult:
    return KeyResult(
        id=key_result_id,
        text=record.text,
        key=record.key,
        measure=measure,
        owner=record.owner,
        status=record.status,
        score=record.score,
        tags=record.tags,
        notes=record.notes,
        location=record.location,
    )


def duplicates(built: Iterable[Built]) -> Iterator[Problem]:
    """What stands twice; both were kept."""
    for item in built:
        if item.first is not None:
            yield warning(
                item.record,
                f"The objective {shown(item.record.text)} stands twice in one team and cycle, "
                f"also in {item.first.location}; both were kept.",
            )
        for record, first in item.repeated:
            yield warning(
                record,
                f"The key result {shown(record.text)} stands twice under "
                f"{shown(item.record.text)}, also in {first.location}; both were kept.",
            )
