"""Scans are kept by scope, named by day or id, and old files are brought up to date."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.history import FILE, History, Snapshot, dismissals, opened
from assistant.history.scans import SeenEdge, SeenFinding
from assistant.models import EdgeVerdict

FIRST = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def snapshot(day: int = 0, **given: object) -> Snapshot:
    return Snapshot.model_validate({"taken_at": FIRST + timedelta(days=day), **given})


SEEN = SeenFinding(
    fingerprint="fnd-1", rule="A9", severity="warning", message="Müßig 🐢", objective_id="obj-1"
)


def test_a_scan_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = snapshot(findings=(SEEN,), team="team-a", audiences=("everyone", "leadership"))
    with opened(tmp_path) as history:
        assert history.keep_scan(kept) == kept.id
    with opened(tmp_path) as history:
        assert history.scan_since("LAST", kept.scope) == kept
        (line,) = history.scans(kept.scope)
    assert (line.id, line.taken_at, line.findings) == (kept.id, FIRST, 1)


@pytest.mark.parametrize(
    ("since", "day"),
    [
        ("LAST", 30),
        ("last", 30),
        ("2026-07-31", 30),
        ("2026-07-30", 10),
        ("2026-07-11", 10),
        ("2026-07-01", 0),
        (snapshot(10).id, 10),
        (snapshot(0).id[:10], 0),
    ],
    ids=[
        "last",
        "small letters",
        "its day",
        "the day before",
        "an hour after",
        "first",
        "id",
        "start",
    ],
)
def test_an_earlier_scan_is_named_in_several_ways(tmp_path: Path, since: str, day: int) -> None:
    with opened(tmp_path) as history:
        for taken in (10, 0, 30):
            history.keep_scan(snapshot(taken))
        assert history.scan_since(since, snapshot().scope) == snapshot(day)


def test_what_cannot_be_found_is_a_sentence(tmp_path: Path) -> None:
    def error(history: History, since: str, scope: str = snapshot().scope) -> str:
        with pytest.raises(InputError) as caught:
            history.scan_since(since, scope)
        return str(caught.value)

    with opened(tmp_path) as history:
        assert error(history, "LAST") == (
            "There is no earlier scan of the same teams and audiences to compare with. "
            "Run `okr scan` once; the next one can be compared."
        )
        history.keep_scan(snapshot())
        assert error(history, "2026-06-30") == (
            "There is no scan from 2026-06-30 or before; the first is of 2026-07-01."
        )
        assert error(history, "summer") == (
            "'summer' names no scan. Give LAST, a day such as 2026-09-30, or one of: "
            f"{snapshot().id} (2026-07-01). `okr scans` lists them all."
        )


@pytest.mark.parametrize(
    "other", [{"team": "team-a"}, {"audiences": ("leadership",)}], ids=["team", "audience"]
)
def test_what_others_may_see_is_never_compared_with(
    tmp_path: Path, other: dict[str, object]
) -> None:
    with opened(tmp_path) as history:
        history.keep_scan(snapshot(findings=(SEEN,), **other))
        assert history.scans(snapshot().scope) == ()


def test_of_the_oldest_the_first_of_each_month_is_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.keep_scan(snapshot(0, team="a"))
        for day in range(50):
            history.keep_scan(snapshot(day))
        kept = history.scans(snapshot().scope)
        assert [item.taken_at for item in kept] == [
            FIRST + timedelta(days=day) for day in (*range(49, 25, -1), 0)
        ]
        assert len(history.scans(snapshot(team="a").scope)) == 1


def test_scans_of_all_teams_for_the_same_audiences_are_listed(tmp_path: Path) -> None:
    leaders = {"audiences": ("everyone", "leadership")}
    with opened(tmp_path) as history:
        for day, given in enumerate(
            [{}, {"team": "a", "team_name": "Ärzte"}, {"audiences": ("everyone",)}, leaders]
        ):
            history.keep_scan(snapshot(day, **given))
        assert [item.team for item in history.all_scans(())] == ["Ärzte", ""]
        assert len(history.all_scans(("everyone",))) == 1
        assert len(history.all_scans(("everyone", "leadership"))) == 1
        assert history.all_scans(("leadership",)) == ()


def test_a_scan_in_a_few_counts(tmp_path: Path) -> None:
    verdicts: tuple[EdgeVerdict, ...] = ("drifted", "look", "fine", "unclear")
    edges = tuple(SeenEdge(child_id="o", parent_id=one, verdict=one) for one in verdicts)
    conflict = SEEN.model_copy(update={"rule": "A5", "severity": "info"})
    kept = snapshot(findings=(SEEN, conflict), edges=edges, looked_at=7)
    with opened(tmp_path) as history:
        history.keep_scan(kept)
        (line,) = history.scans(kept.scope)
    assert line == kept.tally
    assert (line.objectives, line.judged, line.drifted, line.look) == (7, 3, 1, 1)
    assert (line.conflicts, line.grave, line.findings) == (1, 1, 2)


def test_scans_that_were_kept_without_counts_are_counted_now(tmp_path: Path) -> None:
    kept = snapshot(findings=(SEEN,))
    with opened(tmp_path) as history:
        history.keep_scan(kept)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE scans SET tally = ''")
    connection.commit()
    connection.close()
    with opened(tmp_path) as history:
        assert history.scans(kept.scope) == (kept.tally,)
        assert list(history.snapshots(kept.scope)) == [kept]


def test_the_same_scan_is_kept_once(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.keep_scan(snapshot())
        history.keep_scan(snapshot(findings=(SEEN,)))
        assert len(history.scans(snapshot().scope)) == 1
        assert history.scan_since("LAST", snapshot().scope).findings == (SEEN,)


def test_a_file_of_before_is_brought_up_to_date_and_keeps_its_dismissals(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(dismissals.SCHEMA)
    connection.execute(
        "INSERT INTO dismissals VALUES ('fnd-1', 'K1', 'w', 'm', 'wrong', 'r', '2026-01-01')"
    )
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    with opened(tmp_path) as history:
        history.keep_scan(snapshot())
        assert [item.fingerprint for item in history.dismissals()] == ["fnd-1"]
        assert len(history.scans(snapshot().scope)) == 1


def test_many_who_bring_it_up_to_date_at_once_do_it_once(tmp_path: Path) -> None:
    def keep(day: int) -> None:
        with opened(tmp_path) as history:
            history.keep_scan(snapshot(day))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(24)))
    with opened(tmp_path) as history:
        assert len(history.scans(snapshot().scope)) == 24


def test_a_scan_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    kept = snapshot()
    with opened(tmp_path) as history:
        history.keep_scan(kept)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE scans SET content = X'00'")
    connection.commit()
    connection.close()
    with opened(tmp_path) as history, pytest.raises(InputError) as caught:
        history.scan_since("LAST", kept.scope)
    assert str(caught.value) == (
        f"The scan {kept.id} was kept by another version of okr and cannot be compared. "
        "Name a later one."
    )
