"""A labelled draft as the product sees it."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.parse import parse_measure
from assistant.models import KeyResult, Objective
from evals.cases import DraftCase


@lru_cache(maxsize=8192)
def as_objective(case: DraftCase) -> Objective:
    """The objective of a case, with parsed key results."""
    return Objective(
        id=case.id,
        text=case.objective,
        team_id=case.team,
        cycle_id=case.cycle,
        phase=case.phase,
        key_results=tuple(
            KeyResult(id=f"{case.id}-{number}", text=text, measure=parse_measure(text))
            for number, text in enumerate(case.key_results, start=1)
        ),
    )
