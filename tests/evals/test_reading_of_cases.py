"""What the suites judge is what a team would get, as long as the reader keeps its words."""

from __future__ import annotations

import pytest

from assistant.sources.read import read_draft_text
from assistant.sources.records import ObjectiveRecord
from evals.cases import CASES, DraftCase, read_cases

MOST_TRIMMED = 0.011
"""Of all key results: those that end in a tag, an owner, a mark or a report."""


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_key_results_of_the_cases_are_read_whole(split: str) -> None:
    written, trimmed = 0, []
    for case in read_cases(CASES / "drafts" / split, DraftCase):
        lines = (f"Objective: {case.objective}", *(f"- {text}" for text in case.key_results))
        records = read_draft_text("\n".join(lines))
        read = {
            result.text
            for record in records
            if isinstance(record, ObjectiveRecord)
            for result in record.key_results
        }
        written += len(case.key_results)
        trimmed += [text for text in case.key_results if " ".join(text.split()) not in read]
    assert len(trimmed) <= MOST_TRIMMED * written, trimmed
