"""Drafts as text: read back as they were written, and changed in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.models import Objective
from assistant.sources.assemble import assemble_draft
from assistant.sources.read import read_draft_text
from assistant.sources.records import ObjectiveRecord
from assistant.web import drafts


def objectives(text: str) -> tuple[Objective, ...]:
    from assistant.models import Organisation

    return assemble_draft(tuple(read_draft_text(text, "draft")), Organisation())[0]


@pytest.mark.parametrize("name", drafts.TEMPLATES)
def test_a_template_reads_as_one_objective_with_key_results(name: str) -> None:
    (found,) = objectives(drafts.TEMPLATES[name])
    assert len(found.key_results) >= 2
    assert found.kind is not None
    assert "Owner" not in found.text


@pytest.mark.parametrize(
    ("text", "on", "new", "expected"),
    [
        (
            "Objective: Win\n- One\n- Two\n",
            "kr:2",
            "Three of four",
            "Objective: Win\n- One\n- Three of four\n",
        ),
        ("# Win back\n\n1. One\n", "objective", "Win", "# Win\n\n1. One\n"),
        ("Objective: Win\n- **One** big\n", "kr:1", "Two", "Objective: Win\n- **Two\n"),
        (
            "Objective: Win\n1. One\n2. Two",
            "set",
            "Three",
            "Objective: Win\n1. One\n2. Two\n3. Three",
        ),
        ("Objective: Win\n", "set", "One", "Objective: Win\n- One\n"),
        (
            "Objective: Win\n- One\n\nObjective: Win more\n- One\n",
            "kr:1",
            "Two",
            "Objective: Win\n- One\n\nObjective: Win more\n- Two\n",
        ),
    ],
    ids=["key result", "heading", "emphasis", "numbered set", "empty set", "second of two"],
)
def test_one_element_is_replaced(text: str, on: str, new: str, expected: str) -> None:
    assert drafts.replaced(text, objectives(text)[-1], on, new) == expected


def test_an_element_that_is_gone_is_not_replaced() -> None:
    (objective,) = objectives("Objective: Win\n- One\n")
    assert drafts.replaced("Objective: Win\n", objective, "kr:1", "Two") is None
    assert drafts.replaced("Objective: Win\n", objective, "kr:7", "Two") is None


def test_a_parent_is_written_below_its_objective() -> None:
    text = "Objective: Win\n- One\n"
    written = drafts.with_parent(text, objectives(text)[0], "Grow\nwell")
    assert written == "Objective: Win\nParent: Grow well\n- One\n"
    assert objectives(written)[0].parents[0].stated == "Grow well"


def test_an_upload_of_rows_reads_back_as_the_same_okrs(tmp_path: Path) -> None:
    rows = (
        "team,cycle,objective,key result\nPortal,2026-Q3,Win,One of two\nPortal,2026-Q3,Win,Two\n"
    )
    (tmp_path / "rows.csv").write_text(rows)
    draft = drafts.read_upload(tmp_path / "rows.csv", max_mb=1)
    (record,) = (r for r in read_draft_text(draft.text) if isinstance(r, ObjectiveRecord))
    assert (record.team, record.cycle, record.text) == ("Portal", "2026-Q3", "Win")
    assert [item.text for item in record.key_results] == ["One of two", "Two"]
