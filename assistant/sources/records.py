"""What a reader yields: the words as they stand, before teams and parents are resolved."""

from __future__ import annotations

from datetime import date

from assistant.models import Location, Noun, ObjectiveKind, Phase, Problem, Status, StrategyDocument


class KeyResultRecord(Noun):
    """A key result as written. ``key`` is the id that the source itself gives, if any."""

    text: str
    location: Location
    key: str | None = None
    owner: str | None = None
    status: Status = "open"
    score: float | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ObjectiveRecord(Noun):
    """An objective as written.

    ``parents`` holds what the source says the objective serves: a key of another record or the
    text of an objective or key result. Names of team and cycle are as written.
    """

    text: str
    location: Location
    key: str | None = None
    team: str | None = None
    cycle: str | None = None
    key_results: tuple[KeyResultRecord, ...] = ()
    parents: tuple[str, ...] = ()
    contribution: str | None = None
    owner: str | None = None
    horizon: str | None = None
    kind: ObjectiveKind | None = None
    phase: Phase | None = None
    drivers: tuple[str, ...] = ()
    status: Status = "open"
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class TeamRecord(Noun):
    """A team as written; ``parent`` is the name of the team above."""

    name: str
    location: Location
    parent: str | None = None
    people: int | None = None
    budget: float | None = None


class CycleRecord(Noun):
    """A planning period as written."""

    name: str
    location: Location
    start: date | None = None
    end: date | None = None


Record = ObjectiveRecord | TeamRecord | CycleRecord | StrategyDocument | Problem
"""A reader yields these in the order of its source; a Problem costs only the part it names."""
