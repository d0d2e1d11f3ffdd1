"""A labelled record as the product sees it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.language.parse import parse_measure
from assistant.models import KeyResult, Objective
from evals.cases import DraftCase, Okr


@lru_cache(maxsize=8192)
def as_objective(case: DraftCase) -> Objective:
    """The objective of a case, with parsed key results."""
    return Objective(
        id=case.id,
        text=case.objective,
        team_id=case.team,
        cycle_id=case.cycle,
        phase=case.phase,
        key_results=_key_results(case.id, case.key_results),
    )


@lru_cache(maxsize=8192)
def okr_objective(name: str, okr: Okr) -> Objective:
    """One side of a pair, with parsed key results; ``name`` becomes its id."""
    return Objective(
        id=name,
        text=okr.objective,
        team_id=okr.team,
        cycle_id=okr.cycle,
        key_results=_key_results(name, okr.key_results),
    )


def _key_results(name: str, texts: Sequence[str]) -> tuple[KeyResult, ...]:
    return tuple(
        KeyResult(id=f"{name}-{number}", text=text, measure=parse_measure(text))
        for number, text in enumerate(texts, start=1)
    )
