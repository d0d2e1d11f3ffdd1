"""The latest scan of each scope is kept in full, without what documents say."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from assistant.history import FILE, opened
from assistant.models import Location, Passage, StrategyDocument
from tests.report.scans import TAKEN, fernhill, whole_scan

PLACE = Location(file="plan.md", line=1)
PLAN = StrategyDocument(
    id="doc-1",
    title="Plan",
    location=PLACE,
    passages=(Passage(id="pas-1", document_id="doc-1", text="The depot closes.", location=PLACE),),
)


def test_the_latest_scan_of_a_scope_comes_back_as_it_was(tmp_path: Path) -> None:
    scan, organisation = whole_scan(), fernhill()
    older = scan.model_copy(update={"taken_at": TAKEN - timedelta(days=1), "findings": ()})
    with opened(tmp_path) as history:
        history.keep_outcome("all", older, organisation)
        history.keep_outcome("all", scan, organisation)
        assert history.outcome_taken_at("all") == TAKEN
        kept = history.outcome("all")
        assert history.outcome("another") is None
        assert history.outcome_taken_at("another") is None
    assert kept is not None
    assert (kept.scan, kept.organisation) == (scan, organisation)


def test_what_documents_say_is_left_to_the_index(tmp_path: Path) -> None:
    organisation = fernhill().model_copy(update={"documents": (PLAN,)})
    with opened(tmp_path) as history:
        history.keep_outcome("all", whole_scan(), organisation)
        kept = history.outcome("all")
    assert kept is not None
    assert kept.organisation.documents == (PLAN.model_copy(update={"passages": ()}),)


def test_of_many_scopes_the_oldest_is_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        for day in range(30):
            taken = whole_scan().model_copy(update={"taken_at": TAKEN + timedelta(days=day)})
            history.keep_outcome(f"scope-{day}", taken, fernhill())
        assert history.outcome("scope-5") is None
        assert history.outcome("scope-6") is not None


def test_what_another_version_kept_is_no_scan(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.keep_outcome("all", whole_scan(), fernhill())
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE outcomes SET content = x'00'")
    with opened(tmp_path) as history:
        assert history.outcome("all") is None
