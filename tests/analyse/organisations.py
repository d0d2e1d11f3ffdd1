"""Small organisations for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.language.parse import parse_measure
from assistant.models import (
    Cycle,
    DriftSubtype,
    KeyResult,
    Noun,
    Objective,
    Organisation,
    ParentLink,
    Team,
)
from assistant.sources.cycles import read_cycle

_AXES = 997


def objective(
    text: str,
    *results: str,
    id: str | None = None,
    under: Sequence[str | tuple[str, str]] = (),
    team: str | None = None,
    cycle: str | None = None,
) -> Objective:
    """An objective whose id is its text; ``under`` names parents, or parent and key result."""
    links = [(item, None) if isinstance(item, str) else item for item in under]
    return Objective(
        id=id or text,
        text=text,
        team_id=team,
        cycle_id=cycle,
        key_results=tuple(
            KeyResult(id=result, text=result, measure=parse_measure(result)) for result in results
        ),
        parents=tuple(
            ParentLink(stated=key, objective_id=key, key_result_id=result) for key, result in links
        ),
    )


def organisation(
    *objectives: Objective, teams: Mapping[str, str | None] | None = None
) -> Organisation:
    """An organisation of some objectives; ``teams`` says which team stands under which."""
    cycles = {item.cycle_id: cycle(item.cycle_id) for item in objectives if item.cycle_id}
    return Organisation(
        teams=tuple(
            Team(id=key, name=key, parent_id=above) for key, above in (teams or {}).items()
        ),
        cycles=tuple(cycles.values()),
        objectives=objectives,
    )


def cycle(name: str) -> Cycle:
    """The cycle of a name, with the name as its id."""
    return read_cycle(name).model_copy(update={"id": name})


class Says(Noun):
    """An opinion on an edge."""

    serves: float
    unrelated: float = 0.0
    subtypes: Mapping[DriftSubtype, float] = {}


class Judge:
    """Answers from a table of child and parent ids, and remembers what it was asked."""

    def __init__(self, answers: Mapping[tuple[str, str], Says], otherwise: Says) -> None:
        self._answers, self._otherwise = answers, otherwise
        self.asked: list[tuple[str, str]] = []

    def __call__(self, pairs: Sequence[tuple[Objective, Objective]]) -> list[Says]:
        keys = [(child.id, parent.id) for child, parent in pairs]
        self.asked.extend(keys)
        return [self._answers.get(key, self._otherwise) for key in keys]


def half_alike(ids: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors whose cosine is a half between any two ids, and 1 for one with itself."""
    rows = np.zeros((len(ids), 1 + _AXES), dtype=np.float32)
    for row, key in zip(rows, ids, strict=True):
        row[0] = row[1 + crc32(key.encode()) % _AXES] = np.sqrt(0.5)
    return rows
